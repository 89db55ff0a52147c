import { expect, it } from 'vitest'
import type { SliceEvaluation } from '#shared/models.ts'
import { confusionCells, positiveShare, sliceRows } from './evaluation.ts'

it('a confusion matrix gives the share of each actual class', () => {
  expect(
    confusionCells([
      [3, 1],
      [0, 0],
    ]),
  ).toEqual([
    [
      { count: 3, share: 0.75, right: true },
      { count: 1, share: 0.25, right: false },
    ],
    [
      { count: 0, share: 0, right: false },
      { count: 0, share: 0, right: true },
    ],
  ])
})

it('chance has the precision of the share of positive rows', () => {
  expect(
    positiveShare([
      [50, 25],
      [15, 10],
    ]),
  ).toBe(0.25)
  expect(positiveShare([[0], [0]])).toBe(0)
})

it('slices are sorted, and what has no value comes last either way', () => {
  const slices: SliceEvaluation[] = [
    { column: 'b', value: 'x', rows: 2, metrics: { auc: 0.5 } },
    { column: 'a', value: 'y', rows: 3, metrics: {} },
    { column: 'a', value: 'x', rows: 1, metrics: { auc: 0.75 } },
  ]
  const values = (order: Parameters<typeof sliceRows>[3], descending: boolean) =>
    sliceRows(slices, { auc: 0.625 }, 'auc', order, descending).map(({ column, value }) => column + value)
  expect(values('column', false)).toEqual(['ax', 'ay', 'bx'])
  expect(values('rows', true)).toEqual(['ay', 'bx', 'ax'])
  expect(values('metric', false)).toEqual(['bx', 'ax', 'ay'])
  expect(values('difference', true)).toEqual(['ax', 'bx', 'ay'])
  expect(sliceRows(slices, { auc: 0.625 }, 'auc', 'column', false)[0]).toMatchObject({
    metric: 0.75,
    difference: 0.125,
  })
})
