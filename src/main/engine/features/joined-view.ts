/** What retrieving features and verifying them share. */
import type { HistoryColumns } from './history.ts'

/** A view joined to the labels. */
export interface JoinedView {
  /** The table of its history; see `createHistory`. */
  readonly table: string
  readonly history: HistoryColumns
  /** In the order of the view's entity. */
  readonly entity: readonly { readonly key: string; readonly column: string }[]
  readonly features: readonly { readonly feature: string; readonly column: string }[]
  readonly ttlMs: number | null
}

/** The place of a label in its file and its time, in the queries over labels. */
export const labelRow = '__esteira_row'
export const labelTime = '__esteira_time'

/** The value, or null where its event lies longer back than the ttl. */
export function withinTtl(value: string, eventAt: string, time: string, ttlMs: number | null): string {
  return ttlMs === null ? value : `case when ${eventAt} >= ${time} - to_milliseconds(${ttlMs}) then ${value} end`
}
