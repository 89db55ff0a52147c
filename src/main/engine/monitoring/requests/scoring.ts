/** What scores the answers of an endpoint against the labels that came since. */
import type { Score } from '#shared/requests.ts'
import type { RequestSpan } from './relation.ts'

/** Rows whose input has this value; for a number or an instant, as the performance by slice names it. */
export interface RequestSlice {
  readonly input: string
  readonly value: string
}

export interface ScoreQuestion extends RequestSpan {
  readonly slice?: RequestSlice | undefined
}

export type ScoreWindow = (question: ScoreQuestion, signal?: AbortSignal) => Promise<Score>
