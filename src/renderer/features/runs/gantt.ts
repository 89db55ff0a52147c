import type { Run, StepExecution } from '#shared/runs.ts'

/** A stretch of the axis, as fractions of it. */
export interface Stretch {
  readonly start: number
  readonly length: number
}

export interface GanttRow {
  readonly step: StepExecution
  /** From the end of the last step that it needs to its start: it waited for a free place. */
  readonly waiting: Stretch | undefined
  readonly running: Stretch | undefined
  /** Whether the run would have ended earlier, had this step been faster; false for all where all are. */
  readonly critical: boolean
  readonly waitedMs: number
}

export interface Gantt {
  readonly rows: readonly GanttRow[]
  /** The instant at which the axis begins, and its length in milliseconds. */
  readonly from: number
  readonly spanMs: number
}

/** Below this, a wait is only the time that bookkeeping takes. */
const shortestWaitMs = 50

/** The steps on the axis of the run's time. After a retry the axis still begins with the first start. */
export function ganttOf(run: Pick<Run, 'startedAt' | 'createdAt' | 'finishedAt' | 'steps'>, now: number): Gantt {
  const starts = run.steps.flatMap(({ startedAt }) => startedAt ?? [])
  const from = Math.min(run.startedAt ?? run.createdAt, ...starts)
  const spanMs = Math.max(1, (run.finishedAt ?? now) - from)
  const byName = new Map(run.steps.map((step) => [step.name, step]))
  const path = criticalSteps(run.steps)
  const ran = run.steps.filter(({ startedAt }) => startedAt !== null).length
  // In a plain chain every step is, which tells nothing.
  const critical = path.size < ran ? path : new Set<string>()
  const stretch = (start: number, end: number): Stretch => {
    const left = Math.min(1, Math.max(0, (start - from) / spanMs))
    return { start: left, length: Math.min(1 - left, Math.max(0, (end - start) / spanMs)) }
  }
  const rows = run.steps.map((step): GanttRow => {
    const readyAt = readyInstant(step, byName, from)
    const { startedAt, finishedAt } = step
    const sinceReadyMs = startedAt === null || readyAt === undefined ? 0 : startedAt - readyAt
    const waitedMs = sinceReadyMs < shortestWaitMs ? 0 : sinceReadyMs
    return {
      step,
      waiting: waitedMs > 0 && startedAt !== null ? stretch(startedAt - waitedMs, startedAt) : undefined,
      running: startedAt === null ? undefined : stretch(startedAt, finishedAt ?? now),
      critical: critical.has(step.name),
      waitedMs,
    }
  })
  return { rows, from, spanMs }
}

/** When the last step that it needs had ended; the begin of the run for the first ones. */
function readyInstant(step: StepExecution, byName: ReadonlyMap<string, StepExecution>, from: number) {
  const ends = step.dependsOn.map((name) => byName.get(name)?.finishedAt ?? undefined)
  if (ends.some((end) => end === undefined)) return undefined
  return Math.max(from, ...ends.flatMap((end) => end ?? []))
}

/** Back from the step that ended last: at each, the one it needs that ended last. Steps that never ran are passed by. */
export function criticalSteps(steps: readonly StepExecution[]): ReadonlySet<string> {
  const byName = new Map(steps.map((step) => [step.name, step]))
  const latest = (candidates: readonly StepExecution[]) =>
    candidates
      .filter(({ startedAt, finishedAt }) => startedAt !== null && finishedAt !== null)
      .reduce<StepExecution | undefined>(
        (last, each) => ((each.finishedAt ?? 0) > (last?.finishedAt ?? -1) ? each : last),
        undefined,
      )
  const found = new Set<string>()
  let step = latest(steps)
  while (step !== undefined && !found.has(step.name)) {
    found.add(step.name)
    step = latest(step.dependsOn.flatMap((name) => byName.get(name) ?? []))
  }
  return found
}

const roundStepsMs = [1, 2, 5, 10, 20, 50, 100, 200, 500].concat(
  [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400].map(
    (seconds) => seconds * 1_000,
  ),
)

/** Round instants along the axis, in milliseconds from its begin: at most `most` of them after 0. */
export function ticksOf(spanMs: number, most: number): number[] {
  const step = roundStepsMs.find((each) => spanMs / each <= most) ?? Math.ceil(spanMs / most)
  return Array.from({ length: Math.floor(spanMs / step) + 1 }, (_, index) => index * step)
}
