/** How well the answers of a revision were, as far as the truth is known: what the scoring of requests gives to rollouts. */
import type { Interval } from '#shared/gate.ts'

export interface LabelledMetricQuestion {
  readonly endpoint: string
  readonly revision: number
  /** Such as `auc`; see `metrics.ts` of the shared folder. */
  readonly metric: string
  /** Only requests from here on, in epoch milliseconds. */
  readonly since: number
}

export interface LabelledMetricValue {
  /** How many answered rows have a label. */
  readonly labelled: number
  /** Null where no metric can be told of so few rows. */
  readonly value: number | null
  readonly interval: Interval | null
}

export type LabelledMetric = (question: LabelledMetricQuestion) => Promise<LabelledMetricValue>
