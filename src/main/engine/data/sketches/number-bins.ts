/**
 * The quantile sketch of numbers: counts in the bins of one fixed grid, the same for all data, so that sketches can be
 * merged and compared without guesses.
 *
 * The grid is that of floating-point numbers: between two powers of two lie 2^bits bins of equal width. Two bins of `bits`
 * make one of `bits - 1`. A sketch has at most `maxBins` bins that are not empty and the most bits with which that holds,
 * so that merging gives the same sketch in whatever order and grouping: it is exactly associative and commutative. A
 * quantile is off by no more than the width of its bin, 2^-bits of its own size; counts are exact. Pure.
 */
import type { z } from 'zod'
import type { numberBinsSchema } from '#shared/statistics.ts'

/** Keys ascend; `counts[i]` values lie in the bin `keys[i]`, see `binStart`. */
export type NumberBins = z.infer<typeof numberBinsSchema>

/** The finest grid: a millionth of the value. */
export const finestBits = 20
/** Enough for a curve, few enough to keep by day and column. */
export const maxBins = 512
/** Exponents of 64-bit numbers are above its negative: keys of positive numbers are positive. */
const exponentOffset = 1_100
/** Numbers closer to zero are zero. */
const smallestNumber = 2 ** -1_000

export const emptyBins: NumberBins = { bits: finestBits, keys: [], counts: [] }

/** The key of the bin of a finite number: positive, negative, or 0 for zero alone. Keys rise with the numbers. */
export function binKey(value: number, bits: number): number {
  const size = Math.abs(value)
  if (size < smallestNumber) return 0
  // Where the logarithm is rounded over a power of two, the next line still gives the same point of the line.
  const exponent = Math.floor(Math.log2(size))
  const key = Math.floor((size / 2 ** exponent - 1 + exponent + exponentOffset) * 2 ** bits)
  return value < 0 ? -key : key
}

/** `binKey` in DuckDB's SQL, for an expression of type DOUBLE that is finite where it is not null. */
export function binKeySql(value: string, bits: number): string {
  const exponent = `floor(log2(abs(${value})))`
  const place = `abs(${value}) / pow(2, ${exponent}) - 1 + ${exponent} + ${exponentOffset}`
  return `case when abs(${value}) < ${smallestNumber} then 0 else sign(${value})::BIGINT * floor((${place}) * ${2 ** bits})::BIGINT end`
}

/** The key in a coarser grid, `steps` bits less, in SQL. */
export function coarserKeySql(key: string, steps: number): string {
  return `sign(${key})::BIGINT * (abs(${key}) // ${2 ** steps})`
}

/** The end of the bin that is nearer to zero, which belongs to it. */
function nearEnd(key: number, bits: number): number {
  const place = Math.abs(key) / 2 ** bits - exponentOffset
  const exponent = Math.floor(place)
  return Math.sign(key) * (1 + place - exponent) * 2 ** exponent
}

/** The smallest number of the bin, or its lower end. */
export function binStart(key: number, bits: number): number {
  return key > 0 ? nearEnd(key, bits) : key < 0 ? nearEnd(key - 1, bits) : 0
}

/** The largest number of the bin, or its upper end. */
export function binEnd(key: number, bits: number): number {
  return key > 0 ? nearEnd(key + 1, bits) : key < 0 ? nearEnd(key, bits) : 0
}

/** Counted values, in any order. */
export function binsOfValues(values: Iterable<{ readonly value: number; readonly count: number }>): NumberBins {
  const counts = new Map<number, number>()
  for (const { value, count } of values) add(counts, binKey(value, finestBits), count)
  return fitted(counts, finestBits)
}

/** Counts by key in a grid, as a sketch. */
export function binsOfCounts(counts: ReadonlyMap<number, number>, bits: number): NumberBins {
  return fitted(counts, bits)
}

/** The sketch of all values of all sketches. */
export function mergeBins(sketches: readonly NumberBins[]): NumberBins {
  const bits = Math.min(finestBits, ...sketches.map((sketch) => sketch.bits))
  const counts = new Map<number, number>()
  for (const sketch of sketches) addAll(counts, sketch, bits)
  return fitted(counts, bits)
}

/** Both in the grid of the coarser one, with the same keys. */
export function alignBins(a: NumberBins, b: NumberBins): { bits: number; keys: number[]; a: number[]; b: number[] } {
  const bits = Math.min(a.bits, b.bits)
  const [left, right] = [new Map<number, number>(), new Map<number, number>()]
  addAll(left, a, bits)
  addAll(right, b, bits)
  const keys = [...new Set([...left.keys(), ...right.keys()])].sort((x, y) => x - y)
  const of = (counts: ReadonlyMap<number, number>) => keys.map((key) => counts.get(key) ?? 0)
  return { bits, keys, a: of(left), b: of(right) }
}

/** A number of the bin that holds the given share of all values at or below: its middle, or the whole number in it. */
export function binQuantiles({ bits, keys, counts }: NumberBins, positions: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0)
  let index = 0
  let below = counts[0] ?? 0
  return positions.map((position) => {
    while (below < position * total && index < keys.length - 1) {
      index++
      below += counts[index] ?? 0
    }
    return binValue(keys[index] ?? 0, bits)
  })
}

/** A number that stands for all of the bin: the one whole number in it, else its middle. */
export function binValue(key: number, bits: number): number {
  const [from, to] = [binStart(key, bits), binEnd(key, bits)]
  const whole = key < 0 ? Math.floor(to) : Math.ceil(from)
  const isInside = key < 0 ? whole > from : whole < to
  const other = key < 0 ? whole - 1 > from : whole + 1 < to
  return key === 0 ? 0 : isInside && !other ? whole : (from + to) / 2
}

function addAll(counts: Map<number, number>, sketch: NumberBins, bits: number): void {
  const factor = 2 ** (sketch.bits - bits)
  for (const [index, key] of sketch.keys.entries()) add(counts, coarser(key, factor), sketch.counts[index] ?? 0)
}

function add(counts: Map<number, number>, key: number, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count)
}

function coarser(key: number, factor: number): number {
  return key < 0 ? -Math.floor(-key / factor) : Math.floor(key / factor)
}

/** Coarsened as far as need be. */
function fitted(counts: ReadonlyMap<number, number>, bits: number): NumberBins {
  let [current, currentBits] = [counts, bits]
  while (current.size > maxBins) {
    const next = new Map<number, number>()
    for (const [key, count] of current) add(next, coarser(key, 2), count)
    ;[current, currentBits] = [next, currentBits - 1]
  }
  const keys = [...current.keys()].sort((a, b) => a - b)
  return { bits: currentBits, keys, counts: keys.map((key) => current.get(key) ?? 0) }
}
