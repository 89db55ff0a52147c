/**
 * What is kept of one column over some rows: enough to compare any set of spans with any other, small enough to keep by day.
 * Merging is associative and commutative: exactly for counts, extremes, bins of numbers and registers; for mean and deviation
 * but for the last digits; for frequent values within `error`. Pure.
 */
import { type ColumnStatistics, type ColumnType, quantilePositions } from '#shared/statistics.ts'
import { distinctOf, mergeRegisters, type Registers } from './distinct.ts'
import { binEnd, binQuantiles, binStart, binValue, mergeBins, type NumberBins } from './number-bins.ts'

export interface NumbersSketch {
  readonly finite: number
  readonly nan: number
  readonly infinite: number
  readonly zeros: number
  readonly min: number
  readonly max: number
  readonly mean: number
  /** The sum of squared differences from the mean. */
  readonly squares: number
  readonly bins: NumberBins
}

export interface TextsSketch {
  /** The most frequent values. */
  readonly values: ReadonlyMap<string, number>
  /** By how much a count may be too low, and how often a value that is not there may have occurred; 0: all are there. */
  readonly error: number
  readonly minLength: number
  readonly maxLength: number
  readonly sumLength: number
}

export interface ColumnSketch {
  readonly name: string
  readonly type: ColumnType
  readonly storageType: string
  readonly rows: number
  readonly present: number
  readonly registers: Registers
  /** Of numbers and instants (epoch ms). */
  readonly numbers?: NumbersSketch | undefined
  /** Of texts and booleans. */
  readonly texts?: TextsSketch | undefined
}

/** The most frequent values that are kept of a column. */
export const maxKeptValues = 1_000

/** The type under which a column is seen whose values are of different kinds in different spans; compared with nothing. */
const mixedType = 'other'

/** @throws RangeError without a sketch */
export function mergeSketches(sketches: readonly ColumnSketch[]): ColumnSketch {
  const [first] = sketches
  if (first === undefined) throw new RangeError('There is nothing to merge.')
  // A column without any value has no kind of its own to disagree.
  const telling = sketches.filter(({ present }) => present > 0)
  const kinds = new Set(telling.map(({ type }) => kindOf(type)))
  const typed = telling.length > 0 ? telling : sketches
  const isMixed = kinds.size > 1
  const numbers = telling.flatMap((sketch) => sketch.numbers ?? [])
  const texts = telling.flatMap((sketch) => sketch.texts ?? [])
  return {
    name: first.name,
    type: isMixed ? mixedType : commonType(typed.map(({ type }) => type)),
    // The same whatever the order.
    storageType: [...new Set(typed.map(({ storageType }) => storageType))].sort().at(0) ?? first.storageType,
    rows: sum(sketches.map(({ rows }) => rows)),
    present: sum(sketches.map(({ present }) => present)),
    registers: sketches.map(({ registers }) => registers).reduce(mergeRegisters),
    ...(!isMixed && numbers.length > 0 && { numbers: mergeNumbers(numbers) }),
    ...(!isMixed && texts.length > 0 && { texts: mergeTexts(texts) }),
  }
}

type Kind = 'numbers' | 'instants' | 'texts' | 'other'

function kindOf(type: ColumnType): Kind {
  switch (type) {
    case 'integer':
    case 'number':
      return 'numbers'
    case 'timestamp':
      return 'instants'
    case 'text':
    case 'boolean':
      return 'texts'
    case 'other':
      return 'other'
  }
}

/** Of one kind: `number` covers `integer`, `text` covers `boolean`. */
function commonType(types: readonly ColumnType[]): ColumnType {
  for (const wider of ['other', 'number', 'text'] as const) if (types.includes(wider)) return wider
  return types[0] ?? 'other'
}

function mergeNumbers(all: readonly NumbersSketch[]): NumbersSketch {
  const withValues = all.filter(({ finite }) => finite > 0)
  const finite = sum(withValues.map((each) => each.finite))
  // In one order, so that the last digits do not depend on that of the spans.
  const ordered = [...withValues].sort((a, b) => a.mean - b.mean || a.squares - b.squares || a.finite - b.finite)
  const mean = sum(ordered.map((each) => each.mean * (each.finite / finite)))
  return {
    finite,
    nan: sum(all.map(({ nan }) => nan)),
    infinite: sum(all.map(({ infinite }) => infinite)),
    zeros: sum(all.map(({ zeros }) => zeros)),
    min: Math.min(...withValues.map(({ min }) => min)),
    max: Math.max(...withValues.map(({ max }) => max)),
    mean,
    squares: sum(ordered.map((each) => each.squares + each.finite * (each.mean - mean) ** 2)),
    bins: mergeBins(all.map(({ bins }) => bins)),
  }
}

