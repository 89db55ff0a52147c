import { expect, it } from 'vitest'
import type { DriftHistory } from '#shared/drift.ts'
import { offeredModels } from './address.ts'
import { historyLines } from './history.ts'

type Column = DriftHistory['spans'][number]['columns'][number]
const column = (feature: string, value: number | null, drifted: boolean, limit = 0.1): Column => ({
  feature,
  measure: 'l-infinity',
  value,
  threshold: 0.1,
  limit,
  drifted,
})
const span = (day: number, weightedDrift: number, columns: Column[]) => ({
  from: `2001-01-0${day}`,
  to: `2001-01-0${day + 1}`,
  rows: 10,
  weightedDrift,
  verdict: 'stable' as const,
  columns,
})

it('the weighted drift comes first, then the columns by how often they drifted', () => {
  const lines = historyLines({
    spans: [
      span(1, 0.05, [column('calm', 0.01, false), column('wild', 0.4, true)]),
      span(2, 0.2, [column('calm', null, false), column('wild', 0.5, true, 0.12), column('new', 0.2, true)]),
    ],
  })
  expect(lines.map(({ feature }) => feature)).toEqual([undefined, 'wild', 'new', 'calm'])
  expect(lines[0]?.points.map(({ drifted }) => drifted)).toEqual([false, true])
  expect(lines[1]).toMatchObject({ limit: 0.12, drifts: 'above', points: [{ value: 0.4 }, { value: 0.5 }] })
  // A column that came later has a line of its own length; a value that is not defined stays a gap.
  expect(lines[2]?.points.map(({ from }) => from)).toEqual(['2001-01-02'])
  expect(lines[3]?.points.map(({ value }) => value)).toEqual([0.01, null])
})

it('of the models of the project every named version is offered, champions first', () => {
  const models: Parameters<typeof offeredModels>[0] = [
    { name: 'b', projectId: 'p', aliases: { challenger: 2, champion: 1 } },
    { name: 'a', projectId: 'p', aliases: { champion: 3 } },
    { name: 'elsewhere', projectId: 'q', aliases: { champion: 1 } },
    { name: 'unnamed', projectId: 'p', aliases: {} },
  ]
  expect(offeredModels(models, 'p')).toEqual(['a@champion', 'b@champion', 'b@challenger'])
})
