import { describe, expect, it } from 'vitest'
import { createDataFormat } from './data-format.ts'

const english = createDataFormat('en')
const portuguese = createDataFormat('pt-BR')

describe('createDataFormat', () => {
  it('keeps small shares visible', () => {
    expect(english.share(0)).toBe('0%')
    expect(english.share(1 / 1_000_000)).toBe('0.0001%')
    expect(english.share(0.12345)).toBe('12.3%')
    expect(portuguese.share(0.12345)).toBe('12,3%')
  })
  it('writes sizes in the unit that fits', () => {
    expect(english.bytes(0)).toBe('0 bytes')
    expect(english.bytes(1_433_919)).toBe('1.4 MB')
    expect(portuguese.bytes(1_433_919)).toBe('1,4 MB')
  })
  it('writes figures by the type of their column', () => {
    expect(english.figure(240_000, 'integer')).toBe('240,000')
    expect(portuguese.figure(729.63125, 'number')).toBe('729,631')
    expect(english.figure(1.5e15, 'number')).toBe('1.5E15')
    expect(english.figure(0.00001234, 'number')).toBe('1.234E-5')
    expect(english.figure(Date.UTC(2001, 0, 31, 6, 30), 'timestamp')).toBe('2001-01-31 06:30')
    expect(english.figure(9e15, 'timestamp')).toBe('9000000000000000')
  })
  it('signs differences', () => {
    expect(english.difference(12.3456)).toBe('+12.35')
    expect(english.difference(-3)).toBe('-3')
    expect(english.difference(0)).toBe('0')
  })
})
