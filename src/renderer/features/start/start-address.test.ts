import { describe, expect, it } from 'vitest'
import { startAddress } from './start-address.ts'

describe('startAddress', () => {
  it('opens folders and project files as projects, other files as data', () => {
    expect(startAddress('/data/flights', true)).toBe('/start?folder=%2Fdata%2Fflights')
    expect(startAddress('/data/flights/esteira.yaml', false)).toBe('/start?folder=%2Fdata%2Fflights')
    expect(startAddress('C:\\data\\esteira.yaml', false)).toBe('/start?folder=C%3A%5Cdata')
    expect(startAddress('/data/churn & co.csv', false)).toBe('/start?file=%2Fdata%2Fchurn%20%26%20co.csv')
  })
})
