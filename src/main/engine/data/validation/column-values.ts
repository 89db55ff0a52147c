/** The values of a column of the expected type: presence, different values, domain. Pure. */
import type { Anomaly, AnomalyType } from '#shared/anomalies.ts'
import type { SchemaColumn } from '#shared/schema.ts'
import { sentence } from '#shared/sentences.ts'
import type { ColumnStatistics, NumericStatistics } from '#shared/statistics.ts'
import { comparable } from '../schema-bounds.ts'
import { anomaly, list, maxExamples, percentage, rounded } from './anomaly.ts'
import { semanticOf } from './semantic.ts'

export function presenceAnomalies(name: string, column: SchemaColumn, present: number, rows: number): Anomaly[] {
  const { minFraction, minCount } = column.presence ?? {}
  const fraction = rows === 0 ? 0 : present / rows
  if (rows > 0 && present === 0 && ((minFraction ?? 0) > 0 || (minCount ?? 0) > 0)) {
    return [
      anomaly('FEATURE_TYPE_NOT_PRESENT', name, {
        short: 'No values',
        description: `Every value of the column "${name}" is missing.`,
        expected: sentence('one-value', {}),
        found: 'none',
        figures: { value: 0, faulty: rows },
      }),
    ]
  }
  const anomalies: Anomaly[] = []
  if (minFraction !== undefined && rows > 0 && fraction < minFraction) {
    anomalies.push(
      anomaly('FEATURE_TYPE_LOW_FRACTION_PRESENT', name, {
        short: 'Too many missing values',
        description: `The column "${name}" has values in ${present} of ${rows} rows; ${rows - present} are missing.`,
        expected: sentence('share-at-least', { value: minFraction }),
        found: String(rounded(fraction)),
        figures: { value: rounded(fraction), limit: minFraction, faulty: rows - present },
      }),
    )
  }
  if (minCount !== undefined && present < minCount) {
    anomalies.push(
      anomaly('FEATURE_TYPE_LOW_NUMBER_PRESENT', name, {
        short: 'Too few values',
        description: `The column "${name}" has ${present} values, fewer than ${minCount}.`,
        expected: sentence('values-at-least', { count: minCount }),
        found: String(present),
        figures: { value: present, limit: minCount, faulty: rows - present },
      }),
    )
  }
  return anomalies
}

/** @param distinct counted exactly, or near enough to judge (see `distinctRule`) */
export function uniqueAnomalies(name: string, { unique }: SchemaColumn, distinct: number, present: number): Anomaly[] {
  if (unique === undefined) return []
  const share = rounded(distinct / present)
  const limits = [
    { type: 'FEATURE_TYPE_LOW_UNIQUE', limit: unique.min, value: distinct },
    { type: 'FEATURE_TYPE_HIGH_UNIQUE', limit: unique.max, value: distinct },
    { type: 'FEATURE_TYPE_LOW_UNIQUE', limit: unique.minFraction, value: share, rule: 'minFraction' },
    { type: 'FEATURE_TYPE_HIGH_UNIQUE', limit: unique.maxFraction, value: share, rule: 'maxFraction' },
  ] as const
  return limits.flatMap((one) => {
    const { type, limit, value } = one
    const low = type === 'FEATURE_TYPE_LOW_UNIQUE'
    if (limit === undefined || (low ? value >= limit : value <= limit)) return []
    const rule = 'rule' in one ? one.rule : undefined
    const few = low ? 'Too few different values' : 'Too many different values'
    const repeated = rule === undefined ? '' : `, a share of ${share}`
    return [
      anomaly(type, name, {
        ...(rule !== undefined && { rule }),
        short: rule === 'minFraction' && limit === 1 ? 'Repeated values' : few,
        description: `The column "${name}" has ${distinct} different values among ${present}${repeated}.`,
        expected:
          rule === undefined
            ? sentence(low ? 'distinct-at-least' : 'distinct-at-most', { count: limit })
            : sentence('distinct-share', { more: sentence(low ? 'at-least' : 'at-most', { value: limit }) }),
        found: String(value),
        figures: { value, limit, ...(rule === 'minFraction' && { faulty: present - distinct }) },
      }),
    ]
  })
}

/** The different values of lists, structs and binary values are not counted. */
export function notCounted(name: string, storageType: string): Anomaly {
  return anomaly('FEATURE_TYPE_NO_UNIQUE', name, {
    short: 'Different values are not counted',
    description: `The column "${name}" is of type ${storageType}, whose different values are not counted.`,
    expected: sentence('comparable-column', {}),
    found: storageType,
  })
}

/** Values outside of the listed ones, where the statistics hold every value. */
export function valueAnomalies(statistic: ColumnStatistics, column: SchemaColumn, present: number): Anomaly[] {
  const domain = column.domain?.values
  const { categorical } = statistic
  if (domain === undefined || categorical === undefined) return []
  const allowed = new Set(domain)
  const unexpected = categorical.topValues.filter(({ value }) => !allowed.has(value))
  const faulty = unexpected.reduce((sum, value) => sum + value.count, 0)
  return unexpectedValues(statistic, column, {
    faulty,
    present,
    values: unexpected.map(({ value }) => value),
    complete: categorical.topValues.length === statistic.distinct,
  })
}

