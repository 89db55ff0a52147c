import { describe, expect, it } from 'vitest'
import type { Anomaly, AnomalyType } from '#shared/anomalies.ts'
import { anomalyTypeSchema } from '#shared/anomalies.ts'
import type { ColumnStatistics, Statistics } from '#shared/statistics.ts'
import { editYaml } from '../kernel/yaml-edit.ts'
import { acceptanceEdits, acceptanceInWords } from './accept.ts'
import { parseSchema } from './schema.ts'
import { type ValidationOptions, validateStatistics } from './validate.ts'
import { checkRuleId, distinctRuleId, patternRuleId, utf8RuleId } from './validation/row-rules.ts'

const rows = 100

function column(name: string, type: ColumnStatistics['type'], rest: Partial<ColumnStatistics> = {}): ColumnStatistics {
  return { name, type, storageType: type.toUpperCase(), missing: 0, distinct: 10, ...rest }
}

function numeric(min: number, max: number, rest: Partial<NonNullable<ColumnStatistics['numeric']>> = {}) {
  const histogram = { edges: [min, max], counts: [rows] }
  return {
    numeric: { min, max, mean: min, stdDev: 1, zeros: 0, nan: 0, infinite: 0, quantiles: [], histogram, ...rest },
  }
}

function values(...topValues: [string, number][]) {
  const counted = topValues.map(([value, count]) => ({ value, count }))
  return { categorical: { topValues: counted, minLength: 1, maxLength: 9, avgLength: 3 }, distinct: counted.length }
}

interface Case {
  readonly type: AnomalyType
  readonly column?: string
  readonly environment?: string
  readonly statistics: ColumnStatistics[]
  readonly options?: ValidationOptions
  /** Of the schema file, comments and odd layout included. */
  readonly before: string
  readonly after: string
  readonly words: string
}