function mergeTexts(all: readonly TextsSketch[]): TextsSketch {
  const counts = new Map<string, number>()
  for (const { values } of all) {
    for (const [value, count] of values) counts.set(value, (counts.get(value) ?? 0) + count)
  }
  const { values, dropped } = mostFrequent(counts)
  return {
    values,
    error: sum(all.map(({ error }) => error)) + dropped,
    minLength: Math.min(...all.map(({ minLength }) => minLength)),
    maxLength: Math.max(...all.map(({ maxLength }) => maxLength)),
    sumLength: sum(all.map(({ sumLength }) => sumLength)),
  }
}

/** `dropped`: the largest count of a value that was not kept. */
export function mostFrequent(counts: ReadonlyMap<string, number>): { values: Map<string, number>; dropped: number } {
  const ordered = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
  return { values: new Map(ordered.slice(0, maxKeptValues)), dropped: ordered[maxKeptValues]?.[1] ?? 0 }
}

/** Rows in which the column is not there at all count as missing. */
export function statisticsOfSketch(sketch: ColumnSketch, rows: number): ColumnStatistics {
  const { name, type, storageType, present, registers, numbers, texts } = sketch
  const base = { name, type, storageType, missing: rows - present }
  if (texts !== undefined) {
    const isComplete = texts.error === 0
    return {
      ...base,
      distinct: isComplete ? texts.values.size : Math.max(distinctOf(registers), texts.values.size + 1),
      categorical: {
        topValues: [...texts.values].map(([value, count]) => ({ value, count })),
        minLength: texts.minLength,
        maxLength: texts.maxLength,
        avgLength: present === 0 ? 0 : texts.sumLength / present,
      },
    }
  }
  const distinct = distinctOf(registers)
  if (numbers === undefined || numbers.finite === 0) return { ...base, distinct }
  return { ...base, distinct, numeric: numericStatistics(numbers, type) }
}

function numericStatistics(numbers: NumbersSketch, type: ColumnType): NonNullable<ColumnStatistics['numeric']> {
  const { finite, bins, min, max, mean, squares, zeros, nan, infinite } = numbers
  const clamp = (value: number) => Math.min(Math.max(value, min), max)
  const common = { min, max, mean, stdDev: Math.sqrt(squares / finite), zeros, nan, infinite }
  const quantiles = binQuantiles(bins, quantilePositions).map(clamp)
  // Of instants only the figures are kept.
  if (type === 'timestamp') {
    const ends = quantilePositions.map((position) => min + (max - min) * position)
    return { ...common, quantiles: ends, histogram: { edges: [min, max], counts: [finite] } }
  }
  return {
    ...common,
    quantiles: [min, ...quantiles.slice(1, -1), max],
    histogram: histogramOfBins(bins, clamp),
    bins,
    ...exactValues(bins, type),
  }
}

/** Few whole numbers, each in a bin of its own, are known exactly. */
function exactValues({ bits, keys, counts }: NumberBins, type: ColumnType) {
  const isExact =
    type === 'integer' && keys.length <= 100 && keys.every((key) => binEnd(key, bits) - binStart(key, bits) <= 1)
  if (!isExact) return {}
  return { values: keys.map((key, index) => ({ value: binValue(key, bits), count: counts[index] ?? 0 })) }
}

/** Neighbouring bins with the gaps between them, which hold nothing. */
function histogramOfBins({ bits, keys, counts }: NumberBins, clamp: (value: number) => number) {
  const edges: number[] = []
  const filled: number[] = []
  for (const [index, key] of keys.entries()) {
    const from = clamp(binStart(key, bits))
    const last = edges.at(-1)
    if (last === undefined) edges.push(from)
    else if (last < from) {
      edges.push(from)
      filled.push(0)
    }
    edges.push(clamp(binEnd(key, bits)))
    filled.push(counts[index] ?? 0)
  }
  return { edges, counts: filled }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
