/** Finds columns that give the target away: one column alone predicts it (near-)perfectly. Pure. */
import type { Leak } from '#shared/column-reasons.ts'
import type { Task } from '#shared/models.ts'
import type { Column } from '../tables/columns.ts'

const minCorrelation = 0.9999
const minAuc = 0.9995
const minPurity = 0.9995
/**
 * A strong but honest column can separate a few rows without fault, as the petal length separates 50 setosas from 100
 * other irises. Chance runs out with more rows.
 */
const minRowsForRank = 200
const minRowsForMapping = 50
/** With fewer rows for each value, values determine the target by chance. */
const minRowsPerValue = 5

/** Why the column is a leak; undefined if it is none. Rows without a target must not be given. */
export function leakOf(column: Column, target: Column, task: Task): Leak | undefined {
  const keys = categoriesOf(column)
  const rows = column.values.length
  if (task === 'regression') {
    if (target.kind !== 'numeric') return undefined
    if (keys !== undefined && rows >= minRowsForMapping && explainedVariance(keys, target.values) >= minCorrelation) {
      return { kind: 'one-value' }
    }
    return column.kind === 'numeric' ? correlationLeak(column.values, target.values) : undefined
  }
  const classes = [...target.values].map(String)
  if (keys !== undefined && rows >= minRowsForMapping && purity(keys, classes) >= minPurity) {
    return { kind: 'one-class' }
  }
  if (absenceTells(column, classes)) return { kind: 'absence' }
  return column.kind === 'numeric' ? rankLeak(column.values, classes) : undefined
}

/** The values as categories, missing as one of them, where each has rows enough; undefined for others. */
function categoriesOf(column: Column): string[] | undefined {
  const keys = [...column.values].map((value) => (value === null ? '' : String(value)))
  const distinct = new Set(keys).size
  return distinct > 1 && keys.length / distinct >= minRowsPerValue ? keys : undefined
}

/** The share of rows whose class is the most frequent one among the rows with the same key. */
export function purity(keys: readonly string[], classes: readonly string[]): number {
  const counts = new Map<string, Map<string, number>>()
  for (const [row, key] of keys.entries()) {
    const ofKey = counts.get(key) ?? new Map<string, number>()
    const name = classes[row] ?? ''
    ofKey.set(name, (ofKey.get(name) ?? 0) + 1)
    counts.set(key, ofKey)
  }
  let pure = 0
  for (const ofKey of counts.values()) pure += Math.max(...ofKey.values())
  return pure / keys.length
}

/** Eta squared: the share of the variance of `values` between the keys. */
export function explainedVariance(keys: readonly string[], values: Float64Array): number {
  const sums = new Map<string, { sum: number; count: number }>()
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  for (const [row, key] of keys.entries()) {
    const entry = sums.get(key) ?? { sum: 0, count: 0 }
    entry.sum += (values[row] ?? 0) - mean
    entry.count++
    sums.set(key, entry)
  }
  const total = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  let between = 0
  for (const { sum, count } of sums.values()) between += sum ** 2 / count
  return total === 0 ? 0 : between / total
}

function absenceTells(column: Column, classes: readonly string[]): boolean {
  const missing = [...column.values].map((value) => (value === null || Number.isNaN(value) ? 'missing' : 'present'))
  const count = missing.filter((value) => value === 'missing').length
  if (Math.min(count, missing.length - count) < minRowsPerValue || missing.length < minRowsForMapping) return false
  return purity(missing, classes) >= minPurity
}

function correlationLeak(values: Float64Array, target: Float64Array): Leak | undefined {
  const rows = presentRows(values)
  if (rows.length < minRowsForMapping) return undefined
  const x = rows.map((row) => values[row] ?? 0)
  const y = rows.map((row) => target[row] ?? 0)
  const r = Math.abs(correlation(x, y))
  if (r >= minCorrelation) return { kind: 'correlation', value: r }
  if (rows.length < minRowsForRank) return undefined
  const rank = Math.abs(correlation(ranks(x), ranks(y)))
  return rank >= minCorrelation ? { kind: 'rank-correlation', value: rank } : undefined
}

/** Every two classes must be told apart by the column. */
function rankLeak(values: Float64Array, classes: readonly string[]): Leak | undefined {
  const rows = presentRows(values)
  // A column that is mostly missing says little about the rows to predict.
  if (rows.length < minRowsForRank || rows.length < values.length / 2) return undefined
  const groups = new Map<string, number[]>()
  for (const row of rows) {
    const name = classes[row] ?? ''
    const group = groups.get(name) ?? []
    group.push(values[row] ?? 0)
    groups.set(name, group)
  }
  const lists = [...groups.values()]
  if (lists.length < 2 || lists.some((list) => list.length < minRowsPerValue)) return undefined
  // Classes that a column tells apart follow each other on it, so that neighbours are enough.
  lists.sort((a, b) => median(a) - median(b))
  let worst = 1
  for (const [index, list] of lists.slice(1).entries()) worst = Math.min(worst, auc(lists[index] ?? [], list))
  return worst >= minAuc ? { kind: 'ranking', value: worst } : undefined
}

function presentRows(values: Float64Array): number[] {
  return [...values.keys()].filter((row) => Number.isFinite(values[row]))
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

/** The chance that a value of `higher` lies above one of `lower`, ties counting half (Mann-Whitney). */
export function auc(lower: readonly number[], higher: readonly number[]): number {
  const all = ranks([...lower, ...higher])
  const rankSum = all.slice(lower.length).reduce((sum, rank) => sum + rank, 0)
  return (rankSum - (higher.length * (higher.length + 1)) / 2) / (lower.length * higher.length)
}

/** Ranks from 1; equal values share the mean of theirs. */
function ranks(values: readonly number[]): number[] {
  const order = [...values.keys()].sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0))
  const result = new Array<number>(values.length).fill(0)
  let start = 0
  while (start < order.length) {
    let end = start
    while (end + 1 < order.length && values[order[end + 1] ?? 0] === values[order[start] ?? 0]) end++
    for (let place = start; place <= end; place++) result[order[place] ?? 0] = (start + end) / 2 + 1
    start = end + 1
  }
  return result
}

/** Pearson's; 0 where one side is constant. */
export function correlation(x: readonly number[], y: readonly number[]): number {
  const meanX = x.reduce((sum, value) => sum + value, 0) / x.length
  const meanY = y.reduce((sum, value) => sum + value, 0) / y.length
  let xy = 0
  let xx = 0
  let yy = 0
  for (const [index, value] of x.entries()) {
    const dx = value - meanX
    const dy = (y[index] ?? 0) - meanY
    xy += dx * dy
    xx += dx * dx
    yy += dy * dy
  }
  return xx === 0 || yy === 0 ? 0 : xy / Math.sqrt(xx * yy)
}
