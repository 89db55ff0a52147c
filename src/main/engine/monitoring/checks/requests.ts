/** Traffic, latency and errors of a window, from what was counted. Pure. */
import type { CheckSpec, ReadingPart } from '#shared/monitors.ts'
import { noEvidence, type Outcome } from './outcome.ts'
import { wilsonInterval } from './proportion.ts'

export interface RequestFigures {
  readonly answered: number
  /** By the code of their error. */
  readonly failed: Readonly<Record<string, number>>
  /** Percentile to milliseconds, of answered requests; empty without any. */
  readonly latencyMs: Readonly<Record<string, number>>
}

/** Shown beside the one that is held against the limits. */
export const shownPercentiles = [50, 95, 99]

const minuteMs = 60_000

export function trafficOutcome(figures: RequestFigures, lengthMs: number): Outcome {
  const requests = requestsOf(figures)
  return {
    value: requests / (lengthMs / minuteMs),
    unit: 'requests-per-minute',
    rows: requests,
    parts: [],
    evidence: { ...noEvidence, currentRows: requests, figures: { answered: figures.answered, ...figures.failed } },
  }
}

export function latencyOutcome(figures: RequestFigures, spec: CheckSpec & { kind: 'latency' }): Outcome {
  const { answered, latencyMs } = figures
  const value = latencyMs[spec.percentile]
  return {
    value: value ?? null,
    nothing: { kind: 'no-answer' },
    unit: 'milliseconds',
    rows: answered,
    parts: [...new Set([...shownPercentiles, spec.percentile])]
      .sort((a, b) => a - b)
      .map((percentile): ReadingPart => ({ name: `p${percentile}`, value: latencyMs[percentile] ?? null, bad: false })),
    evidence: { ...noEvidence, currentRows: answered, figures: latencyMs },
  }
}

export function errorsOutcome(figures: RequestFigures): Outcome {
  const requests = requestsOf(figures)
  const failed = requests - figures.answered
  return {
    value: requests === 0 ? null : failed / requests,
    nothing: { kind: 'no-request' },
    unit: 'share',
    interval: wilsonInterval(failed, requests),
    rows: requests,
    parts: Object.entries(figures.failed)
      .sort(([, a], [, b]) => b - a)
      .map(([code, count]) => ({ name: code, value: count / requests, rows: count, bad: false })),
    evidence: { ...noEvidence, currentRows: requests, figures: figures.failed },
  }
}

function requestsOf({ answered, failed }: RequestFigures): number {
  return Object.values(failed).reduce((sum, count) => sum + count, answered)
}
