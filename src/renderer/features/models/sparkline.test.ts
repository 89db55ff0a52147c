import { expect, it } from 'vitest'
import { sparkPoints } from './sparkline.ts'

it('spreads the values over width and height', () => {
  expect(sparkPoints([1, 3, 2], 60, 14)).toEqual([
    { x: 0, y: 14 },
    { x: 30, y: 0 },
    { x: 60, y: 7 },
  ])
  expect(sparkPoints([5, 5], 60, 14).map(({ y }) => y)).toEqual([7, 7])
  expect(sparkPoints([5], 60, 14)).toEqual([{ x: 60, y: 7 }])
})
