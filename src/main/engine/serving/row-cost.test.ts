import fc from 'fast-check'
import { expect, it } from 'vitest'
import { RowCost } from './row-cost.ts'

it('finds the rows that a call has time for, whatever it costs to call', () => {
  const cost = fc.record({
    fixedMs: fc.double({ min: 0, max: 50, noNaN: true }),
    perRowMs: fc.integer({ min: 1, max: 50 }),
  })
  fc.assert(
    fc.property(cost, ({ fixedMs, perRowMs }) => {
      const learned = new RowCost()
      for (const rows of [1, 2, 16, 1]) learned.add(rows, fixedMs + rows * perRowMs)
      // Off by one where the division is not exact.
      expect(Math.abs(learned.rowsIn(100, 1_000) - Math.min(64, Math.floor(100 / perRowMs)))).toBeLessThanOrEqual(1)
    }),
  )
})

it('tries more rows in steps while nothing is known of them, up to the most', () => {
  const cost = new RowCost()
  const tried: number[] = []
  for (let call = 0; call < 5; call++) {
    const rows = cost.rowsIn(10, 10_000)
    tried.push(rows)
    cost.add(rows, 20)
  }
  expect(tried).toEqual([64, 256, 1_024, 4_096, 10_000])
})

it('forgets what calls took when the model was cold', () => {
  const cost = new RowCost()
  cost.add(1, 500)
  for (let call = 0; call < 60; call++) cost.add(1 + (call % 20), 1 + (call % 20))
  expect(cost.rowsIn(10, 1_000)).toBeGreaterThanOrEqual(8)
  expect(cost.rowsIn(10, 1_000)).toBeLessThanOrEqual(20)
})

it('gives a row its call even where it costs more than there is time', () => {
  const cost = new RowCost()
  for (const rows of [1, 2, 4]) cost.add(rows, rows * 1_000)
  expect(cost.rowsIn(10, 1_000)).toBe(1)
})
