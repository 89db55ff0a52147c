/** What a trigger of a pipeline file means, every default in place; its name, and what makes it the same after an edit. Pure. */
import { durationMs } from '#shared/durations.ts'
import type { Condition, LeafCondition, Restraints } from '#shared/triggers.ts'
import { machineTimeZone } from '../kernel/schedule.ts'
import type { TriggerEntry, TriggerSpec } from './trigger-spec.ts'

const defaultDebounceMs = 10_000
const defaultWindow = '31d'
const defaultMinRows = 200
const maxLabelLength = 120

export interface TriggerRule {
  readonly condition: Condition
  readonly restraints: Restraints
}

/** @throws Error for a spec that its schema did not check */
export function ruleOf(spec: TriggerSpec): TriggerRule {
  const timeZone = spec.timeZone ?? machineTimeZone()
  return {
    condition: conditionOf(spec, timeZone),
    restraints: {
      cooldownMs: spec.cooldown === undefined ? null : milliseconds(spec.cooldown),
      quietHours: spec.quietHours ?? null,
      budget:
        spec.budget === undefined ? null : { runs: spec.budget.runs ?? null, minutes: spec.budget.minutes ?? null },
      overlap: spec.overlap === 'allow',
      timeZone,
    },
  }
}

function conditionOf(entry: TriggerEntry, timeZone: string): Condition {
  const group = groupOf(entry)
  if (group === undefined) return leafOf(entry, timeZone)
  const of = group.of.map((inner) => {
    const innerGroup = groupOf(inner)
    if (innerGroup === undefined) return leafOf(inner, timeZone)
    return { kind: innerGroup.kind, of: innerGroup.of.map((leaf) => leafOf(leaf, timeZone)) }
  })
  return { kind: group.kind, of }
}

function groupOf({ all, any }: TriggerEntry): { kind: 'all' | 'any'; of: readonly TriggerEntry[] } | undefined {
  if (all !== undefined) return { kind: 'all', of: all }
  return any === undefined ? undefined : { kind: 'any', of: any }
}

function leafOf(entry: TriggerEntry, timeZone: string): LeafCondition {
  const { schedule, performance, drift, after, alert } = entry
  if (schedule !== undefined) return { kind: 'schedule', schedule, timeZone, missed: entry.missed ?? 'once' }
  const dataset = entry['new-data']
  if (dataset !== undefined) {
    const debounceMs = entry.debounce === undefined ? defaultDebounceMs : milliseconds(entry.debounce)
    return { kind: 'new-data', dataset, debounceMs, minRows: entry.minRows ?? 1 }
  }
  if (performance !== undefined) return performanceOf(performance)
  if (drift !== undefined) return driftOf(drift)
  if (alert !== undefined) return { kind: 'alert', ...alert, check: alert.check ?? null }
  if (after === undefined) throw new Error('a trigger has no condition')
  return { kind: 'after', ...(typeof after === 'string' ? { project: null, pipeline: after } : after) }
}

function performanceOf(performance: NonNullable<TriggerEntry['performance']>): LeafCondition {
  const { monitor, check, metric, below, above } = performance
  const side = below === undefined ? 'above' : 'below'
  const limit = below ?? above ?? 0
  if (monitor !== undefined) {
    return { kind: 'reading', about: 'performance', monitor, check: check ?? null, side, limit }
  }
  if (metric === undefined) throw new Error('a look at a dataset has no metric')
  return { kind: 'performance', ...rowsOf(performance), metric, side, limit }
}

function driftOf(drift: NonNullable<TriggerEntry['drift']>): LeafCondition {
  const { monitor, check, above: limit } = drift
  if (monitor === undefined) return { kind: 'drift', ...rowsOf(drift), limit }
  return { kind: 'reading', about: 'drift', monitor, check: check ?? null, side: 'above', limit }
}

type RowsLookedAt = Pick<NonNullable<TriggerEntry['drift']>, 'model' | 'dataset' | 'window' | 'minRows'>

function rowsOf({ model, dataset, window, minRows }: RowsLookedAt) {
  if (model === undefined || dataset === undefined) throw new Error('a look at a dataset has no model or dataset')
  return { model, dataset, windowMs: milliseconds(window ?? defaultWindow), minRows: minRows ?? defaultMinRows }
}

function milliseconds(duration: string): number {
  return durationMs(duration) ?? 0
}

/** Every leaf of a condition, in the order of the file. */
export function leavesOf(condition: Condition): LeafCondition[] {
  return 'of' in condition ? condition.of.flatMap(leavesOf) : [condition]
}

/** By what the state of a condition is kept: limits may be edited without losing what was already trained on. */
export function leafKey(leaf: LeafCondition): string {
  switch (leaf.kind) {
    case 'schedule':
      return `schedule ${leaf.schedule} ${leaf.timeZone}`
    case 'new-data':
      return `new-data ${leaf.dataset}`
    case 'performance':
      return `performance ${leaf.model} ${leaf.dataset} ${leaf.metric}`
    case 'drift':
      return `drift ${leaf.model} ${leaf.dataset}`
    case 'after':
      return `after ${leaf.project ?? ''}/${leaf.pipeline}`
    case 'alert':
      return `alert ${leaf.monitor}/${leaf.check ?? ''}`
    case 'reading':
      return `${leaf.about} ${leaf.monitor}/${leaf.check ?? ''}`
    default:
      return leaf satisfies never
  }
}

/** What makes a trigger of a pipeline the same one after its file was edited. */
export function triggerIdentity(spec: TriggerSpec): string {
  if (spec.schedule !== undefined) return JSON.stringify({ schedule: spec.schedule, timeZone: spec.timeZone ?? null })
  const { condition } = ruleOf(spec)
  return identityOf(condition)
}

function identityOf(condition: Condition): string {
  if (!('of' in condition)) return leafKey(condition)
  return `${condition.kind} (${condition.of.map(identityOf).join(', ')})`
}

/** In a few words of the file. */
export function triggerLabel(spec: TriggerSpec): string {
  const label = labelOf(ruleOf(spec).condition)
  return label.length > maxLabelLength ? `${label.slice(0, maxLabelLength - 1)}…` : label
}

function labelOf(condition: Condition): string {
  if ('of' in condition) return `${condition.kind} of ${condition.of.map(labelOf).join(', ')}`
  switch (condition.kind) {
    case 'schedule':
      return `schedule ${condition.schedule}`
    case 'new-data':
      return `new-data ${condition.dataset}`
    case 'performance':
      return `performance ${condition.model} ${condition.metric}`
    case 'drift':
      return `drift ${condition.model}`
    case 'after':
      return `after ${condition.project === null ? '' : `${condition.project}/`}${condition.pipeline}`
    case 'alert':
      return `alert ${condition.monitor}${condition.check === null ? '' : ` ${condition.check}`}`
    case 'reading':
      return `${condition.about} in ${condition.monitor}${condition.check === null ? '' : ` ${condition.check}`}`
    default:
      return condition satisfies never
  }
}
