/** What a check finds, before it is held against its limits. Pure types. */
import type { Interval, ReadingEvidence, ReadingPart, ReadingUnit } from '#shared/monitors.ts'
import type { Nothing } from '#shared/reading-words.ts'

export type Evidence = Omit<ReadingEvidence, 'reading'>

export interface Outcome {
  /** Null where nothing can be said; then `nothing` says why. */
  readonly value: number | null
  readonly nothing?: Nothing | undefined
  readonly unit: ReadingUnit
  readonly metric?: string | undefined
  readonly interval?: Interval | undefined
  /** What the value rests on. */
  readonly rows: number
  readonly parts: readonly ReadingPart[]
  readonly evidence: Evidence
}

export const noEvidence: Evidence = {
  current: '',
  reference: '',
  currentRows: 0,
  referenceRows: 0,
  distributions: [],
  figures: {},
}

export function nothingToSay(unit: ReadingUnit, nothing: Nothing, rows = 0): Outcome {
  return { value: null, nothing, unit, rows, parts: [], evidence: noEvidence }
}
