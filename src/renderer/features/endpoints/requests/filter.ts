/** What of the log is shown, as the address says it. */
export const shows = ['all', 'errors', 'labelled', 'wrong'] as const
export type Show = (typeof shows)[number]

/** Hours back; undefined: all that there is. */
export const spans = [1, 24, 168, undefined] as const

export interface RequestsFilter {
  readonly show: Show
  /** Only ids that hold this text. */
  readonly id: string
  readonly hours: (typeof spans)[number]
}

export function showOf(text: string | undefined): Show {
  return shows.find((show) => show === text) ?? 'all'
}

/** The last day, where nothing is said. */
export function hoursOf(text: string | undefined): RequestsFilter['hours'] {
  if (text === 'all') return undefined
  return spans.find((hours) => String(hours) === text) ?? 24
}
