/**
 * Policies as one line of text, for the command line and for tables:
 * `name: drift > 0.1 and auc < 0.64 or every 3; cooldown 2; budget 4 runs; budget 600 s`.
 */
import { type Policy, type PolicyCondition, policySchema } from './backtest.ts'
import { higherIsBetter } from './metrics.ts'

export type ParsedPolicy =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly message: string; readonly found: string; readonly allowed: string }

const forms = 'never, every <spans>, new-data <rows>, drift > <figure>, <metric> < <figure>, joined by "and" and "or"'
const limits = 'cooldown <spans>, budget <count> runs, budget <seconds> s'
const numberText = String.raw`\d+(?:\.\d+)?(?:e[+-]?\d+)?`
const everyForm = /^every (\d+)$/
const newDataForm = /^new-data (\d+)$/
const driftForm = new RegExp(`^drift ?> ?(${numberText})$`)
const metricForm = new RegExp(String.raw`^([\p{L}][\p{L}\p{N}_.@-]*) ?([<>]) ?(-?${numberText})$`, 'u')
const cooldownForm = /^cooldown (\d+)$/
const runsForm = /^budget (\d+) runs$/
const secondsForm = new RegExp(`^budget (${numberText}) s$`)

class PolicyTextError extends Error {
  readonly found: string
  readonly allowed: string
  constructor(message: string, found: string, allowed: string) {
    super(message)
    this.found = found
    this.allowed = allowed
  }
}

export function parsePolicy(text: string): ParsedPolicy {
  try {
    return { ok: true, policy: readPolicy(text) }
  } catch (error) {
    if (!(error instanceof PolicyTextError)) throw error
    return { ok: false, message: error.message, found: error.found, allowed: error.allowed }
  }
}

function readPolicy(text: string): Policy {
  const named = /^([^:]*):(.*)$/su.exec(text)
  const body = (named?.[2] ?? text).replaceAll(/\s+/g, ' ').trim()
  const [rule = '', ...rest] = body.split(';').map((part) => part.trim())
  const policy = {
    name: (named?.[1] ?? body).trim().slice(0, 100),
    anyOf:
      rule === 'never'
        ? []
        : rule.split(/ or /).map((all) => all.split(/ and /).map((part) => readCondition(part.trim()))),
    cooldownSpans: 0,
    budget: { retrainings: null as number | null, computeSeconds: null as number | null },
  }
  for (const part of rest) readLimit(part, policy)
  const checked = policySchema.safeParse(policy)
  if (checked.success) return checked.data
  const [issue] = checked.error.issues
  throw new PolicyTextError(`The policy is not valid: ${issue?.message ?? ''}.`, text, `${forms}; ${limits}`)
}

function readCondition(text: string): PolicyCondition {
  const every = everyForm.exec(text)
  if (every !== null) return { kind: 'every', spans: Number(every[1]) }
  const rows = newDataForm.exec(text)
  if (rows !== null) return { kind: 'new-data', rows: Number(rows[1]) }
  const drift = driftForm.exec(text)
  if (drift !== null) return { kind: 'drift', above: Number(drift[1]) }
  const [, metric, sign, limit] = metricForm.exec(text) ?? []
  if (metric === undefined || metric === 'drift')
    throw new PolicyTextError('The condition cannot be read.', text, forms)
  const worse = worseSign(metric)
  if (sign !== worse) {
    throw new PolicyTextError(`Of ${metric}, "${worse}" is worse.`, text, `${metric} ${worse} ${limit}`)
  }
  return { kind: 'performance', metric, limit: Number(limit) }
}

function readLimit(text: string, policy: Pick<Policy, 'cooldownSpans' | 'budget'>): void {
  const [cooldown, runs, seconds] = [cooldownForm.exec(text), runsForm.exec(text), secondsForm.exec(text)]
  if (cooldown !== null) policy.cooldownSpans = Number(cooldown[1])
  else if (runs !== null) policy.budget.retrainings = Number(runs[1])
  else if (seconds !== null) policy.budget.computeSeconds = Number(seconds[1])
  else throw new PolicyTextError('The limit cannot be read.', text, limits)
}

function worseSign(metric: string): '<' | '>' {
  return higherIsBetter[metric] === false ? '>' : '<'
}

export function conditionText(condition: PolicyCondition): string {
  switch (condition.kind) {
    case 'every':
      return `every ${condition.spans}`
    case 'new-data':
      return `new-data ${condition.rows}`
    case 'drift':
      return `drift > ${condition.above}`
    case 'performance':
      return `${condition.metric} ${worseSign(condition.metric)} ${condition.limit}`
  }
}

/** The rule and its limits, without the name; `parsePolicy` reads it back. */
export function policyRuleText({ anyOf, cooldownSpans, budget }: Omit<Policy, 'name'>): string {
  const rule = anyOf.map((all) => all.map(conditionText).join(' and ')).join(' or ')
  return [
    rule === '' ? 'never' : rule,
    ...(cooldownSpans > 0 ? [`cooldown ${cooldownSpans}`] : []),
    ...(budget.retrainings === null ? [] : [`budget ${budget.retrainings} runs`]),
    ...(budget.computeSeconds === null ? [] : [`budget ${budget.computeSeconds} s`]),
  ].join('; ')
}

export function policyText(policy: Policy): string {
  return `${policy.name}: ${policyRuleText(policy)}`
}
