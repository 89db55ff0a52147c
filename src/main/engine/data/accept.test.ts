import { describe, expect, it } from 'vitest'
import type { Anomaly, AnomalyType } from '#shared/anomalies.ts'
import { anomalyTypeSchema } from '#shared/anomalies.ts'
import type { ColumnStatistics, Statistics } from '#shared/statistics.ts'
import { editYaml } from '../kernel/yaml-edit.ts'
import { acceptanceEdits, acceptanceInWords } from './accept.ts'
import { parseSchema } from './schema.ts'
import { validateStatistics } from './validate.ts'

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
]

describe('accepting', () => {
  it.each(cases.map((one) => ({ ...one, title: `${one.type} ${one.column ?? ''} ${one.environment ?? ''}` })))(
    '$title changes that alone, and it is not reported any more',
    ({ type, column: name, environment = 'TRAINING', statistics: columns, before, after, words }) => {
      const statistics: Statistics = { rows, columns }
      const check = (text: string) => validateStatistics(statistics, parseSchema(text, 'x.yaml'), { environment })
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

  it('knows every type of anomaly', () => {
    expect(new Set(cases.map(({ type }) => type))).toEqual(new Set(anomalyTypeSchema.options))
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
