import { describe, expect, it } from 'vitest'
import type { ColumnStatistics, Statistics } from '#shared/statistics.ts'
import {
  columnsOnlyIn,
  nextSort,
  quantile,
  sortedRows,
  sortOfText,
  sortText,
  statisticsRows,
} from './statistics-rows.ts'

const column = (name: string, missing: number, distinct: number, value = 'a'): ColumnStatistics => ({
  name,
  type: 'text',
  storageType: 'VARCHAR',
  missing,
  distinct,
  categorical: { topValues: [{ value, count: 10 - missing }], minLength: 1, maxLength: 1, avgLength: 1 },
})
const statistics: Statistics = {
  rows: 10,
  columns: [column('beta', 5, 1), column('alpha', 0, 9), column('gamma', 5, 3)],
}
const names = (rows: readonly { column: ColumnStatistics }[]) => rows.map((row) => row.column.name)

describe('sortedRows', () => {
  const rows = statisticsRows(statistics)
  it('keeps the order of the data among equals', () => {
    expect(names(sortedRows(rows, '', { key: 'missing', descending: true }))).toEqual(['beta', 'gamma', 'alpha'])
    expect(names(sortedRows(rows, '', { key: 'name', descending: false }))).toEqual(['alpha', 'beta', 'gamma'])
    expect(names(sortedRows(rows, '', { key: 'distinct', descending: true }))).toEqual(['alpha', 'gamma', 'beta'])
  })
  it('finds by part of a name', () => {
    expect(names(sortedRows(rows, ' AMM', { key: 'index', descending: false }))).toEqual(['gamma'])
  })
})

describe('statisticsRows', () => {
  it('sets columns of the same name beside each other', () => {
    const other: Statistics = { rows: 10, columns: [column('alpha', 1, 9, 'b'), column('delta', 0, 1)] }
    const [beta, alpha] = statisticsRows(statistics, other)
    expect(beta?.other).toBeUndefined()
    expect(alpha?.otherMissingShare).toBe(0.1)
    expect(alpha?.divergence).toBe(1)
    expect(columnsOnlyIn(statistics, other)).toEqual(['delta'])
  })
})

describe('the order in an address', () => {
  it('goes there and back', () => {
    for (const text of ['missing', '-missing', 'name', '-divergence']) expect(sortText(sortOfText(text))).toBe(text)
    expect(sortText(sortOfText('nonsense'))).toBeUndefined()
  })
  it('turns round and ends', () => {
    const start = sortOfText(undefined)
    const first = nextSort(start, 'missing')
    expect(first).toEqual({ key: 'missing', descending: true })
    expect(nextSort(first, 'missing')).toEqual({ key: 'missing', descending: false })
    expect(nextSort(nextSort(first, 'missing'), 'missing')).toEqual(start)
    expect(nextSort(start, 'name').descending).toBe(false)
  })
})

describe('quantile', () => {
  it('finds the median', () => {
    expect(quantile([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.5)).toBe(5)
  })
})
