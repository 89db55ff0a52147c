import { expect, test } from 'vitest'
import { newId } from './ids.ts'

test('ids have a fixed form and never repeat', () => {
  const ids = Array.from({ length: 5_000 }, () => newId())
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids) expect(id).toMatch(/^[0-9a-hjkmnp-tv-z]{20}$/)
})

test('ids sort in the order they were made, even where the clock stands still or goes back', () => {
  const start = Date.now() + 1_000
  const times = [start, start, start, start + 1, start - 500, start + 1, start + 2, start + 90_000_000]
  const ids = times.map((time) => newId(time))
  expect(ids.toSorted()).toEqual(ids)
  const many = Array.from({ length: 2_000 }, () => newId(start + 100_000_000))
  expect(many.toSorted()).toEqual(many)
})

test('ids of a later time sort after those of another process at an earlier time', () => {
  const far = newId(Date.parse('2099-01-01'))
  expect(far.slice(0, 10) > '0'.repeat(10)).toBe(true)
  expect(newId(Date.parse('2100-01-01')).slice(0, 10) > far.slice(0, 10)).toBe(true)
})
