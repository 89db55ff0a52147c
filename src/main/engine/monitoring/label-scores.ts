/** What labels say of logged predictions: what monitors ask of those who join the two. */
import type { Interval } from '#shared/monitors.ts'
import type { Score } from '#shared/requests.ts'
import type { ScoredRows, ScoredSlice } from './checks/labels.ts'
import type { Requests } from './requests/requests.ts'

export interface LabelQuestion {
  readonly endpoint: string
  readonly from: number
  readonly to: number
  readonly revision?: number | undefined
}

export interface LabelScores {
  score(question: LabelQuestion, signal: AbortSignal): Promise<Score>
  /** By the values of one input, those with the most rows first. */
  slices(question: LabelQuestion, input: string, signal: AbortSignal): Promise<(Score & { readonly part: string })[]>
}

export type LabelledRequests = Pick<Requests, 'scoreWindow' | 'performance'>

/** From the labels of the request log. */
export function labelScores(requests: LabelledRequests): LabelScores {
  return {
    score: (question, signal) => requests.scoreWindow(question, signal),
    async slices(question, input, signal) {
      const { parts } = await requests.performance({ ...question, by: 'slice', input }, signal)
      return parts
    },
  }
}

export function scoredRows({ rows, labelled, metrics }: Score): ScoredRows {
  return {
    rows,
    labelled,
    metrics: Object.fromEntries(metrics.map(({ name, value, interval }) => [name, { value, ...within(interval) }])),
  }
}

function within(interval: Score['metrics'][number]['interval']): { interval?: Interval } {
  if (interval === null) return {}
  const { low, high, confidence } = interval
  return { interval: { low, high, confidence } }
}

export function scoredSlice(score: Score & { readonly part: string }): ScoredSlice {
  return { slice: score.part, ...scoredRows(score) }
}