const cases: Case[] = [
  {
    type: 'DATASET_LOW_NUM_EXAMPLES',
    statistics: [],
    before: 'rows: { min: 1000 } # enough\ncolumns: {}\n',
    after: 'rows: { min: 100 } # enough\ncolumns: {}\n',
    words: 'Sets "min" of the rows to 100.',
  },
  {
    type: 'DATASET_HIGH_NUM_EXAMPLES',
    statistics: [],
    before: '# All\nrows:\n  max: 10\ncolumns: {}\n',
    after: '# All\nrows:\n  max: 100\ncolumns: {}\n',
    words: 'Sets "max" of the rows to 100.',
  },
  {
    type: 'SCHEMA_NEW_COLUMN',
    column: 'extra',
    statistics: [column('a', 'integer', numeric(1, 2)), column('extra', 'text', values(['x', 60], ['y', 40]))],
    before: 'columns:\n  # The first.\n  a: { type: integer }\n',
    after:
      'columns:\n  # The first.\n  a: { type: integer }\n  extra: { type: text, presence: { minFraction: 1, minCount: 1 }, domain: { values: [x, y] } }\n',
    words: 'Adds the column "extra" of type text, as it was seen.',
  },
  {
    type: 'SCHEMA_MISSING_COLUMN',
    column: 'gone',
    statistics: [],
    before: 'columns:\n  gone:\n    type: text # once\n    presence: { minFraction: 1 }\n    unique: { max: 9 }\n',
    after: 'columns:\n  gone:\n    type: text # once\n    unique: { max: 9 }\n',
    words: 'The column "gone" may be absent.',
  },
  {
    type: 'SCHEMA_MISSING_COLUMN',
    column: 'late',
    environment: 'SERVING',
    statistics: [],
    before: 'columns:\n  late:\n    type: boolean\n    presence: { minFraction: 1 }\n',
    after: 'columns:\n  late:\n    type: boolean\n    presence: { minFraction: 1 }\n    notIn: [SERVING]\n',
    words: 'The column "late" is not expected in SERVING.',
  },
  {
    type: 'UNEXPECTED_DATA_TYPE',
    column: 'a',
    statistics: [column('a', 'text', values(['x', 100]))],
    before: 'columns:\n  a:\n    type: integer # whole\n    domain: { min: 0, max: 5 }\n    unique: { max: 90 }\n',
    after: 'columns:\n  a:\n    type: text # whole\n    unique: { max: 90 }\n',
    words: 'Changes the type of "a" from integer to text and takes away "min", "max".',
  },
  {
    type: 'UNEXPECTED_DATA_TYPE',
    column: 'a',
    statistics: [column('a', 'number', numeric(0.5, 2))],
    before: 'columns:\n  a: { type: integer, domain: { min: 0 } }\n',
    after: 'columns:\n  a: { type: number, domain: { min: 0 } }\n',
    words: 'Changes the type of "a" from integer to number.',
  },
  {
    type: 'FEATURE_TYPE_NOT_PRESENT',
    column: 'a',
    statistics: [column('a', 'text', { missing: rows, distinct: 0 })],
    before: 'columns:\n  a: { type: text, presence: { minFraction: 0.5, minCount: 0 } }\n',
    after: 'columns:\n  a: { type: text, presence: { minFraction: 0, minCount: 0 } }\n',
    words: 'Every value of "a" may be missing.',
  },
  {
    type: 'FEATURE_TYPE_LOW_FRACTION_PRESENT',
    column: 'a',
    statistics: [column('a', 'text', { missing: 33, ...values(['x', 67]) })],
    before: 'columns:\n  a: { type: text, presence: { minFraction: 1, minCount: 1 } }\n',
    after: 'columns:\n  a: { type: text, presence: { minFraction: 0.67, minCount: 1 } }\n',
    words: 'Sets "minFraction" of "a" to 0.67.',
  },
  {
    type: 'FEATURE_TYPE_LOW_NUMBER_PRESENT',
    column: 'a',
    statistics: [column('a', 'text', { missing: 40, ...values(['x', 60]) })],
    before: 'columns:\n  a:\n    type: text\n    presence:\n      minCount: 99 # nearly all\n',
    after: 'columns:\n  a:\n    type: text\n    presence:\n      minCount: 60 # nearly all\n',
    words: 'Sets "minCount" of "a" to 60.',
  },
  {
    type: 'FEATURE_TYPE_LOW_UNIQUE',
    column: 'a',
    statistics: [column('a', 'text', values(['x', 100]))],
    before: 'columns:\n  a: { type: text, unique: { min: 2, max: 5 } }\n',
    after: 'columns:\n  a: { type: text, unique: { min: 1, max: 5 } }\n',
    words: 'Sets "min" of the different values of "a" to 1.',
  },
  {
    type: 'FEATURE_TYPE_HIGH_UNIQUE',
    column: 'a',
    statistics: [column('a', 'integer', { ...numeric(1, 99), distinct: 99 })],
    before: 'columns:\n  a: { type: integer, unique: { max: 5 } }\n',
    after: 'columns:\n  a: { type: integer, unique: { max: 99 } }\n',
    words: 'Sets "max" of the different values of "a" to 99.',
  },
  {
    type: 'ENUM_TYPE_UNEXPECTED_STRING_VALUES',
    column: 'origin',
    statistics: [column('origin', 'text', values(['ATL', 50], ['12', 30], ['NEW', 15], ['null', 5]))],
    before: 'columns:\n  origin:\n    type: text\n    domain:\n      values: [ATL, 12] # airports\n',
    after: 'columns:\n  origin:\n    type: text\n    domain:\n      values: [ATL, 12, NEW, "null"] # airports\n',
    words: 'Adds "NEW", "null" to the values of "origin".',
  },
  {
    type: 'BOOL_TYPE_UNEXPECTED_STRING',
    column: 'late',
    statistics: [column('late', 'boolean', values(['false', 90], ['true', 10]))],
    before: 'columns:\n  late:\n    type: boolean\n    domain:\n      values:\n        - false\n',
    after: 'columns:\n  late:\n    type: boolean\n    domain:\n      values:\n        - false\n        - true\n',
    words: 'Adds "true" to the values of "late".',
  },
  {
    type: 'INT_TYPE_SMALL_INT',
    column: 'a',
    statistics: [column('a', 'integer', numeric(-7, 3))],
    before: 'columns:\n  a: { type: integer, domain: { min: 0 } }\n',
    after: 'columns:\n  a: { type: integer, domain: { min: -7 } }\n',
    words: 'Sets "min" of "a" to -7.',
  },
  {
    type: 'INT_TYPE_BIG_INT',
    column: 'at',
    statistics: [column('at', 'timestamp', numeric(0, Date.parse('2001-06-30T12:00:00.500Z')))],
    before: 'columns:\n  at: { type: timestamp, domain: { max: 2001-01-01 } }\n',
    after: 'columns:\n  at: { type: timestamp, domain: { max: 2001-06-30T12:00:00.500Z } }\n',
    words: 'Sets "max" of "at" to 2001-06-30T12:00:00.500Z.',
  },
  {
    type: 'INT_TYPE_SMALL_INT',
    column: 'at',
    statistics: [column('at', 'timestamp', numeric(Date.parse('2000-02-03'), Date.parse('2001-01-01')))],
    before: 'columns:\n  at: { type: timestamp, domain: { min: 2001-01-01 } }\n',
    after: 'columns:\n  at: { type: timestamp, domain: { min: 2000-02-03 } }\n',
    words: 'Sets "min" of "at" to 2000-02-03.',
  },
  {
    type: 'FLOAT_TYPE_SMALL_FLOAT',
    column: 'a',
    statistics: [column('a', 'number', numeric(-1e-7, 3))],
    before: 'columns:\n  a: { type: number, domain: { min: 0 } }\n',
    after: 'columns:\n  a: { type: number, domain: { min: -1e-7 } }\n',
    words: 'Sets "min" of "a" to -1e-7.',
  },
  {
    type: 'FLOAT_TYPE_BIG_FLOAT',
    column: 'a',
    statistics: [column('a', 'integer', numeric(0, 1e21))],
    before: 'columns:\n  a: { type: number, domain: { max: 10.5 } }\n',
    after: 'columns:\n  a: { type: number, domain: { max: 1e+21 } }\n',
    words: 'Sets "max" of "a" to 1e+21.',
  },
  {
    type: 'FLOAT_TYPE_HAS_NAN',
    column: 'a',
    statistics: [column('a', 'number', numeric(0, 1, { nan: 3 }))],
    before: 'columns:\n  a:\n    type: number\n    domain: { max: 10 }\n',
    after: 'columns:\n  a:\n    type: number\n    domain: { max: 10, allowNan: true }\n',
    words: '"a" may hold NaN.',
  },
  {
    type: 'FLOAT_TYPE_HAS_INF',
    column: 'a',
    statistics: [column('a', 'number', numeric(0, 1, { infinite: 3 }))],
    before: 'columns:\n  a:\n    type: number\n',
    after: 'columns:\n  a:\n    type: number\n    domain: { allowInfinite: true }\n',
    words: '"a" may hold infinite numbers.',
  },
  {
    type: 'COMPARATOR_LOW_NUM_EXAMPLES',
    statistics: [],
    options: { previous: { rows: 300, columns: [] } },
    before: 'rows: { minFractionOfPrevious: 0.5 } # a holiday\ncolumns: {}\n',
    after: 'rows: { minFractionOfPrevious: 0.3333 } # a holiday\ncolumns: {}\n',
    words: 'Sets "minFractionOfPrevious" of the rows to 0.3333.',
  },
  {
    type: 'COMPARATOR_HIGH_NUM_EXAMPLES',
    statistics: [],
    options: { previous: { rows: 30, columns: [] } },
    before: 'rows:\n  maxFractionOfPrevious: 2\ncolumns: {}\n',
    after: 'rows:\n  maxFractionOfPrevious: 3.3334\ncolumns: {}\n',
    words: 'Sets "maxFractionOfPrevious" of the rows to 3.3334.',
  },
  {
    type: 'DATASET_STALE',
    column: 'at',
    statistics: [column('at', 'timestamp', numeric(0, Date.parse('2001-06-01')))],
    options: { nowMs: Date.parse('2001-06-03T01:30:00Z') },
    before: 'freshness: { column: at, maxAge: 1d } # nightly\ncolumns:\n  at: { type: timestamp }\n',
    after: 'freshness: { column: at, maxAge: 50h } # nightly\ncolumns:\n  at: { type: timestamp }\n',
    words: 'Sets "maxAge" of the freshness to 50h.',
  },
  {
    type: 'CUSTOM_VALIDATION',
    statistics: [],
    options: { facts: { [checkRuleId(undefined, 'in order')]: { faulty: 5, examples: [] } } },
    before: 'checks:\n  in order: a <= b\ncolumns: {}\n',
    after: 'checks:\n  in order:\n    sql: a <= b\n    minFraction: 0.95\ncolumns: {}\n',
    words: '"in order" need hold for a share of 0.95 of the rows only.',
  },
  {
    type: 'CUSTOM_VALIDATION',
    column: 'a',
    statistics: [column('a', 'integer', numeric(1, 2))],
    options: { facts: { [checkRuleId('a', 'even')]: { faulty: 50, examples: [] } } },
    before: 'columns:\n  a: { type: integer, checks: { even: { sql: a % 2 = 0, minFraction: 0.9 } } }\n',
    after: 'columns:\n  a: { type: integer, checks: { even: { sql: a % 2 = 0, minFraction: 0.5 } } }\n',
    words: '"even" need hold for a share of 0.5 of the rows only.',
  },
  {
    type: 'FEATURE_TYPE_LOW_UNIQUE',
    column: 'id',
    statistics: [column('id', 'integer', { ...numeric(1, 99), distinct: 25_000 })],
    options: { facts: { [distinctRuleId('id')]: { faulty: 97, examples: [] } } },
    before: 'columns:\n  id: { type: integer, unique: { minFraction: 1, max: 25000 } }\n',
    after: 'columns:\n  id: { type: integer, unique: { minFraction: 0.97, max: 25000 } }\n',
    words: 'Sets "minFraction" of the different values of "id" to 0.97.',
  },
  {
    type: 'FEATURE_TYPE_HIGH_UNIQUE',
    column: 'a',
    statistics: [column('a', 'text', values(['x', 50], ['y', 50]))],
    before: 'columns:\n  a: { type: text, unique: { maxFraction: 0.01 } }\n',
    after: 'columns:\n  a: { type: text, unique: { maxFraction: 0.02 } }\n',
    words: 'Sets "maxFraction" of the different values of "a" to 0.02.',
  },
  {
    type: 'FEATURE_TYPE_NO_UNIQUE',
    column: 'a',
    statistics: [column('a', 'other')],
    before: 'columns:\n  a:\n    type: other\n    unique: { max: 9 } # lists\n',
    after: 'columns:\n  a:\n    type: other\n',
    words: 'Says nothing of the different values of "a" any more.',
  },
  {
    type: 'ENUM_TYPE_UNEXPECTED_STRING_VALUES',
    column: 'a',
    statistics: [column('a', 'text', values(['ATL', 93], ['atl', 7]))],
    options: { facts: { [patternRuleId('a')]: { faulty: 7, examples: ['atl'] } } },
    before: 'columns:\n  a:\n    type: text\n    domain: { pattern: "[A-Z]+" } # codes\n',
    after: 'columns:\n  a:\n    type: text\n    domain: { pattern: "[A-Z]+" } # codes\n    minDomainMass: 0.93\n',
    words: 'Sets "minDomainMass" of "a" to 0.93.',
  },
  {
    type: 'ENUM_TYPE_INVALID_UTF8',
    column: 'a',
    statistics: [column('a', 'other', { storageType: 'BLOB' })],
    options: { facts: { [utf8RuleId('a')]: { faulty: 1, examples: [] } } },
    before: 'columns:\n  a: { type: text }\n',
    after: 'columns:\n  a: { type: other }\n',
    words: 'Changes the type of "a" from text to other.',
  },
  {
    type: 'SEMANTIC_DOMAIN_UPDATE',
    column: 'a',
    statistics: [
      column('a', 'text', values(...[1, 2, 3, 4, 5].map((n): [string, number] => [`https://x.org/${n}`, 20]))),
    ],
    options: { facts: { [patternRuleId('a')]: { faulty: 0, examples: [] } } },
    before: 'columns:\n  a: { type: text }\n',
    after: 'columns:\n  a: { type: text, domain: { pattern: "https?://[^ ]+" } }\n',
    words: 'Every value of "a" must be a web address.',
  },
  {
    type: 'BOOL_TYPE_UNEXPECTED_STRING',
    column: 'a',
    statistics: [column('a', 'text', values(['true', 90], ['perhaps', 10]))],
    before: 'columns:\n  a: { type: boolean, domain: { values: [true] } }\n',
    after: 'columns:\n  a: { type: text }\n',
    words: 'Changes the type of "a" from boolean to text and takes away "values".',
  },
  {
    type: 'BOOL_TYPE_UNEXPECTED_FLOAT',
    column: 'a',
    statistics: [column('a', 'number', numeric(0, 0.5))],
    before: 'columns:\n  a: { type: boolean }\n',
    after: 'columns:\n  a: { type: number }\n',
    words: 'Changes the type of "a" from boolean to number.',
  },
  {
    type: 'BOOL_TYPE_SMALL_INT',
    column: 'a',
    statistics: [column('a', 'integer', numeric(-1, 1))],
    before: 'columns:\n  a: { type: boolean }\n',
    after: 'columns:\n  a: { type: integer }\n',
    words: 'Changes the type of "a" from boolean to integer.',
  },
  {
    type: 'BOOL_TYPE_BIG_INT',
    column: 'a',
    statistics: [column('a', 'integer', numeric(0, 2))],
    before: 'columns:\n  a: { type: boolean, domain: { values: [true, false] } }\n',
    after: 'columns:\n  a: { type: integer }\n',
    words: 'Changes the type of "a" from boolean to integer and takes away "values".',
  },
  {
    type: 'INT_TYPE_NOT_INT_STRING',
    column: 'a',
    statistics: [column('a', 'text', values(['1', 90], ['n/a', 10]))],
    before: 'columns:\n  a: { type: integer, domain: { min: 0 } }\n',
    after: 'columns:\n  a: { type: text }\n',
    words: 'Changes the type of "a" from integer to text and takes away "min".',
  },
  {
    type: 'FLOAT_TYPE_STRING_NOT_FLOAT',
    column: 'a',
    statistics: [column('a', 'text', values(['1.5', 90], ['-', 10]))],
    before: 'columns:\n  a: { type: number }\n',
    after: 'columns:\n  a: { type: text }\n',
    words: 'Changes the type of "a" from number to text.',
  },
  {
    type: 'COMPARATOR_CONTROL_DATA_MISSING',
    column: 'a',
    statistics: [column('a', 'text', values(['x', 100]))],
    options: { previous: { rows, columns: [] } },
    before: 'columns:\n  a: { type: text, drift: { threshold: 0.2 } }\n',
    after: 'columns:\n  a: { type: text, drift: false }\n',
    words: 'The column "a" is not compared any more.',
  },
  {
    type: 'COMPARATOR_L_INFTY_HIGH',
    column: 'a',
    statistics: [column('a', 'text', values(['x', 75], ['y', 25]))],
    options: { previous: { rows, columns: [column('a', 'text', values(['x', 25], ['y', 75]))] } },
    before: 'columns:\n  a: { type: text, drift: { measure: l-infinity, threshold: 0.2 } } # seasons\n',
    after: 'columns:\n  a: { type: text, drift: { measure: l-infinity, threshold: 0.5 } } # seasons\n',
    words: 'Sets "threshold" of the drift of "a" to 0.5.',
  },
  {
    type: 'COMPARATOR_JENSEN_SHANNON_DIVERGENCE_HIGH',
    column: 'a',
    statistics: [column('a', 'text', values(['x', 100]))],
    options: { counterpart: { rows, columns: [column('a', 'text', values(['y', 100]))] } },
    before: 'columns:\n  a: { type: text, skew: { measure: jensen-shannon-divergence, threshold: 0.2 } }\n',
    after: 'columns:\n  a: { type: text, skew: { measure: jensen-shannon-divergence, threshold: 1 } }\n',
    words: 'Sets "threshold" of the skew of "a" to 1.',
  },
  {
    type: 'COMPARATOR_NORMALIZED_ABSOLUTE_DIFFERENCE_HIGH',
    column: 'a',
    statistics: [column('a', 'text', values(['x', 75], ['y', 25]))],
    options: { previous: { rows, columns: [column('a', 'text', values(['x', 25], ['y', 75]))] } },
    before: 'columns:\n  a: { type: text, drift: { measure: normalized-absolute-difference, threshold: 0.1 } }\n',
    after: 'columns:\n  a: { type: text, drift: { measure: normalized-absolute-difference, threshold: 0.25 } }\n',
    words: 'Sets "threshold" of the drift of "a" to 0.25.',
  },
  {
    type: 'COMPARATOR_MEASURE_HIGH',
    column: 'a',
    statistics: [column('a', 'text', values(['x', 75], ['y', 25]))],
    options: { previous: { rows, columns: [column('a', 'text', values(['x', 25], ['y', 75]))] } },
    before: 'columns:\n  a: { type: text, drift: { measure: population-stability-index, threshold: 0.2 } }\n',
    after: 'columns:\n  a: { type: text, drift: { measure: population-stability-index, threshold: 1.0987 } }\n',
    words: 'Sets "threshold" of the drift of "a" to 1.0987.',
  },
]

