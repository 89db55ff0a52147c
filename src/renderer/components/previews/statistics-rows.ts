/** Statistics as a sortable list of columns, alone or beside another sample's. Pure. */
import { type ColumnStatistics, quantilePositions, type Statistics } from '#shared/statistics.ts'
import { divergenceOf } from './distribution.ts'

export interface StatisticsRow {
  readonly column: ColumnStatistics
  /** Its place in the data. */
  readonly index: number
  readonly missingShare: number
  /** The column of the same name in the other sample. */
  readonly other?: ColumnStatistics | undefined
  readonly otherMissingShare?: number | undefined
  /** Jensen-Shannon divergence of what is shown of both, from 0 to 1. */
  readonly divergence?: number | undefined
}

export const sortKeys = ['index', 'name', 'missing', 'distinct', 'divergence'] as const
export type SortKey = (typeof sortKeys)[number]
export interface Sort {
  readonly key: SortKey
  readonly descending: boolean
}

const share = (missing: number, rows: number) => (rows === 0 ? 0 : missing / rows)

export function statisticsRows(statistics: Statistics, other?: Statistics | undefined): StatisticsRow[] {
  const others = new Map(other?.columns.map((column) => [column.name, column]) ?? [])
  return statistics.columns.map((column, index) => {
    const twin = others.get(column.name)
    const alone = { column, index, missingShare: share(column.missing, statistics.rows) }
    if (twin === undefined || other === undefined) return alone
    return {
      ...alone,
      other: twin,
      otherMissingShare: share(twin.missing, other.rows),
      divergence: divergenceOf(column, statistics.rows, twin, other.rows),
    }
  })
}

/** Columns that only the other sample has. */
export function columnsOnlyIn(statistics: Statistics, other: Statistics): string[] {
  const names = new Set(statistics.columns.map(({ name }) => name))
  return other.columns.map(({ name }) => name).filter((name) => !names.has(name))
}

const sizeOf = (row: StatisticsRow, key: SortKey): number => {
  if (key === 'missing') return row.missingShare
  if (key === 'distinct') return row.column.distinct
  if (key === 'divergence') return row.divergence ?? -1
  return row.index
}

/** Those whose name or type holds the text, in the order asked for; equal ones keep the order of the data. */
export function sortedRows(rows: readonly StatisticsRow[], filter: string, { key, descending }: Sort): StatisticsRow[] {
  const wanted = filter.trim().toLowerCase()
  const direction = descending ? -1 : 1
  return rows
    .filter(({ column }) => column.name.toLowerCase().includes(wanted) || column.type === wanted)
    .sort((a, b) => {
      const order = key === 'name' ? a.column.name.localeCompare(b.column.name) : sizeOf(a, key) - sizeOf(b, key)
      return order === 0 ? a.index - b.index : direction * order
    })
}

/** `-missing` for an address; undefined for the order of the data. */
export function sortText({ key, descending }: Sort): string | undefined {
  if (key === 'index' && !descending) return undefined
  return `${descending ? '-' : ''}${key}`
}

export function sortOfText(text: string | undefined): Sort {
  const descending = text?.startsWith('-') ?? false
  const key = sortKeys.find((each) => each === text?.replace(/^-/, ''))
  return key === undefined ? { key: 'index', descending: false } : { key, descending }
}

/** What a click on a header does: names from A on, sizes from the largest on; once more turns it round, then ends it. */
export function nextSort(sort: Sort, key: SortKey): Sort {
  const first = key !== 'name'
  if (sort.key !== key) return { key, descending: first }
  return sort.descending === first ? { key, descending: !first } : { key: 'index', descending: false }
}

/** The quantile at a position of `quantilePositions`, e.g. 0.5 for the median. */
export function quantile(
  quantiles: readonly number[],
  position: (typeof quantilePositions)[number],
): number | undefined {
  return quantiles[quantilePositions.indexOf(position)]
}
