/** What becomes of a rollout, from its figures and the time. Pure: nothing is read, nothing is done. */
import { durationMs, durationText } from '#shared/durations.ts'
import type {
  AbResult,
  AbTestSpec,
  CanarySpec,
  CheckName,
  Looks,
  Rollout,
  RolloutCheck,
  RolloutFigures,
  StopConditions,
} from '#shared/rollout.ts'
import { normalQuantile } from '../../training/metrics/normal.ts'
import { checkConditions, estimateOf, labelRowsCheck } from './conditions.ts'
import { difference } from './intervals.ts'

export type RolloutFacts = Pick<Rollout, 'spec' | 'step' | 'stepSince' | 'looks' | 'checks' | 'result'>

/** What was found, whatever is done about it. */
interface Found {
  readonly checks: RolloutCheck[]
  readonly looks: Looks
  readonly result: AbResult | null
}

export type Decision = Found &
  (
    | { readonly act: 'wait' }
    | { readonly act: 'advance'; readonly step: number; readonly share: number; readonly reason: string }
    | { readonly act: 'promote' | 'roll-back'; readonly reason: string }
  )

/** Fewer requests of the new version are not tested at all. */
const firstLook = 30
/** Figures are tested again once there are so many times as many. */
const growth = 1.25

export function decideRollout(facts: RolloutFacts, figures: RolloutFigures, now: number): Decision {
  const { spec } = facts
  switch (spec.kind) {
    case 'canary':
      return decideCanary(spec, facts, figures, now)
    case 'a-b':
      return decideAbTest(spec, facts, figures, now)
    case 'shadow':
      return { act: 'wait', checks: [], looks: facts.looks, result: null }
  }
}

function decideCanary(spec: CanarySpec, facts: RolloutFacts, figures: RolloutFigures, now: number): Decision {
  const { label } = spec.stop
  const patience = [
    holdCheck(spec.hold, facts.stepSince, now),
    requestsCheck(spec.minimumRequests, figures),
    ...(label === undefined ? [] : [labelRowsCheck(figures.labels, label.minimumRows)]),
  ]
  const isPatient = patience.every(({ status }) => status === 'passed')
  const { conditions, looks } = look(spec.stop, facts, figures, isPatient)
  const found = { checks: [...patience, ...conditions], looks, result: null }
  const stops = conditions.find(({ status }) => status === 'stop')
  if (stops !== undefined) return { ...found, act: 'roll-back', reason: describeStop(stops) }
  if (!isPatient) return { ...found, act: 'wait' }
  const reason =
    `Step ${facts.step + 1} of ${spec.steps.length} lasted ${durationText(now - facts.stepSince)} with ` +
    `${figures.candidate.requests} requests of the new version, and no condition stopped it.`
  const share = spec.steps[facts.step + 1]
  if (share === undefined) return { ...found, act: 'promote', reason }
  return { ...found, act: 'advance', step: facts.step + 1, share, reason }
}

function decideAbTest(spec: AbTestSpec, facts: RolloutFacts, figures: RolloutFigures, now: number): Decision {
  const hold = holdCheck(spec.hold, facts.stepSince, now)
  const rows = labelRowsCheck(figures.labels, spec.minimumRows)
  const { conditions, looks } = look(spec.stop, facts, figures, false)
  const isPatient = hold.status === 'passed' && rows.status === 'passed'
  const result = isPatient ? compare(spec, facts.result, figures) : waitingResult(spec, figures)
  const found = { checks: [hold, rows, ...conditions], looks, result }
  const stops = conditions.find(({ status }) => status === 'stop')
  if (stops !== undefined) return { ...found, act: 'roll-back', reason: describeStop(stops) }
  if (spec.decides === 'person' || result.verdict === 'waiting' || result.verdict === 'no-difference') {
    return { ...found, act: 'wait' }
  }
  return { ...found, act: result.verdict === 'better' ? 'promote' : 'roll-back', reason: describeResult(result) }
}

/**
 * Tests the conditions when there is enough that is new. Each look may err with α / (k (k + 1)): over all of them together
 * that is α, however often is looked (union bound; the sum of 1 / (k (k + 1)) is 1).
 */
