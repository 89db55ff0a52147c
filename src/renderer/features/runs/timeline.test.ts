import { expect, it } from 'vitest'
import type { Run, StepExecution } from '#shared/runs.ts'
import { timelineBar } from './timeline.ts'

const run = { startedAt: 1_000, finishedAt: 2_000 } as Run
const step = (startedAt: number | null, finishedAt: number | null) => ({ startedAt, finishedAt }) as StepExecution

it('places a step in the time of its run', () => {
  expect(timelineBar(run, step(1_250, 1_750), 0)).toEqual({ start: 0.25, length: 0.5 })
  expect(timelineBar(run, step(null, null), 0)).toBeUndefined()
})

it('grows with a step that is under way', () => {
  expect(timelineBar({ ...run, finishedAt: null }, step(1_500, null), 2_000)).toEqual({ start: 0.5, length: 0.5 })
})

it('stays within the run when an earlier attempt began before', () => {
  expect(timelineBar(run, step(500, 1_500), 0)).toEqual({ start: 0, length: 0.5 })
})
