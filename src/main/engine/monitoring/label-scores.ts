/** What labels say of logged predictions: what monitors ask of those who join the two. */
import type { Score } from '#shared/requests.ts'
import type { ScoredRows, ScoredSlice } from './checks/labels.ts'

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

export function scoredRows({ rows, labelled, metrics }: Score): ScoredRows {
  return {
    rows,
    labelled,
    metrics: Object.fromEntries(
      metrics.map(({ name, value, interval }) => [name, { value, ...(interval !== null && { interval }) }]),
    ),
  }
}

export function scoredSlice(score: Score & { readonly part: string }): ScoredSlice {
  return { slice: score.part, ...scoredRows(score) }
}
