/** The target: which task it makes, its classes, and how it is learned. */
import type { Task } from '#shared/models.ts'
import type { ColumnType } from '#shared/statistics.ts'
import { EsteiraError } from '../kernel/errors.ts'
import type { Column } from '../tables/columns.ts'

/** More classes than this are taken for an identifier or free text. */
const maxClasses = 200
/** An integer target with at most this many values, each seen often, is a class and not a quantity. */
const maxIntegerClasses = 10

export interface FittedTarget {
  readonly task: Task
  /** Binary: [negative, positive]. Multiclass: sorted. Empty for regression. */
  readonly classes: readonly string[]
  /** Of the values; 0 and 1 for classes. */
  readonly mean: number
  readonly deviation: number
}

/** The label of each row; null where missing. Booleans are `true` and `false`, numbers are written as in JavaScript. */
export function labelsOf(column: Column, type: ColumnType): (string | null)[] {
  if (column.kind === 'text') return [...column.values]
  return Array.from(column.values, (value) => {
    if (!Number.isFinite(value)) return null
    return type === 'boolean' ? String(value !== 0) : String(value)
  })
}

/**
 * The task that suits a target. Text is classes; so are booleans, two numbers, and up to ten whole numbers seen ten times
 * each on average. Other numbers are quantities.
 */
export function detectTask(column: Column, type: ColumnType): Task {
  if (type === 'boolean') return 'binary'
  if (column.kind === 'text') return countDistinct(column.values, 3) > 2 ? 'multiclass' : 'binary'
  const values = column.values.filter(Number.isFinite)
  const distinct = countDistinct(values, maxIntegerClasses + 1)
  if (distinct <= 2) return 'binary'
  const whole = values.every(Number.isInteger)
  return type !== 'timestamp' && whole && distinct <= maxIntegerClasses && values.length >= 10 * distinct
    ? 'multiclass'
    : 'regression'
}

/** Counts up to `limit`. */
function countDistinct(values: Iterable<string | number | null>, limit: number): number {
  const seen = new Set<string | number>()
  for (const value of values) {
    if (value !== null) seen.add(value)
    if (seen.size >= limit) break
  }
  return seen.size
}

/** Fits the target on training rows. Throws `target-unusable` when there is nothing to learn. */
export function fitTarget(name: string, column: Column, type: ColumnType, task: Task): FittedTarget {
  if (task === 'regression') return fitValues(name, column, type)
  const counts = new Map<string, number>()
  for (const label of labelsOf(column, type)) {
    if (label !== null) counts.set(label, (counts.get(label) ?? 0) + 1)
  }
  const [only] = counts.keys()
  if (only === undefined) throw unusable(name, 'has no value in the training rows')
  if (counts.size === 1) {
    throw unusable(
      name,
      `has only one class in the training rows: "${only}"`,
      'Use more rows, or rows of another time or group.',
    )
  }
  if (task === 'binary' && counts.size > 2) {
    throw unusable(
      name,
      `has ${counts.size} classes, so the task cannot be binary`,
      'Set task: multiclass, or leave it out.',
    )
  }
  if (counts.size > maxClasses) {
    throw unusable(
      name,
      `has ${counts.size} classes; at most ${maxClasses} can be learned`,
      'Group rare classes, or choose another target.',
    )
  }
  return {
    task,
    classes: task === 'binary' ? orderBinary(counts) : sortLabels([...counts.keys()]),
    mean: 0,
    deviation: 1,
  }
}

function fitValues(name: string, column: Column, type: ColumnType): FittedTarget {
  if (column.kind !== 'numeric') throw unusable(name, `holds ${type} values, so the task cannot be regression`)
  const values = column.values.filter(Number.isFinite)
  if (values.length === 0) throw unusable(name, 'has no value in the training rows')
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
  if (deviation === 0) throw unusable(name, `has the same value, ${mean}, in all training rows`)
  return { task: 'regression', classes: [], mean, deviation }
}

function unusable(name: string, what: string, next = 'Choose another target, or check the dataset.'): EsteiraError {
  return new EsteiraError('target-unusable', `The target "${name}" ${what}.`, { where: name, next })
}

const positiveWords = new Set(['true', '1', 'yes', 'y', 't', 'positive', 'pos'])
const negativeWords = new Set(['false', '0', 'no', 'n', 'f', 'negative', 'neg'])

/** [negative, positive]: true, 1 or yes is positive, false, 0 or no negative; failing that the rarer class is positive. */
function orderBinary(counts: ReadonlyMap<string, number>): string[] {
  const rank = (label: string): number => {
    const word = label.trim().toLowerCase()
    return positiveWords.has(word) ? 1 : negativeWords.has(word) ? -1 : 0
  }
  return sortLabels([...counts.keys()]).sort((a, b) => rank(a) - rank(b) || (counts.get(b) ?? 0) - (counts.get(a) ?? 0))
}

/** Numbers by value, other labels by code point. */
function sortLabels(labels: string[]): string[] {
  const numeric = labels.every((label) => label.trim() !== '' && Number.isFinite(Number(label)))
  return labels.sort((a, b) => (numeric ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0))
}

/** What the rows with a usable target teach: their indices, and class indices or raw values. */
export interface KnownTargets {
  readonly rows: Uint32Array
  readonly values: Float64Array
}

/** Leaves out rows whose target is missing or of a class that training never saw. */
export function knownTargets(column: Column, type: ColumnType, classes: readonly string[]): KnownTargets {
  const rows: number[] = []
  const values: number[] = []
  const keep = (row: number, value: number | undefined): void => {
    if (value === undefined || !Number.isFinite(value)) return
    rows.push(row)
    values.push(value)
  }
  if (classes.length === 0) {
    if (column.kind === 'numeric') column.values.forEach((value, row) => void keep(row, value))
  } else {
    const index = new Map(classes.map((label, position) => [label, position]))
    labelsOf(column, type).forEach((label, row) => void keep(row, label === null ? undefined : index.get(label)))
  }
  return { rows: Uint32Array.from(rows), values: Float64Array.from(values) }
}
