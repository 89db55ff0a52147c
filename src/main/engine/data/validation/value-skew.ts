/** How far values have moved: against the span before (drift), and between training and serving (skew). Pure. */
import type { Anomaly, AnomalyType, Comparison } from '#shared/anomalies.ts'
import type { DatasetSchema, SchemaColumn } from '#shared/schema.ts'
import { sentence } from '#shared/sentences.ts'
import type { ColumnStatistics, Statistics } from '#shared/statistics.ts'
import { compareStatistics, type DriftOptions } from '../drift/index.ts'
import { anomaly, rounded } from './anomaly.ts'
import { typeFits } from './column-type.ts'

/** Names of TFDV for the measures that it has. */
const typeOfMeasure: Readonly<Record<string, AnomalyType>> = {
  'l-infinity': 'COMPARATOR_L_INFTY_HIGH',
  'jensen-shannon-divergence': 'COMPARATOR_JENSEN_SHANNON_DIVERGENCE_HIGH',
  'normalized-absolute-difference': 'COMPARATOR_NORMALIZED_ABSOLUTE_DIFFERENCE_HIGH',
}
const valueSkewTypes: ReadonlySet<AnomalyType> = new Set([...Object.values(typeOfMeasure), 'COMPARATOR_MEASURE_HIGH'])

/** Whether an anomaly belongs to the second verdict: values moved, and nothing is broken. */
export function isValueSkew({ type }: Pick<Anomaly, 'type'>): boolean {
  return valueSkewTypes.has(type)
}

export interface ValueSkew {
  readonly comparisons: Comparison[]
  readonly anomalies: Anomaly[]
}

/**
 * Compares every column that the schema expects here, unless it says `drift: false` (or `skew: false`), by the measure and
 * threshold that it names or those of the type. Columns that no measure compares, such as instants, are left out.
 */
export function compareValues(
  current: Statistics,
  reference: Statistics,
  schema: DatasetSchema,
  { comparator, environment }: { comparator: Comparison['comparator']; environment: string },
): ValueSkew {
  const columns = Object.entries(schema.columns).filter(
    ([, column]) => column[comparator] !== false && !column.notIn?.includes(environment),
  )
  const [now, before] = [columnsOf(current), columnsOf(reference)]
  const fits = (found: ColumnStatistics | undefined, column: SchemaColumn) =>
    found !== undefined && typeFits(found.type, column.type)
  const compared = columns.filter(([name, column]) => fits(now.get(name), column) && fits(before.get(name), column))
  const names = new Set(compared.map(([name]) => name))
  const only = (statistics: Statistics) => ({
    ...statistics,
    columns: statistics.columns.filter(({ name }) => names.has(name)),
  })
  const results = compareStatistics(only(current), only(reference), comparatorOptions(compared, comparator))
  const comparisons = results.map((result) => ({ ...result, comparator }))
  return {
    comparisons,
    anomalies: [
      ...columns.flatMap(([name, column]) =>
        fits(now.get(name), column) && typeof column[comparator] === 'object' && !names.has(name)
          ? [withoutControl(name, column, comparator, before.get(name))]
          : [],
      ),
      ...comparisons
        .filter(({ drifted }) => drifted)
        .map((comparison) =>
          moved(comparison, now.get(comparison.feature), before.get(comparison.feature), [
            current.rows,
            reference.rows,
          ]),
        ),
    ],
  }
}

function columnsOf({ columns }: Statistics): Map<string, ColumnStatistics> {
  return new Map(columns.map((column) => [column.name, column]))
}

/** What a schema says of the comparison of its columns, in the terms of the drift measures. */
export function comparatorOptions(
  columns: readonly (readonly [string, SchemaColumn])[],
  comparator: Comparison['comparator'],
): DriftOptions {
  const named = columns.flatMap(([name, column]) => {
    const chosen = column[comparator]
    return typeof chosen === 'object' ? [{ name, ...chosen }] : []
  })
  return {
    thresholds: Object.fromEntries(named.map(({ name, threshold }) => [name, threshold])),
    measures: Object.fromEntries(
      named.flatMap(({ name, measure }) => (measure === undefined ? [] : [[name, measure]])),
    ),
  }
}

const against = { drift: 'the span before', skew: 'the other side of training and serving' } as const

function withoutControl(
  name: string,
  column: SchemaColumn,
  comparator: Comparison['comparator'],
  found: ColumnStatistics | undefined,
): Anomaly {
  return anomaly('COMPARATOR_CONTROL_DATA_MISSING', name, {
    rule: comparator,
    severity: 'WARNING',
    short: 'Nothing to compare with',
    description: `The column "${name}" cannot be compared: ${against[comparator]} has ${found === undefined ? 'no such column' : `one of type ${found.type}`}.`,
    expected: sentence('column-of-type-in', { type: column.type, more: against[comparator] }),
    found: found === undefined ? sentence('no-such-column', {}) : sentence('column-of-type', { type: found.type }),
  })
}

function moved(
  { comparator, feature, measure, value, threshold, limit = threshold, drifts }: Comparison,
  now: ColumnStatistics | undefined,
  before: ColumnStatistics | undefined,
  rows: readonly [now: number, before: number],
): Anomaly {
  const distance = rounded(value ?? 0)
  const worst = now && before && largestChange(now, before, rows)
  const example = worst && `"${worst.value}" from ${shareText(worst.before)} to ${shareText(worst.now)}`
  return anomaly(typeOfMeasure[measure] ?? 'COMPARATOR_MEASURE_HIGH', feature, {
    rule: comparator,
    severity: 'WARNING',
    short: comparator === 'drift' ? 'Values moved' : 'Training and serving differ',
    description: `The values of the column "${feature}" differ from those of ${against[comparator]}: ${measure} ${distance}, ${drifts === 'below' ? 'below' : 'beyond'} ${rounded(limit)}.${example ? ` Most of all ${example}.` : ''}`,
    expected: sentence(drifts === 'below' ? 'measure-at-least' : 'measure-at-most', { measure, value: rounded(limit) }),
    found: `${distance}`,
    examples: worst === undefined ? [] : [worst.value],
    figures: { value: distance, limit: rounded(limit) },
  })
}

const shareText = (share: number) => `${(100 * share).toFixed(1)} %`

/** The value whose share changed most, as TFDV reports it. */
function largestChange(
  now: ColumnStatistics,
  before: ColumnStatistics,
  [rowsNow, rowsBefore]: readonly [number, number],
): { value: string; now: number; before: number } | undefined {
  if (now.categorical === undefined || before.categorical === undefined) return undefined
  const shares = new Map<string, { now: number; before: number }>()
  for (const { value, count } of now.categorical.topValues) shares.set(value, { now: count / rowsNow, before: 0 })
  for (const { value, count } of before.categorical.topValues) {
    shares.set(value, { now: shares.get(value)?.now ?? 0, before: count / rowsBefore })
  }
  const changes = [...shares].map(([value, share]) => ({ value, ...share }))
  return changes.sort((a, b) => Math.abs(b.now - b.before) - Math.abs(a.now - a.before))[0]
}
