import { expect, it } from 'vitest'
import { isLinkLocal } from './link-local.ts'

it('knows the addresses where clouds keep credentials, however they are written', () => {
  const refused = [
    '169.254.169.254',
    '169.254.0.1',
    '[fe80::1]',
    'fe80::1%eth0',
    '::ffff:169.254.169.254',
    '[::ffff:a9fe:a9fe]',
    'fd00:ec2::254',
    '100.100.100.200',
    '168.63.129.16',
  ]
  expect(refused.filter((address) => !isLinkLocal(address))).toEqual([])
  const allowed = ['127.0.0.1', '10.0.0.1', '192.168.1.4', '169.253.1.1', '[::1]', 'example.com', '8.8.8.8']
  expect(allowed.filter(isLinkLocal)).toEqual([])
})
it('the forms that a browser would accept become plain ones', () => {
  // URL normalises them, and it is the URL that is looked at.
  const hosts = ['http://2852039166/', 'http://0xa9fea9fe/', 'http://0251.0376.0251.0376/', 'http://169.254.43518/']
  expect(hosts.filter((url) => !isLinkLocal(new URL(url).hostname))).toEqual([])
})