interface Unexpected {
  readonly faulty: number
  readonly present: number
  readonly values: readonly string[]
  /** Whether `values` are all there are. */
  readonly complete: boolean
}

export function unexpectedValues(statistic: ColumnStatistics, column: SchemaColumn, seen: Unexpected): Anomaly[] {
  const { faulty, present, values, complete } = seen
  const domain = column.domain?.values ?? []
  const mass = column.minDomainMass ?? 1
  const share = (present - faulty) / present
  if (faulty === 0 || share >= mass) return []
  const type: AnomalyType =
    statistic.type === 'boolean' ? 'BOOL_TYPE_UNEXPECTED_STRING' : 'ENUM_TYPE_UNEXPECTED_STRING_VALUES'
  const kinds = !complete
    ? 'unexpected values'
    : values.length === 1
      ? 'one unexpected value'
      : `${values.length} unexpected values`
  return [
    anomaly(type, statistic.name, {
      short: 'Unexpected values',
      description: `The column "${statistic.name}" has ${kinds}, in ${faulty} rows (${percentage(faulty / present)}).`,
      expected:
        mass === 1
          ? sentence('among', { count: domain.length, values: list(domain) })
          : sentence('share-among', { value: mass, count: domain.length, values: list(domain) }),
      found: list(values),
      examples: values.slice(0, maxExamples),
      figures: { value: rounded(share), limit: mass, faulty },
    }),
  ]
}

/** Texts that all have a well-known form of which the schema says nothing: worth a word, never a stop. */
export function semanticAnomalies(statistic: ColumnStatistics, { domain }: SchemaColumn): Anomaly[] {
  if (domain?.values !== undefined || domain?.pattern !== undefined) return []
  const semantic = semanticOf(statistic)
  if (semantic === undefined) return []
  return [
    anomaly('SEMANTIC_DOMAIN_UPDATE', statistic.name, {
      severity: 'WARNING',
      short: 'A form that the schema does not know',
      description: `Every value of the column "${statistic.name}" is ${semantic.words}; the schema does not say so.`,
      expected: sentence('pattern-in-schema', {}),
      found: semantic.words,
      examples: statistic.categorical?.topValues.slice(0, 3).map(({ value }) => value) ?? [],
    }),
  ]
}

export function numberAnomalies(statistic: ColumnStatistics, { domain = {}, type }: SchemaColumn): Anomaly[] {
  const { name, numeric } = statistic
  if (numeric === undefined) return []
  const shown = (value: number) => (type === 'timestamp' ? new Date(value).toISOString() : String(value))
  const whole = type !== 'number'
  const anomalies: Anomaly[] = []
  if (domain.min !== undefined && numeric.min < comparable(domain.min)) {
    anomalies.push(
      anomaly(whole ? 'INT_TYPE_SMALL_INT' : 'FLOAT_TYPE_SMALL_FLOAT', name, {
        short: 'Too small',
        description: `The column "${name}" has values below ${domain.min}.`,
        expected: sentence('at-least', { value: domain.min }),
        found: shown(numeric.min),
        examples: [shown(numeric.min)],
        figures: { value: numeric.min, limit: comparable(domain.min) },
      }),
    )
  }
  if (domain.max !== undefined && numeric.max > comparable(domain.max)) {
    anomalies.push(
      anomaly(whole ? 'INT_TYPE_BIG_INT' : 'FLOAT_TYPE_BIG_FLOAT', name, {
        short: 'Too large',
        description: `The column "${name}" has values above ${domain.max}.`,
        expected: sentence('at-most', { value: domain.max }),
        found: shown(numeric.max),
        examples: [shown(numeric.max)],
        figures: { value: numeric.max, limit: comparable(domain.max) },
      }),
    )
  }
  return [...anomalies, ...nonFiniteAnomalies(name, numeric, domain)]
}

function nonFiniteAnomalies(
  name: string,
  { nan, infinite }: NumericStatistics,
  { allowNan, allowInfinite }: NonNullable<SchemaColumn['domain']>,
): Anomaly[] {
  const anomalies: Anomaly[] = []
  const expected = sentence('finite-numbers', {})
  if (nan > 0 && !allowNan) {
    const description = `The column "${name}" has ${nan} values that are not a number.`
    const details = { short: 'Not a number', description, expected, found: `${nan} NaN` }
    anomalies.push(anomaly('FLOAT_TYPE_HAS_NAN', name, { ...details, figures: { faulty: nan, limit: 0 } }))
  }
  if (infinite > 0 && !allowInfinite) {
    const description = `The column "${name}" has ${infinite} infinite values.`
    const details = { short: 'Infinite numbers', description, expected, found: `${infinite} infinite` }
    anomalies.push(anomaly('FLOAT_TYPE_HAS_INF', name, { ...details, figures: { faulty: infinite, limit: 0 } }))
  }
  return anomalies
}
