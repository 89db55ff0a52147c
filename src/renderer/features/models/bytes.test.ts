import { expect, it } from 'vitest'
import { byteText } from './bytes.ts'

it('writes sizes in the language', () => {
  expect(byteText(512, 'en')).toBe('512 byte')
  expect(byteText(1_540, 'en')).toBe('1.5 kB')
  expect(byteText(1_540, 'pt-BR')).toBe('1,5 kB')
  expect(byteText(250_000_000, 'en')).toBe('250 MB')
})
