/** The registry of drift measures, and the comparison of whole datasets by them. */
import type { DriftMeasureName, DriftResult } from '#shared/drift.ts'
import type { ColumnStatistics, ColumnType, Statistics } from '#shared/statistics.ts'
import { EsteiraError, nearestName } from '../../kernel/errors.ts'
import { jensenShannonDivergence } from './jensen-shannon-divergence.ts'
import { lInfinity } from './l-infinity.ts'
import type { DriftMeasure } from './measure.ts'
import { populationStabilityIndex } from './population-stability-index.ts'

export type { ColumnSample, DriftMeasure } from './measure.ts'

const measures: Readonly<Record<DriftMeasureName, DriftMeasure>> = {
  'l-infinity': lInfinity,
  'jensen-shannon-divergence': jensenShannonDivergence,
  'population-stability-index': populationStabilityIndex,
}
export const driftMeasures: readonly DriftMeasure[] = Object.values(measures)

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
}

/**
 * Compares every column that both datasets have by one measure, in the order of the reference.
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
  const results: DriftResult[] = []
  for (const column of reference.columns) {
    const now = current.columns.find(({ name }) => name === column.name)
    const measure = measureFor(column, options)
    if (now === undefined || measure === undefined) continue
    const value = comparable(now, column)
      ? measure.compute({ rows: current.rows, statistics: now }, { rows: reference.rows, statistics: column })
      : null
    const threshold = options.thresholds?.[column.name] ?? measure.defaultThreshold
    const drifted = value !== null && (measure.drifts === 'above' ? value > threshold : value < threshold)
    results.push({ feature: column.name, measure: measure.name, value, threshold, drifted })
  }
  return results
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
function comparable(a: ColumnStatistics, b: ColumnStatistics): boolean {
  const kind = ({ numeric, categorical }: ColumnStatistics) => (numeric ? 'numbers' : categorical ? 'texts' : 'nothing')
  return kind(a) === kind(b) || kind(a) === 'nothing' || kind(b) === 'nothing'
}

function unknownColumn(name: string, known: readonly string[]): EsteiraError {
  const nearest = nearestName(name, known)
  return new EsteiraError('column-not-found', `The column "${name}" is not in the reference data.`, {
    allowed: known.join(', '),
    ...(nearest !== undefined && { nearest }),
  })
}
