import { describe, expect, it } from 'vitest'
import type { Metrics, SliceEvaluation } from '#shared/models.ts'
import {
  differingRows,
  improvement,
  metricRows,
  metricSeries,
  parseVersions,
  sameRows,
  sliceDifferences,
} from './compare.ts'

describe('metrics side by side', () => {
  it('mark the best by the way that is better, and tell the difference to the first', () => {
    const rows = metricRows([{ auc: 0.5, logLoss: 0.25, own: 1 }, { auc: 0.75, logLoss: 0.5, own: 2 }, { auc: 0.75 }])
    expect(rows).toEqual([
      { name: 'auc', values: [0.5, 0.75, 0.75], best: [1, 2], differences: [0, 0.25, 0.25] },
      { name: 'logLoss', values: [0.25, 0.5, undefined], best: [0], differences: [0, 0.25, undefined] },
      { name: 'own', values: [1, 2, undefined], best: [], differences: [0, 1, undefined] },
    ])
  })
  it('mark nothing where all are alike', () => {
    expect(metricRows([{ auc: 0.5 }, { auc: 0.5 }])[0]?.best).toEqual([])
  })
  it('know which way a change goes', () => {
    expect(improvement('auc', 0.1)).toBe(0.1)
    expect(improvement('rmse', 0.1)).toBe(-0.1)
    expect(improvement('own', 0.1)).toBeUndefined()
  })
})

it('a metric over versions comes oldest first, without the versions that lack it', () => {
  const versions: { version: number; metrics: Metrics }[] = [
    { version: 3, metrics: { auc: 0.7 } },
    { version: 2, metrics: {} },
    { version: 1, metrics: { auc: 0.6 } },
  ]
  expect(metricSeries(versions, 'auc')).toEqual([
    { version: 1, value: 0.6 },
    { version: 3, value: 0.7 },
  ])
})

it('slices come where the versions differ most, and only those that can be compared', () => {
  const slice = (value: string, auc?: number): SliceEvaluation => ({
    column: 'origin',
    value,
    rows: 10,
    metrics: auc === undefined ? {} : { auc },
  })
  const all = [
    [slice('A', 0.5), slice('B', 0.5), slice('C', 0.5), slice('D')],
    [slice('A', 0.625), slice('B', 0.75), slice('D', 0.5)],
  ]
  expect(sliceDifferences(all, 'auc')).toEqual([
    { column: 'origin', value: 'B', rows: 10, values: [0.5, 0.75], range: 0.25 },
    { column: 'origin', value: 'A', rows: 10, values: [0.5, 0.625], range: 0.125 },
  ])
})

it('only what differs is told', () => {
  const first = new Map([
    ['a', '1'],
    ['b', '1'],
    ['c', '1'],
  ])
  const second = new Map([
    ['a', '1'],
    ['b', '2'],
  ])
  expect(differingRows([first, second])).toEqual([
    { name: 'b', values: ['1', '2'] },
    { name: 'c', values: ['1', undefined] },
  ])
})

it('versions are read from the address', () => {
  expect(parseVersions('2,1,2,x,-1')).toEqual([2, 1])
  expect(parseVersions(undefined)).toEqual([])
})

it('versions are told to be scored on the same rows only where that is known', () => {
  const scored = (rowsHash: string | null) => ({ evaluation: { rowsHash } })
  expect(sameRows([scored('a'), scored('a')])).toBe(true)
  expect(sameRows([scored('a'), scored('b')])).toBe(false)
  expect(sameRows([scored(null), scored(null)])).toBe(false)
  expect(sameRows([{ evaluation: null }, scored('a')])).toBe(false)
})
