/** The registry of drift measures, and the comparison of whole datasets by them. */
import type { DriftMeasurement, DriftMeasureName, DriftResult } from '#shared/drift.ts'
import type { ColumnStatistics, ColumnType, Statistics } from '#shared/statistics.ts'
import { EsteiraError, nearestName } from '../../kernel/errors.ts'
import { chiSquare } from './chi-square.ts'
import { labelledCells } from './distribution.ts'
import { jensenShannonDivergence } from './jensen-shannon-divergence.ts'
import { kolmogorovSmirnov } from './kolmogorov-smirnov.ts'
import { lInfinity } from './l-infinity.ts'
import type { ColumnSample, DriftMeasure } from './measure.ts'
import { normalizedAbsoluteDifference } from './normalized-absolute-difference.ts'
import { populationStabilityIndex } from './population-stability-index.ts'
import { wasserstein } from './wasserstein.ts'

export type { ColumnSample, DriftMeasure } from './measure.ts'

const measures: Readonly<Record<DriftMeasureName, DriftMeasure>> = {
  'l-infinity': lInfinity,
  'jensen-shannon-divergence': jensenShannonDivergence,
  'population-stability-index': populationStabilityIndex,
  'chi-square': chiSquare,
  wasserstein,
  'kolmogorov-smirnov': kolmogorovSmirnov,
  'normalized-absolute-difference': normalizedAbsoluteDifference,
}
export const driftMeasures: readonly DriftMeasure[] = Object.values(measures)

/** How often, at most, a comparison of data that does not drift names any column: docs/drift.md says how it is kept. */
export const defaultFalseAlarmRate = 0.01

/** The measure for a column unless one is chosen; undefined for columns that are not compared: time always moves on. */
export function defaultMeasure(type: ColumnType): DriftMeasure | undefined {
  if (type === 'integer' || type === 'number') return jensenShannonDivergence
  return type === 'text' || type === 'boolean' ? lInfinity : undefined
}

export interface DriftOptions {
  /** Column name to threshold; others have the default of their measure. */
  readonly thresholds?: Readonly<Record<string, number>> | undefined
  /** Column name to measure. */
  readonly measures?: Readonly<Record<string, DriftMeasureName>> | undefined
  /** Of all columns together. Default: `defaultFalseAlarmRate`. */
  readonly falseAlarmRate?: number | undefined
  /** Leaves out the measures that do not decide, and the distributions. */
  readonly brief?: boolean | undefined
}

/** A column of both samples with the measure that decides about it. */
interface Comparison {
  readonly current: ColumnSample
  readonly reference: ColumnSample
  readonly measure: DriftMeasure
}

/**
 * Compares every column that both datasets have, in the order of the reference: by all measures that apply, one of which
 * decides. A distance drifts beyond its threshold and beyond what chance reaches in samples of this size.
 * @throws EsteiraError `column-not-found` for a chosen measure or threshold of an unknown column, `invalid-usage` for a
 *   measure that does not apply to the type of its column
 */
export function compareStatistics(
  current: Statistics,
  reference: Statistics,
  options: DriftOptions = {},
): DriftResult[] {
  const known = reference.columns.map(({ name }) => name)
  for (const name of [...Object.keys(options.thresholds ?? {}), ...Object.keys(options.measures ?? {})]) {
    if (!known.includes(name)) throw unknownColumn(name, known)
  }
  const now = new Map(current.columns.map((column) => [column.name, column]))
  const comparisons: Comparison[] = []
  for (const column of reference.columns) {
    const statistics = now.get(column.name)
    const measure = measureFor(column, options)
    if (statistics === undefined || measure === undefined) continue
    const before = { rows: reference.rows, statistics: column }
    comparisons.push({ current: { rows: current.rows, statistics }, reference: before, measure })
  }
  // Bonferroni: all columns together raise a false alarm no more often than the rate says.
  const probability = (options.falseAlarmRate ?? defaultFalseAlarmRate) / Math.max(comparisons.length, 1)
  return comparisons.map((comparison) => compareColumn(comparison, options, probability))
}

