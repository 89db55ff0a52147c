/** What to do about a trigger at a given time. Pure: rule, memory, what was seen and the time are arguments. */
import type { Condition, ConditionEvidence, Hold, LeafCondition } from '#shared/triggers.ts'
import { leafKey, leavesOf, type TriggerRule } from '../pipelines/trigger-rule.ts'
import type { TriggerValues } from '../pipelines/trigger-template.ts'
import type { Reading } from './condition-reading.ts'
import { readCondition } from './conditions.ts'
import { holdsOf } from './holds.ts'
import { freshMemory, type Memory } from './memory.ts'
import type { Signals } from './signals.ts'

interface Found {
  readonly conditions: readonly ConditionEvidence[]
  readonly holds: readonly Hold[]
  readonly plannedAt: number | null
  /** What of this is to be remembered; the same as before where nothing is. */
  readonly memory: Memory
  /** When it may be decided otherwise by time alone. */
  readonly wakeAt: number | undefined
}

export type Decision =
  /** Nothing has happened that a decision could be about. */
  | (Found & { readonly kind: 'wait' })
  /** It depends on what is not measured yet. */
  | { readonly kind: 'measure'; readonly leaves: readonly LeafCondition[] }
  | (Found & {
      readonly kind: 'not'
      readonly outcome: 'not-met' | 'held' | 'skipped' | 'watching'
      /** What would be started but for what holds it back. */
      readonly free?: Start
    })
  | Start

type Start = Found & {
  readonly kind: 'start'
  readonly late: boolean
  readonly values: TriggerValues
  /** Where no run can be started: planned times are past all the same, data is still new. */
  readonly memoryWithout: Memory
  readonly memoryAfter: (runId: string) => Memory
}

interface Part {
  readonly leaf: LeafCondition
  readonly key: string
  readonly reading: Reading
}

export function decide(rule: TriggerRule, stored: Memory, signals: Signals, now: number): Decision {
  const parts = readAll(rule.condition, stored, signals, now)
  const unseen = parts.filter((part) => isUnseen(part, stored))
  if (unseen.length > 0) return { kind: 'measure', leaves: unseen.map(({ leaf }) => leaf) }
  const verdict = evaluate(rule.condition, parts)
  if (verdict.met === undefined) return { kind: 'measure', leaves: verdict.unknown }
  const noted = parts.flatMap(({ key, reading }) =>
    reading.noted === undefined ? [] : [[key, reading.noted] as const],
  )
  const memory = { ...stored, ...Object.fromEntries(noted) }
  const found = {
    conditions: parts.map(({ reading }) => reading.evidence),
    holds: [],
    plannedAt: plannedOf(parts)?.at ?? null,
    memory,
    wakeAt: earliest(parts.map(({ reading }) => reading.wakeAt)),
  }
  if (verdict.met) return decideMet(rule, verdict.by, parts, found, { signals, now })
  // A data set that is seen for the first time is what new rows are counted from.
  if (noted.some(([, part]) => part.kind === 'new-data')) return { ...found, kind: 'not', outcome: 'watching' }
  if (verdict.silent) return { ...found, plannedAt: null, kind: 'wait' }
  if (parts.some(({ reading }) => reading.settling))
    return { ...found, plannedAt: null, kind: 'not', outcome: 'not-met' }
  // The planned time has passed, and the rest was not so then.
  const missed = parts.some(({ reading }) => reading.planned !== undefined && !reading.met)
  return { ...found, memory: withPlannedDecided(memory, parts), kind: 'not', outcome: missed ? 'skipped' : 'not-met' }
}

/** What a run by hand gets, whatever the conditions say: everything that is new counts as given to it. */
export function decideByHand(rule: TriggerRule, stored: Memory, signals: Signals, now: number): Decision {
  const parts = readAll(withoutDebounce(rule.condition), stored, signals, now)
  const unknown = parts.filter(({ reading }) => reading.met === undefined).map(({ leaf }) => leaf)
  if (unknown.length > 0) return { kind: 'measure', leaves: unknown }
  const { underWay } = signals
  const conditions = parts.map(({ reading }) => reading.evidence)
  const base = { conditions, plannedAt: plannedOf(parts)?.at ?? null, memory: stored, wakeAt: undefined }
  if (underWay !== null && !rule.restraints.overlap) {
    return { ...base, holds: [{ kind: 'overlap', runId: underWay }], kind: 'not', outcome: 'held' }
  }
  return { ...base, ...started(stored, parts), holds: [], kind: 'start', late: false }
}

