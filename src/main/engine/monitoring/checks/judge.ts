/** Holds what a check found against its limits. Pure. */
import type { CheckSpec, Interval, Limit, MonitorCheck, ReadingStatus, ReadingUnit } from '#shared/monitors.ts'
import type { Outcome } from './outcome.ts'
import { nothingText } from './words.ts'

export interface Judgement {
  readonly status: ReadingStatus
  /** One sentence. */
  readonly reason: string
}

/** Fewer rows than the check asks for conclude nothing; a value without a limit is good. */
export function judge({ spec, minRows }: Pick<MonitorCheck, 'spec' | 'minRows'>, outcome: Outcome): Judgement {
  const { value, nothing, rows } = outcome
  // Without requests there is no share of errors, but there is traffic: none.
  if (spec.kind !== 'traffic' && rows < minRows) {
    const why = nothing === undefined || rows > 0 ? '' : ` ${nothingText(nothing)}`
    return { status: 'no-data', reason: `${counted(rows)} are fewer than the ${minRows} that are asked for.${why}` }
  }
  if (value === null)
    return {
      status: 'no-data',
      reason: nothing === undefined ? 'Nothing can be said of these rows.' : nothingText(nothing),
    }
  for (const status of ['critical', 'warning'] as const) {
    const limit = spec[status]
    const crossed = limit && crossedSide(spec, limit, value, outcome.interval)
    if (crossed !== undefined) return { status, reason: beyond(outcome, crossed.side, crossed.limit) }
  }
  const isLimited = spec.warning !== undefined || spec.critical !== undefined
  return {
    status: 'ok',
    reason: `${shownValue(outcome)}${isLimited ? ', within the limits.' : '; there is no limit.'}`,
  }
}

/** What the value of a check is counted in, whether there is one or not. */
export function unitOf(spec: CheckSpec): ReadingUnit {
  switch (spec.kind) {
    case 'traffic':
      return 'requests-per-minute'
    case 'latency':
      return 'milliseconds'
    case 'drift':
      return spec.of === 'columns' ? 'count' : 'distance'
    case 'prediction-drift':
      return 'distance'
    case 'performance':
    case 'estimated-performance':
      return 'metric'
    case 'errors':
    case 'missing-labels':
    case 'feature-staleness':
      return 'share'
    case 'data-quality':
      return 'count'
  }
}

type Side = 'above' | 'below'

function crossedSide(
  spec: CheckSpec,
  limit: Limit,
  value: number,
  interval: Interval | undefined,
): { side: Side; limit: number } | undefined {
  const byInterval = 'crossed' in spec && spec.crossed === 'interval' && interval !== undefined
  const [low, high] = byInterval ? [interval.low, interval.high] : [value, value]
  if (limit.above !== undefined && low > limit.above) return { side: 'above', limit: limit.above }
  if (limit.below !== undefined && high < limit.below) return { side: 'below', limit: limit.below }
  return undefined
}

/** Whether a part with such a value crosses the nearest limit by itself. */
export function isPartBad(spec: CheckSpec, value: number | null, interval?: Interval): boolean {
  const limit = spec.warning ?? spec.critical
  return value !== null && limit !== undefined && crossedSide(spec, limit, value, interval) !== undefined
}

function beyond(outcome: Outcome, side: Side, limit: number): string {
  const interval = outcome.interval
  const whole =
    interval === undefined ? '' : ` (${shown(interval.low)} to ${shown(interval.high)} with 95 % confidence)`
  return `${shownValue(outcome)}${whole}, ${side} the limit of ${shown(limit)}.`
}

function shownValue({ value, unit, metric }: Outcome): string {
  const text = shown(value ?? 0)
  switch (unit) {
    case 'requests-per-minute':
      return `${text} requests a minute`
    case 'milliseconds':
      return `${text} ms`
    case 'share':
      return `A share of ${text}`
    case 'distance':
      return `A distance of ${text}`
    case 'count':
      return `${text} found`
    case 'metric':
      return `${metric ?? 'A metric'} of ${text}`
  }
}

function shown(value: number): string {
  return String(Number(value.toPrecision(4)))
}

function counted(rows: number): string {
  return rows === 1 ? '1 row' : `${rows.toLocaleString('en')} rows`
}
