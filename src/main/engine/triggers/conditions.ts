/** Whether one condition of a trigger is met, with the evidence. Pure: time, memory and what was seen are arguments. */
import type { LeafCondition } from '#shared/triggers.ts'
import { latestFiring, nextFiring } from '../kernel/schedule.ts'
import { clockStepMs } from './clock-step.ts'
import type { Reading } from './condition-reading.ts'
import type { LeafMemory, MemoryOf } from './memory.ts'
import { readMonitor } from './monitor-condition.ts'
import { baselineOf, newDataEvidence, newRowsOf, snapshotOf } from './new-data.ts'
import type {
  AfterSignal,
  AlertSignal,
  DriftMeasurement,
  LeafSignal,
  ModelSignal,
  NewDataSignal,
  PerformanceMeasure,
} from './signals.ts'

/** A planned time that is noticed within this is not missed: the engine may have been starting, or the machine busy. */
const onTimeMs = 120_000
/** @throws Error where memory or signal are of another kind than the condition */
export function readCondition(
  leaf: LeafCondition,
  memory: LeafMemory,
  signal: LeafSignal | undefined,
  now: number,
): Reading {
  switch (leaf.kind) {
    case 'schedule':
      return readSchedule(leaf, expect(memory, 'schedule'), now)
    case 'new-data':
      return readNewData(leaf, expect(memory, 'new-data'), expectSignal(signal, 'new-data'), now)
    case 'performance':
      return readPerformance(leaf, expect(memory, 'measured'), expectSignal(signal, 'performance'))
    case 'drift':
      return readDrift(leaf, expect(memory, 'measured'), expectSignal(signal, 'drift'))
    case 'after':
      return readAfter(leaf, expect(memory, 'after'), expectSignal(signal, 'after'), now)
    case 'alert':
      return readAlert(leaf, expect(memory, 'alert'), expectSignal(signal, 'alert'))
    case 'reading':
      return readMonitor(leaf, expect(memory, 'reading'), expectSignal(signal, 'reading'), now)
    default:
      return leaf satisfies never
  }
}

type Leaf<Kind extends LeafCondition['kind']> = Extract<LeafCondition, { kind: Kind }>

function readSchedule(leaf: Leaf<'schedule'>, { decidedUntil }: MemoryOf<'schedule'>, now: number): Reading {
  const { schedule, timeZone } = leaf
  const evidence = { kind: 'schedule' as const, schedule, timeZone }
  const notYet = { ...evidence, met: false, plannedAt: null, reason: 'not-yet' as const }
  // The clock was set back a long way: times are planned afresh from now.
  if (decidedUntil > now + clockStepMs) {
    const noted = { kind: 'schedule' as const, decidedUntil: now }
    return {
      met: false,
      evidence: notYet,
      silent: true,
      noted,
      values: {},
      wakeAt: nextFiring(schedule, timeZone, now),
    }
  }
  const plannedAt = latestFiring(schedule, timeZone, decidedUntil, now)
  if (plannedAt === undefined) {
    const wakeAt = nextFiring(schedule, timeZone, Math.max(decidedUntil, now))
    return { met: false, evidence: notYet, silent: true, values: {}, wakeAt }
  }
  const late = now - plannedAt > onTimeMs
  const missed = late && leaf.missed === 'skip'
  return {
    met: !missed,
    evidence: { ...evidence, met: !missed, plannedAt, reason: missed ? 'missed' : late ? 'late' : 'due' },
    planned: { at: plannedAt, late, decided: { kind: 'schedule', decidedUntil: plannedAt } },
    values: { plannedAt: new Date(plannedAt).toISOString() },
  }
}