describe('accepting', () => {
  it.each(cases.map((one) => ({ ...one, title: `${one.type} ${one.column ?? ''} ${one.environment ?? ''}` })))(
    '$title changes that alone, and it is not reported any more',
    ({ type, column: name, environment = 'TRAINING', statistics: columns, options, before, after, words }) => {
      const statistics: Statistics = { rows, columns }
      const check = (text: string) =>
        validateStatistics(statistics, parseSchema(text, 'x.yaml'), { facts: {}, ...options, environment })
      const isIt = (anomaly: Anomaly) => anomaly.type === type && anomaly.column === name
      const found = check(before)
      const anomaly = found.find(isIt)
      if (anomaly === undefined) throw new Error(`${type} is not reported: ${JSON.stringify(found)}`)
      const context = { statistics, schema: parseSchema(before, 'x.yaml'), environment }
      const edited = editYaml(before, acceptanceEdits(anomaly, context))
      expect(edited).toBe(after)
      expect(acceptanceInWords(anomaly, context)).toBe(words)
      expect(check(edited).filter(isIt)).toEqual([])
      expect(check(edited)).toEqual(found.filter((one) => !isIt(one)))
    },
  )

  it('knows every type of anomaly, and which no change of a schema makes normal', () => {
    const known = new Set(cases.map(({ type }) => type))
    expect(anomalyTypeSchema.options.filter((type) => !known.has(type))).toEqual([
      'INVALID_SCHEMA_SPECIFICATION',
      'INVALID_DOMAIN_SPECIFICATION',
      'DOMAIN_INVALID_FOR_TYPE',
      'BOOL_TYPE_INVALID_CONFIG',
      'FEATURE_MISSING_NAME',
      'FEATURE_MISSING_TYPE',
      'STATS_NOT_AVAILABLE',
    ])
  })

  it('of what the schema does not say changes nothing', () => {
    const schema = parseSchema('columns: {}\n', 'x.yaml')
    const anomaly: Anomaly = {
      type: 'FLOAT_TYPE_HAS_NAN',
      severity: 'ERROR',
      column: 'b',
      short: '',
      description: '',
      expected: '',
      found: '',
      examples: [],
    }
    const context = { statistics: { rows, columns: [] }, schema, environment: 'TRAINING' }
    expect(acceptanceEdits(anomaly, context)).toEqual([])
    expect(acceptanceInWords(anomaly, context)).toBeNull()
  })
})