function compareColumn(
  { current, reference, measure }: Comparison,
  { thresholds = {}, brief = false }: DriftOptions,
  probability: number,
): DriftResult {
  const { name, type } = reference.statistics
  const isComparable = comparable(current.statistics, reference.statistics)
  const by = (each: DriftMeasure, chosen?: number) =>
    measured(each, isComparable ? { current, reference } : undefined, chosen, probability)
  const deciding = by(measure, thresholds[name])
  const distance = isComparable ? distanceBeyondChance(current, reference, probability) : 0
  if (brief) return { feature: name, ...deciding, distance }
  const others = driftMeasures.filter((each) => each !== measure && each.types.includes(type))
  return {
    feature: name,
    ...deciding,
    distance,
    measures: [deciding, ...others.map((each) => by(each))],
    cells: isComparable ? shownCells(current, reference) : [],
  }
}

/** @param chosen a threshold that a person set: a p-value is held against it as it is */
function measured(
  measure: DriftMeasure,
  samples: Pick<Comparison, 'current' | 'reference'> | undefined,
  chosen: number | undefined,
  probability: number,
): DriftMeasurement {
  const { name, drifts, defaultThreshold } = measure
  const threshold = chosen ?? defaultThreshold
  const value = samples ? measure.compute(samples.current, samples.reference) : null
  if (samples === undefined || value === null)
    return { measure: name, value, threshold, drifted: false, drifts, limit: threshold }
  const chance = measure.chance(samples.current, samples.reference, probability)
  if (drifts === 'above') {
    const limit = Math.max(threshold, chance)
    return { measure: name, value, threshold, drifted: value > limit, drifts, limit }
  }
  const limit = chosen ?? Math.min(threshold, chance)
  return { measure: name, value, threshold, drifted: value < limit, drifts, limit }
}

/** Equal distributions may differ as much in the last digits. */
const rounding = 1e-12

/** The Jensen-Shannon distance; 0 where chance alone explains it. */
function distanceBeyondChance(current: ColumnSample, reference: ColumnSample, probability: number): number {
  const divergence = jensenShannonDivergence.compute(current, reference)
  const chance = jensenShannonDivergence.chance(current, reference, probability)
  if (divergence === null || divergence <= chance + rounding) return 0
  return Math.sqrt(divergence)
}

/** More values than these are not looked at one by one. */
const maxShownValues = 20

/** All ranges of numbers; of values the commonest, the others put together. Cells that hold nothing are left out. */
function shownCells(current: ColumnSample, reference: ColumnSample) {
  const cells = labelledCells(current, reference)
  const values = cells.filter(({ kind }) => kind === 'value')
  const weight = (cell: (typeof cells)[number]) => cell.current + cell.reference
  const shown = new Set([...values].sort((a, b) => weight(b) - weight(a)).slice(0, maxShownValues))
  const left = values.filter((cell) => !shown.has(cell))
  const sum = (side: 'current' | 'reference') => left.reduce((total, cell) => total + cell[side], 0)
  return cells
    .filter((cell) => cell.kind !== 'value' || shown.has(cell))
    .map((cell) =>
      cell.kind === 'other'
        ? { ...cell, current: cell.current + sum('current'), reference: cell.reference + sum('reference') }
        : cell,
    )
    .filter((cell) => weight(cell) > 0)
}

function measureFor(column: ColumnStatistics, options: DriftOptions): DriftMeasure | undefined {
  const chosen = options.measures?.[column.name]
  if (chosen === undefined) return defaultMeasure(column.type)
  const measure = measures[chosen]
  if (measure.types.includes(column.type)) return measure
  throw new EsteiraError('invalid-usage', `The measure "${chosen}" does not apply to the column "${column.name}".`, {
    found: `a column of type ${column.type}`,
    allowed: `columns of type ${measure.types.join(', ')}`,
  })
}

/** A column whose values are of another kind than before is for the schema to judge, not for a distance. */
export function comparable(a: ColumnStatistics, b: ColumnStatistics): boolean {
  const kind = ({ type, numeric, categorical }: ColumnStatistics) =>
    type === 'other' ? type : numeric ? 'numbers' : categorical ? 'texts' : 'nothing'
  return kind(a) === kind(b) || kind(a) === 'nothing' || kind(b) === 'nothing'
}

function unknownColumn(name: string, known: readonly string[]): EsteiraError {
  const nearest = nearestName(name, known)
  return new EsteiraError('column-not-found', `The column "${name}" is not in the reference data.`, {
    allowed: known.join(', '),
    ...(nearest !== undefined && { nearest }),
  })
}