function readNewData(
  leaf: Leaf<'new-data'>,
  memory: MemoryOf<'new-data'>,
  signal: NewDataSignal,
  now: number,
): Reading {
  const not = (
    reason: Parameters<typeof newDataEvidence>[1],
    more: Partial<Reading> = {},
    problem?: string,
  ): Reading => ({
    met: false,
    evidence: newDataEvidence(leaf, reason, { problem: problem ?? null }),
    values: {},
    ...more,
  })
  const { files, measured } = signal
  if (files === undefined) return not('unknown', { met: undefined })
  if ('problem' in files) return not('unreadable', {}, files.problem)
  const quietAt = Math.min(files.value.changedAt, now) + leaf.debounceMs
  const baseline = baselineOf(memory, signal.offeredRun)
  const changed = baseline?.key !== files.value.key
  if (changed && baseline !== null && quietAt > now) return not('settling', { settling: true, wakeAt: quietAt })
  if (measured === undefined) return not('unknown', { met: undefined })
  if ('problem' in measured) return not('unreadable', {}, measured.problem)
  if (baseline === null) {
    const trained = snapshotOf(files.value, measured.value)
    return {
      met: false,
      // All that is there counts as known.
      evidence: newDataEvidence(leaf, 'too-few', { rows: 0 }),
      noted: { kind: 'new-data', trained, offered: null },
      values: {},
    }
  }
  const { snapshot, ...found } = newRowsOf(baseline, files.value, measured.value)
  const failedKey = signal.offeredRun === 'failed' ? memory.offered?.snapshot.key : undefined
  // The same data would fail the same way: a retry of that run, or data that comes, takes it up.
  const tried = failedKey === files.value.key
  const reason = found.rows < leaf.minRows ? 'too-few' : tried ? 'tried' : 'enough'
  const span = found.from !== null && found.to !== null ? { from: found.from, to: found.to } : {}
  return {
    met: reason === 'enough',
    evidence: newDataEvidence(leaf, reason, found),
    // By hand a run may be started without new rows: it is then given none to refer to.
    values:
      found.rows === 0 ? {} : { rows: found.rows, ...span, ...(found.files.length > 0 && { files: found.files }) },
    acted: (runId) => ({ kind: 'new-data', trained: baseline, offered: { runId, snapshot } }),
  }
}

interface Judged {
  readonly met: boolean | undefined
  readonly reason: 'beyond' | 'within' | 'acted-on' | 'too-few' | 'no-champion' | 'unreadable' | 'unknown'
  readonly problem: string | null
}

function judge(
  leaf: Leaf<'performance'> | Leaf<'drift'>,
  { actedOn }: MemoryOf<'measured'>,
  { champion, measured }: ModelSignal<'performance' | 'drift', PerformanceMeasure | DriftMeasurement>,
): Judged {
  if (champion === null) return { met: false, reason: 'no-champion', problem: null }
  if (measured === undefined) return { met: undefined, reason: 'unknown', problem: null }
  if ('problem' in measured) return { met: false, reason: 'unreadable', problem: measured.problem }
  const { value, rows } = measured.value
  if (rows < leaf.minRows || value === null) return { met: false, reason: 'too-few', problem: null }
  const beyond = leaf.kind === 'performance' && leaf.side === 'below' ? value < leaf.limit : value > leaf.limit
  if (!beyond) return { met: false, reason: 'within', problem: null }
  // A run was started for this champion and these rows; until one of them changes, another one would do the same again.
  if (actedOn === champion.key) return { met: false, reason: 'acted-on', problem: null }
  return { met: true, reason: 'beyond', problem: null }
}

function actedOn({ champion }: ModelSignal<'performance' | 'drift', unknown>): Pick<Reading, 'acted'> {
  return champion === null ? {} : { acted: () => ({ kind: 'measured', actedOn: champion.key }) }
}

function readPerformance(
  leaf: Leaf<'performance'>,
  memory: MemoryOf<'measured'>,
  signal: ModelSignal<'performance', PerformanceMeasure>,
): Reading {
  const { met, reason, problem } = judge(leaf, memory, signal)
  const { model, dataset, metric, limit, side } = leaf
  const { rows, from, to, value } = measuredOf(signal.measured) ?? { rows: null, from: null, to: null, value: null }
  const version = signal.champion?.version ?? null
  const subject = { kind: 'performance' as const, model, version, dataset, metric, limit, side }
  const evidence = { ...subject, met: met === true, value, rows, from, to, reason, problem }
  return { met, evidence, values: {}, ...actedOn(signal) }
}

function readDrift(
  leaf: Leaf<'drift'>,
  memory: MemoryOf<'measured'>,
  signal: ModelSignal<'drift', DriftMeasurement>,
): Reading {
  const { met, reason, problem } = judge(leaf, memory, signal)
  const { model, dataset, limit } = leaf
  const measured = measuredOf(signal.measured)
  const { rows, from, to, value } = measured ?? { rows: null, from: null, to: null, value: null }
  const version = signal.champion?.version ?? null
  const columns = [...(measured?.columns ?? [])]
  const subject = { kind: 'drift' as const, model, version, dataset, limit, columns }
  const evidence = { ...subject, met: met === true, value, rows, from, to, reason, problem }
  return { met, evidence, values: {}, ...actedOn(signal) }
}

