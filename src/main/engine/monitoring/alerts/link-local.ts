/** Addresses that a webhook reaches only where a person says so: those of this link, where clouds keep credentials of the machine. */
import { BlockList, isIP } from 'node:net'
import { EsteiraError } from '../../kernel/errors.ts'

const linkLocal = new BlockList()
linkLocal.addSubnet('169.254.0.0', 16, 'ipv4')
linkLocal.addSubnet('fe80::', 10, 'ipv6')
// Where clouds answer for the machine outside of these: Amazon over IPv6, Alibaba, Azure.
linkLocal.addAddress('fd00:ec2::254', 'ipv6')
linkLocal.addAddress('100.100.100.200', 'ipv4')
linkLocal.addAddress('168.63.129.16', 'ipv4')

/** @param address an IP address; a name is none */
export function isLinkLocal(address: string): boolean {
  const plain = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '')
  const family = isIP(plain)
  return family !== 0 && linkLocal.check(plain, family === 6 ? 'ipv6' : 'ipv4')
}

export function linkLocalRefused(address: string): EsteiraError {
  return new EsteiraError('invalid-request', 'The webhook leads to an address of this link alone.', {
    found: address,
    next: 'Where that is meant, set the webhook again and allow link-local addresses.',
  })
}
