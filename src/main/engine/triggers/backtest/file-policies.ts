/** The triggers of a pipeline's file as policies, as far as a replay over spans can say them. Pure. */
import { type Policy, type PolicyCondition, type Span, usualPolicyNames } from '#shared/backtest.ts'
import type { Condition, LeafCondition } from '#shared/triggers.ts'
import { firings } from '../../kernel/schedule.ts'
import { ruleOf, type TriggerRule } from '../../pipelines/trigger-rule.ts'
import type { TriggerSpec } from '../../pipelines/trigger-spec.ts'

const maxLists = 10

export interface FilePolicies {
  readonly policies: Policy[]
  /** What of the file is left out, and why. */
  readonly notes: string[]
}

/** One policy for all triggers together, or one each where they are held back differently. */
export function filePolicies(triggers: readonly TriggerSpec[], spans: readonly Span[]): FilePolicies {
  const notes = new Set<string>()
  const rules = triggers.map((spec) => ruleOf(spec))
  const made = rules.flatMap((rule) => {
    const anyOf = listsOf(rule.condition, spans, notes).slice(0, maxLists)
    noteRestraints(rule, notes)
    return anyOf.length === 0 ? [] : [{ anyOf, cooldownSpans: cooldownIn(rule, spans) }]
  })
  const [first, ...others] = made
  if (first === undefined) return { policies: [], notes: [...notes] }
  const base = { budget: { retrainings: null, computeSeconds: null } }
  const isOne = others.every(({ cooldownSpans }) => cooldownSpans === first.cooldownSpans)
  const anyOf = made.flatMap((each) => each.anyOf)
  if (isOne && anyOf.length <= maxLists) {
    return { policies: [{ ...base, ...first, name: usualPolicyNames.ofFile, anyOf }], notes: [...notes] }
  }
  const policies = made.map((each, index) => ({ ...base, ...each, name: `the file's trigger ${index + 1}` }))
  return { policies, notes: [...notes] }
}

/** Any of several lists, all of whose conditions must hold. */
function listsOf(condition: Condition, spans: readonly Span[], notes: Set<string>): PolicyCondition[][] {
  if (!('of' in condition)) {
    const leaf = leafIn(condition, spans, notes)
    return leaf === undefined ? [] : [[leaf]]
  }
  const inner = condition.of.map((each) => listsOf(each, spans, notes))
  if (condition.kind === 'any') return inner.flat()
  const joined: PolicyCondition[][] = [[]]
  return inner.reduce((lists, more) => lists.flatMap((list) => more.map((one) => [...list, ...one])), joined)
}

function leafIn(leaf: LeafCondition, spans: readonly Span[], notes: Set<string>): PolicyCondition | undefined {
  switch (leaf.kind) {
    case 'schedule': {
      const every = spansBetween(leaf, spans)
      if (every === undefined) notes.add(`The schedule ${leaf.schedule} has no time in this history.`)
      return every === undefined ? undefined : { kind: 'every', spans: every }
    }
    case 'new-data':
      return { kind: 'new-data', rows: leaf.minRows }
    case 'drift':
      return { kind: 'drift', above: leaf.limit }
    case 'performance':
      return { kind: 'performance', metric: leaf.metric, limit: leaf.limit }
    case 'after':
      notes.add(`What follows the pipeline "${leaf.pipeline}" cannot be replayed.`)
      return undefined
    case 'alert':
      notes.add(`What follows alerts of the monitor "${leaf.monitor}" cannot be replayed.`)
      return undefined
    case 'reading':
      notes.add(`What the monitor "${leaf.monitor}" reads in production cannot be replayed.`)
      return undefined
    default:
      return leaf satisfies never
  }
}

/** How many spans pass between two times of a schedule; at least one, because a replay decides at ends of spans. */
function spansBetween(
  { schedule, timeZone }: { readonly schedule: string; readonly timeZone: string },
  spans: readonly Span[],
): number | undefined {
  const [from, to] = [Date.parse(spans[0]?.from ?? ''), Date.parse(spans.at(-1)?.to ?? '')]
  if (!(from < to)) return undefined
  let count = 0
  for (const at of firings(schedule, timeZone, from - 1)) {
    if (at >= to) break
    if (++count >= spans.length) return 1
  }
  return count === 0 ? undefined : Math.round(spans.length / count)
}

/** A pause that is shorter than a span never holds back what is decided at ends of spans. */
function cooldownIn({ restraints: { cooldownMs } }: TriggerRule, spans: readonly Span[]): number {
  const [first] = spans
  if (cooldownMs === null || first === undefined) return 0
  const passed = spans.findIndex(({ to }) => Date.parse(to) - Date.parse(first.from) >= cooldownMs)
  const count = passed === -1 ? spans.length : passed + 1
  return count <= 1 ? 0 : count
}

function noteRestraints({ restraints: { budget, quietHours } }: TriggerRule, notes: Set<string>): void {
  if (budget !== null) notes.add('A daily budget is not replayed: at most one training starts at the end of a span.')
  if (quietHours !== null) notes.add('Quiet hours are not replayed: they move a start by hours, not by spans.')
}
