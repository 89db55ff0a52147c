import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isotonicRegression, type WeightedPoint } from './isotonic.ts'

const points = (ys: readonly number[], weights?: readonly number[]): WeightedPoint[] =>
  ys.map((y, x) => ({ x, y, weight: weights?.[x] ?? 1 }))

it('pools what falls, as scikit-learn 1.9 does', () => {
  const fitted = isotonicRegression(points([1, 2, 6, 2, 1, 2, 8, 2, 1.5, 3]))
  const expected = [1, 2, 2.75, 2.75, 2.75, 2.75, 3.625, 3.625, 3.625, 3.625]
  expect(expected.map((_, x) => fitted(x))).toEqual(expected)
  const weighted = isotonicRegression(points([1, 3, 2, 4], [1, 3, 1, 1]))
  expect([0, 1, 2, 3].map(weighted)).toEqual([1, 2.75, 2.75, 4])
})

it('joins steps by straight lines and keeps its ends beyond them', () => {
  const fitted = isotonicRegression(points([0, 1, 0.5, 2]))
  expect([-5, 0, 0.5, 1, 1.5, 2.5, 3, 9].map(fitted)).toEqual([0, 0, 0.375, 0.75, 0.75, 1.375, 2, 2])
  expect(isotonicRegression([])(1)).toBeNaN()
  expect(isotonicRegression(points([3, 1], [1, 0]))(5)).toBe(3)
})

it('rises, keeps the weighted mean, and leaves what rises as it is', () => {
  const some = fc.array(
    fc.record({ y: fc.double({ min: 0, max: 1, noNaN: true }), weight: fc.integer({ min: 1, max: 9 }) }),
    {
      minLength: 1,
      maxLength: 50,
    },
  )
  fc.assert(
    fc.property(some, (list) => {
      const given = list.map((each, x) => ({ x, ...each }))
      const fitted = given.map(({ x }) => isotonicRegression(given)(x))
      const mean = (values: readonly number[]) =>
        values.reduce((sum, value, x) => sum + value * (list[x]?.weight ?? 0), 0)
      expect(fitted.every((value, index) => index === 0 || value >= (fitted[index - 1] ?? 0) - 1e-12)).toBe(true)
      expect(mean(fitted)).toBeCloseTo(mean(list.map(({ y }) => y)), 9)
      const again = isotonicRegression(points(fitted))
      for (const [x, value] of fitted.entries()) expect(again(x)).toBeCloseTo(value, 12)
    }),
  )
})
