/** A policy as fields of a form, and back. What has no field, such as lists of several conditions, is edited as text. */
import type { Policy, PolicyCondition } from '#shared/backtest.ts'
import { parsePolicy } from '#shared/backtest-policy-text.ts'

export interface PolicyFields {
  readonly every: number | null
  readonly newRows: number | null
  readonly drift: number | null
  /** Of the metric that the form is for. */
  readonly limit: number | null
  readonly combine: 'any' | 'all'
}

const noFields: PolicyFields = { every: null, newRows: null, drift: null, limit: null, combine: 'any' }

/** Undefined where the fields cannot say it. */
export function fieldsOf(policy: Pick<Policy, 'anyOf'>, metric: string): PolicyFields | undefined {
  const { anyOf } = policy
  const combine = anyOf.length === 1 && (anyOf[0]?.length ?? 0) > 1 ? 'all' : 'any'
  if (combine === 'any' && anyOf.some((all) => all.length !== 1)) return undefined
  let fields: PolicyFields = { ...noFields, combine }
  for (const condition of anyOf.flat()) {
    const [name, value] = fieldOf(condition)
    const isOther = condition.kind === 'performance' && condition.metric !== metric
    if (isOther || fields[name] !== null) return undefined
    fields = { ...fields, [name]: value }
  }
  return fields
}

function fieldOf(condition: PolicyCondition): [name: Exclude<keyof PolicyFields, 'combine'>, value: number] {
  switch (condition.kind) {
    case 'every':
      return ['every', condition.spans]
    case 'new-data':
      return ['newRows', condition.rows]
    case 'drift':
      return ['drift', condition.above]
    case 'performance':
      return ['limit', condition.limit]
  }
}

export function conditionsOf(fields: PolicyFields, metric: string): PolicyCondition[][] {
  const { every, newRows, drift, limit, combine } = fields
  const conditions: PolicyCondition[] = [
    ...(every === null ? [] : [{ kind: 'every' as const, spans: every }]),
    ...(newRows === null ? [] : [{ kind: 'new-data' as const, rows: newRows }]),
    ...(drift === null ? [] : [{ kind: 'drift' as const, above: drift }]),
    ...(limit === null ? [] : [{ kind: 'performance' as const, metric, limit }]),
  ]
  if (conditions.length === 0) return []
  return combine === 'all' ? [conditions] : conditions.map((condition) => [condition])
}

/** The policy with another rule; undefined where the text is none. */
export function withRuleText(policy: Policy, text: string): Policy | undefined {
  const parsed = parsePolicy(`${policy.name.replaceAll(':', ' ')}: ${text}`)
  return parsed.ok ? { ...parsed.policy, name: policy.name } : undefined
}

/** A copy to begin from, under a name of its own. */
export function anotherPolicy(policies: readonly Policy[], like: Policy | undefined): Policy {
  const base = like ?? {
    name: 'policy',
    anyOf: [],
    cooldownSpans: 0,
    budget: { retrainings: null, computeSeconds: null },
  }
  const taken = new Set(policies.map(({ name }) => name))
  for (let number = 2; ; number++) {
    const name = `${base.name.replace(/ \d+$/, '').slice(0, 90)} ${number}`
    if (!taken.has(name)) return { ...base, name }
  }
}
