import { describe, expect, it } from 'vitest'
import { mentions, optionsMentioning } from './mentions.ts'

describe('a name in SQL', () => {
  it.each([
    ['select distance from flights', true],
    ['select "Distance" * 2 from flights', true],
    ['select f.distance from f', true],
    ['select distances from flights', false],
    ['select my_distance from flights', false],
    ['select distância from flights', false],
  ])('%s: %s', (sql, expected) => {
    expect(mentions(sql, 'distance')).toBe(expected)
  })

  it('may hold signs that mean something to a pattern', () => {
    expect(mentions('select "a.b(c)" from t', 'a.b(c)')).toBe(true)
    expect(mentions('select axb from t', 'a.b')).toBe(false)
  })
})

it('options that name it are told by their path, keys included', () => {
  const options = { target: 'late', slices: ['origin', 'distance'], features: { distance: { scale: true } }, n: 3 }
  expect(optionsMentioning(options, 'distance')).toEqual(['slices.1', 'features.distance'])
  expect(optionsMentioning(options, 'nothing')).toEqual([])
})
