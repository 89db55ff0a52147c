import type { Run, StepExecution } from '#shared/runs.ts'

/** A bar of the timeline, as fractions of the time of the run. */
export interface TimelineBar {
  readonly start: number
  readonly length: number
}

/** Where a step lies in the time of its run; undefined before it has started. Steps from the cache take no time. */
export function timelineBar(run: Run, step: StepExecution, now: number): TimelineBar | undefined {
  if (run.startedAt === null || step.startedAt === null) return undefined
  const total = Math.max(1, (run.finishedAt ?? now) - run.startedAt)
  const fraction = (instant: number) => Math.min(1, Math.max(0, (instant - (run.startedAt ?? 0)) / total))
  const start = fraction(step.startedAt)
  return { start, length: fraction(step.finishedAt ?? now) - start }
}
