/** What of a column's distributions is drawn at the size of a card. Pure. */
import type { DriftCell, DriftResult } from '#shared/drift.ts'

export type Drawn =
  /** Ranges of numbers side by side; what is no number, such as missing values, apart. */
  | { readonly kind: 'ranges'; readonly ranges: readonly DriftCell[]; readonly apart: readonly DriftCell[] }
  /** The commonest values below each other; `more` are only told. */
  | { readonly kind: 'values'; readonly values: readonly DriftCell[]; readonly more: number }
  | { readonly kind: 'nothing' }

const shownValues = 8
/** So many are told apart as single values. */
const fewRanges = 6

export function drawnOf(cells: readonly DriftCell[]): Drawn {
  const ranges = cells.filter(({ kind }) => kind === 'range')
  if (ranges.length > fewRanges) {
    return { kind: 'ranges', ranges, apart: cells.filter((cell) => cell.kind !== 'range' && isSeen(cell)) }
  }
  const seen = cells.filter(isSeen)
  if (seen.length === 0) return { kind: 'nothing' }
  if (seen.length <= shownValues) return { kind: 'values', values: seen, more: 0 }
  const commonest = seen.toSorted((a, b) => mostOf(b) - mostOf(a)).slice(0, shownValues)
  return {
    kind: 'values',
    values: seen.filter((cell) => commonest.includes(cell)),
    more: seen.length - commonest.length,
  }
}

/** All values not kept apart are many, and as a bar would dwarf each of the others. */
export const isOneOf = ({ kind }: DriftCell) => kind !== 'other'

const mostOf = ({ current, reference }: DriftCell) => Math.max(current, reference)
const isSeen = (cell: DriftCell) => mostOf(cell) > 0

/** The share that reaches the end of the axis. */
export function topShare(cells: readonly DriftCell[]): number {
  return Math.max(...cells.map(mostOf), Number.MIN_VALUE)
}

/** What drifted first, then by weight in the model, then by how far. */
export function byConcern(results: readonly DriftResult[]): DriftResult[] {
  return results.toSorted(
    (a, b) =>
      Number(b.drifted) - Number(a.drifted) || (b.weight ?? 0) - (a.weight ?? 0) || (b.value ?? 0) - (a.value ?? 0),
  )
}
