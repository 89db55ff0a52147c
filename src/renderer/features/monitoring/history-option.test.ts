import { expect, it } from 'vitest'
import type { ReadingPoint } from '#shared/monitors.ts'
import { versionStarts } from './history-option.ts'

const point = (to: number, version: number | null): ReadingPoint => ({
  id: String(to),
  at: to,
  from: to - 1,
  to,
  value: 0.5,
  rows: 10,
  status: 'ok',
  version,
  parts: [],
})

it('marks where each version began to be judged, and where it came back', () => {
  const points = [point(1, 1), point(2, 1), point(3, 2), point(4, null), point(5, 2), point(6, 1)]
  expect(versionStarts(points)).toEqual([
    { at: 1, version: 1 },
    { at: 3, version: 2 },
    { at: 6, version: 1 },
  ])
})

it('marks nothing where no version was judged', () => {
  expect(versionStarts([point(1, null)])).toEqual([])
})