/** Rows count as new from the first look on, so that look does not wait for other conditions. */
function isUnseen({ leaf, key, reading }: Part, stored: Memory): boolean {
  const memory = stored[key]
  const isKnown = memory?.kind === 'new-data' && (memory.trained !== null || memory.offered !== null)
  return leaf.kind === 'new-data' && !isKnown && reading.met === undefined
}

function withoutDebounce(condition: Condition): Condition {
  const plain = (leaf: LeafCondition): LeafCondition => (leaf.kind === 'new-data' ? { ...leaf, debounceMs: 0 } : leaf)
  if (!('of' in condition)) return plain(condition)
  const of = condition.of.map((inner) => ('of' in inner ? { ...inner, of: inner.of.map(plain) } : plain(inner)))
  return { ...condition, of }
}

function readAll(condition: Condition, stored: Memory, signals: Signals, now: number): Part[] {
  return leavesOf(condition).map((leaf) => {
    const key = leafKey(leaf)
    const reading = readCondition(leaf, stored[key] ?? freshMemory(leaf, now), signals.leaves.get(key), now)
    return { leaf, key, reading }
  })
}

function decideMet(
  { condition, restraints }: TriggerRule,
  by: readonly Part[],
  parts: readonly Part[],
  found: Found,
  { signals, now }: { signals: Signals; now: number },
): Decision {
  const holds = holdsOf(restraints, signals, now)
  const late = by.some(({ reading }) => reading.planned?.late)
  const free: Start = { ...found, kind: 'start', late, ...started(found.memory, by, parts) }
  if (holds.length === 0) return free
  const untils = holds.flatMap((hold) => ('until' in hold ? [hold.until] : []))
  const held = { ...found, holds, wakeAt: earliest([found.wakeAt, ...untils]) }
  const isSkipped =
    by.some(({ leaf }) => leaf.kind === 'schedule' && leaf.missed === 'skip') && condition.kind !== 'any'
  if (!isSkipped) return { ...held, kind: 'not', outcome: 'held', free }
  return { ...held, memory: withPlannedDecided(found.memory, parts), kind: 'not', outcome: 'skipped', free }
}

function started(memory: Memory, by: readonly Part[], parts: readonly Part[] = by) {
  const decided = withPlannedDecided(memory, parts)
  return {
    values: Object.fromEntries(by.flatMap(({ reading }) => Object.entries(reading.values))),
    memoryWithout: decided,
    memoryAfter: (runId: string): Memory => ({
      ...decided,
      ...Object.fromEntries(
        by.flatMap(({ key, reading }) => (reading.acted === undefined ? [] : [[key, reading.acted(runId)]])),
      ),
    }),
  }
}

function withPlannedDecided(memory: Memory, parts: readonly Part[]): Memory {
  const decided = parts.flatMap(({ key, reading }) =>
    reading.planned === undefined ? [] : [[key, reading.planned.decided]],
  )
  return { ...memory, ...Object.fromEntries(decided) }
}

function plannedOf(parts: readonly Part[]) {
  return parts.map(({ reading }) => reading.planned).find((planned) => planned !== undefined)
}

interface Verdict {
  readonly met: boolean | undefined
  /** The conditions that made it so. */
  readonly by: readonly Part[]
  readonly unknown: readonly LeafCondition[]
  readonly silent: boolean
}

/** Three-valued: what cannot change the outcome needs no measurement. */
function evaluate(condition: Condition, parts: readonly Part[]): Verdict {
  if (!('of' in condition)) {
    const part = parts.find(({ key }) => key === leafKey(condition))
    if (part === undefined) throw new Error('a condition was not read')
    const { met, silent = false } = part.reading
    return { met, by: met ? [part] : [], unknown: met === undefined ? [condition] : [], silent }
  }
  const verdicts = condition.of.map((inner) => evaluate(inner, parts))
  const decisive = condition.kind === 'any'
  const by = verdicts.filter(({ met }) => met === true).flatMap((verdict) => verdict.by)
  const unmet = verdicts.filter(({ met }) => met === false)
  if (verdicts.some(({ met }) => met === decisive)) {
    const silent = decisive ? false : unmet.some((verdict) => verdict.silent)
    return { met: decisive, by: decisive ? by : [], unknown: [], silent }
  }
  const unknown = verdicts.flatMap((verdict) => verdict.unknown)
  if (unknown.length > 0) return { met: undefined, by: [], unknown, silent: false }
  return { met: !decisive, by, unknown: [], silent: unmet.length > 0 && unmet.every((verdict) => verdict.silent) }
}

function earliest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}