function measuredOf<Value>(
  seen: { readonly value: Value } | { readonly problem: string } | undefined,
): Value | undefined {
  return seen !== undefined && 'value' in seen ? seen.value : undefined
}

function readAfter(leaf: Leaf<'after'>, memory: MemoryOf<'after'>, signal: AfterSignal, now: number): Reading {
  const { project, pipeline } = leaf
  const evidence = { kind: 'after' as const, project, pipeline }
  if (signal.successes === null) {
    return { met: false, evidence: { ...evidence, met: false, runId: null, reason: 'no-project' }, values: {} }
  }
  const fresh = signal.successes.filter(
    ({ id, finishedAt }) => finishedAt >= memory.since && !memory.followed.includes(id),
  )
  const [newest] = fresh
  if (newest === undefined) {
    const none = { ...evidence, met: false, runId: null, reason: 'none-yet' as const }
    // The clock was set back: what ends from now on counts, and what was followed under a later time still is.
    const followed = signal.successes.filter(({ finishedAt }) => finishedAt >= now).map(({ id }) => id)
    const noted: LeafMemory | undefined = memory.since > now ? { kind: 'after', since: now, followed } : undefined
    return { met: false, evidence: none, silent: true, values: {}, ...(noted !== undefined && { noted }) }
  }
  const since = Math.min(now, Math.max(memory.since, ...fresh.map(({ finishedAt }) => finishedAt)))
  const followed = signal.successes.filter(({ finishedAt }) => finishedAt >= since).map(({ id }) => id)
  return {
    met: true,
    evidence: { ...evidence, met: true, runId: newest.id, reason: 'succeeded' },
    acted: () => ({ kind: 'after', since, followed }),
    values: { run: newest.id },
  }
}

function readAlert(leaf: Leaf<'alert'>, memory: MemoryOf<'alert'>, signal: AlertSignal): Reading {
  const { monitor, check, severity } = leaf
  const fitting = signal.open.filter(
    (alert) => (check === null || alert.check === check) && (severity === 'warning' || alert.severity === 'critical'),
  )
  const isFresh = ({ id }: AlertSignal['open'][number]) => !memory.actedOn.includes(id)
  // The worst first: it is what the run is said to be started for.
  const fresh = fitting.filter(isFresh)
  const chosen = fresh.find((alert) => alert.severity === 'critical') ?? fresh[0]
  const alert = chosen ?? fitting[0] ?? null
  const subject = { kind: 'alert' as const, monitor, check, severity, alert }
  if (chosen === undefined) {
    const reason = alert === null ? 'none-open' : 'acted-on'
    return { met: false, evidence: { ...subject, met: false, reason }, silent: alert === null, values: {} }
  }
  // All of them are known to the run; an alert that is over need not be remembered.
  const actedOn = signal.open.filter((open) => fitting.includes(open) || !isFresh(open)).map(({ id }) => id)
  return {
    met: true,
    evidence: { ...subject, met: true, reason: 'open' },
    acted: () => ({ kind: 'alert', actedOn }),
    values: { alert: chosen.id },
  }
}

function expect<Kind extends LeafMemory['kind']>(memory: LeafMemory, kind: Kind): MemoryOf<Kind> {
  if (isMemoryOf(memory, kind)) return memory
  throw new Error(`the memory of a condition is of kind ${memory.kind}, not ${kind}`)
}

function isMemoryOf<Kind extends LeafMemory['kind']>(memory: LeafMemory, kind: Kind): memory is MemoryOf<Kind> {
  return memory.kind === kind
}

type SignalOf<Kind extends LeafSignal['kind']> = Extract<LeafSignal, { kind: Kind }>

function expectSignal<Kind extends LeafSignal['kind']>(signal: LeafSignal | undefined, kind: Kind): SignalOf<Kind> {
  if (signal !== undefined && isSignalOf(signal, kind)) return signal
  throw new Error(`a condition of kind ${kind} was given a signal of kind ${signal?.kind}`)
}

function isSignalOf<Kind extends LeafSignal['kind']>(signal: LeafSignal, kind: Kind): signal is SignalOf<Kind> {
  return signal.kind === kind
}