function look(
  stop: StopConditions,
  { looks, checks }: RolloutFacts,
  figures: RolloutFigures,
  isLast: boolean,
): { conditions: RolloutCheck[]; looks: Looks } {
  const [requests, labels] = [figures.candidate.requests, figures.labels?.candidate?.rows ?? 0]
  const isDue =
    requests >= Math.max(firstLook, looks.atRequests * growth) || labels >= Math.max(firstLook, looks.atLabels * growth)
  const isNew = requests > looks.atRequests || labels > looks.atLabels
  if (!isDue && !(isLast && isNew)) return { conditions: known(checks), looks }
  const count = looks.count + 1
  return {
    conditions: checkConditions(figures, stop, chanceOf(1 - stop.confidence, count)),
    looks: { count, atRequests: requests, atLabels: labels },
  }
}

function chanceOf(alpha: number, look: number): number {
  return alpha / (look * (look + 1))
}

const patienceChecks: readonly CheckName[] = ['hold', 'requests', 'label-rows']

/** As they were at the last look. */
function known(checks: readonly RolloutCheck[]): RolloutCheck[] {
  return checks.filter(({ check }) => !patienceChecks.includes(check))
}

function holdCheck(hold: string, since: number, now: number): RolloutCheck {
  const limit = durationMs(hold) ?? 0
  const value = Math.max(0, now - since)
  return { check: 'hold', status: value >= limit ? 'passed' : 'waiting', value, stable: null, limit, bound: null }
}

function requestsCheck(limit: number, { candidate, stable }: RolloutFigures): RolloutCheck {
  const value = candidate.requests
  const status = value >= limit ? 'passed' : 'waiting'
  return { check: 'requests', status, value, stable: stable.requests, limit, bound: null }
}

function waitingResult({ metric }: AbTestSpec, { labels }: RolloutFigures): AbResult {
  const [candidate, stable] = [labels?.candidate ?? null, labels?.stable ?? null]
  return { metric, stable, candidate, difference: null, verdict: 'waiting', looks: 0, atRows: 0 }
}

/** Tested when there is enough that is new. Two-sided: each side may err with half of what the look may. */
function compare(spec: AbTestSpec, before: AbResult | null, figures: RolloutFigures): AbResult {
  const about = waitingResult(spec, figures)
  const { candidate, stable } = about
  if (candidate === null || stable === null) return about
  if (before !== null && before.looks > 0 && candidate.rows < before.atRows * growth) return before
  const looks = (before?.looks ?? 0) + 1
  const z = normalQuantile(1 - chanceOf(1 - spec.confidence, looks) / 2)
  const apart = difference(estimateOf(candidate, z), estimateOf(stable, z))
  const verdict = verdictOf(apart, candidate.higherIsBetter)
  return { ...about, difference: apart, verdict, looks, atRows: candidate.rows }
}

function verdictOf({ low, high }: { low: number; high: number }, higherIsBetter: boolean): AbResult['verdict'] {
  if (low <= 0 && high >= 0) return 'no-difference'
  return low > 0 === higherIsBetter ? 'better' : 'worse'
}

function describeResult({ metric, difference: apart, verdict }: AbResult): string {
  const [value, low, high] = [apart?.value ?? 0, apart?.low ?? 0, apart?.high ?? 0].map((each) => each.toPrecision(3))
  return `The new version is ${verdict}: ${metric} differs by ${value} (${low} to ${high}).`
}

function describeStop({ check, value, stable, limit }: RolloutCheck): string {
  const [now, before] = [value, stable].map((each) => (each === null ? 'nothing' : each.toPrecision(3)))
  switch (check) {
    case 'error-rate':
      return `Of the requests ${now} failed, ${before} at the stable version: certainly more than ${limit} above.`
    case 'latency-p99':
      return `The slowest hundredth took ${now} ms, ${before} ms at the stable version: certainly more than ${limit} times.`
    case 'latency-p99-ms':
      return `The slowest hundredth took ${now} ms: certainly more than ${limit} ms.`
    case 'predictions':
      return `The predictions are distributed otherwise: a divergence of ${now}, certainly more than ${limit}.`
    case 'label':
      return `The metric on labelled rows is ${now}, ${before} at the stable version: certainly more than ${limit} worse.`
    case 'hold':
    case 'requests':
    case 'label-rows':
      return `${check} is at ${now}.`
  }
}
