import { describe, expect, it } from 'vitest'
import { type AnomalyType, anomalyTypeSchema } from '#shared/anomalies.ts'
import { type CheckOptions, checkData } from './testing/checked-data.ts'

interface Case {
  readonly type: AnomalyType
  readonly schema: string
  readonly sql: string
  readonly options?: CheckOptions
  readonly severity?: 'WARNING'
  readonly found?: string
  /** Of the rows that show it, the first column after the number of the row. */
  readonly rows?: readonly unknown[]
  readonly figures?: object
}

const monday = Date.parse('2001-06-04T00:00:00Z')
const halves = "select case when range % 2 = 0 then 'a' else 'b' end as x from range(100)"
const tenths = "select case when range % 10 = 0 then 'a' else 'b' end as x from range(100)"

const cases: Case[] = [
  {
    type: 'INVALID_SCHEMA_SPECIFICATION',
    schema: 'columns: { x: { type: integer, unique: { min: 3, max: 1 } } }',
    sql: 'select 1 as x',
  },
  {
    type: 'INVALID_DOMAIN_SPECIFICATION',
    schema: 'columns: { x: { type: text, domain: { values: [a, a] } } }',
    sql: "select 'a' as x",
  },
  {
    type: 'DOMAIN_INVALID_FOR_TYPE',
    schema: 'columns: { x: { type: text, domain: { min: 1 } } }',
    sql: "select 'a' as x",
  },
  {
    type: 'BOOL_TYPE_INVALID_CONFIG',
    schema: 'columns: { x: { type: boolean, domain: { values: [maybe] } } }',
    sql: 'select true as x',
  },
  {
    type: 'FEATURE_MISSING_NAME',
    schema: 'columns: { x: { type: integer }, "": { type: text } }',
    sql: 'select 1 as x',
  },
  { type: 'FEATURE_MISSING_TYPE', schema: 'columns: { x: { domain: { min: 1 } } }', sql: 'select 1 as x' },
  {
    type: 'DATASET_LOW_NUM_EXAMPLES',
    schema: 'rows: { min: 10 }\ncolumns: { x: { type: integer } }',
    sql: 'select 1 as x',
    found: '1 rows',
    figures: { value: 1, limit: 10 },
  },
  {
    type: 'DATASET_HIGH_NUM_EXAMPLES',
    schema: 'rows: { max: 1 }\ncolumns: { x: { type: integer } }',
    sql: 'select 1 as x from range(2)',
    figures: { value: 2, limit: 1 },
  },
  {
    type: 'COMPARATOR_LOW_NUM_EXAMPLES',
    schema: 'rows: { minFractionOfPrevious: 0.5 }\ncolumns: { x: { type: integer } }',
    sql: 'select 1 as x from range(4)',
    options: { previous: 'select 1 as x from range(10)' },
    figures: { value: 0.4, limit: 0.5 },
  },
  {
    type: 'COMPARATOR_HIGH_NUM_EXAMPLES',
    schema: 'rows: { maxFractionOfPrevious: 2 }\ncolumns: { x: { type: integer } }',
    sql: 'select 1 as x from range(25)',
    options: { previous: 'select 1 as x from range(10)' },
    figures: { value: 2.5, limit: 2 },
  },
  {
    type: 'DATASET_STALE',
    schema: 'freshness: { maxAge: 2d, column: at }\ncolumns: { at: { type: timestamp } }',
    sql: "select timestamp '2001-06-01' as at",
    options: { nowMs: monday },
    found: '2001-06-01T00:00:00.000Z',
    figures: { value: 72, limit: 48 },
  },
  {
    type: 'STATS_NOT_AVAILABLE',
    schema: 'columns: { x: { type: text, domain: { pattern: "[a-z]" } } }',
    sql: "select 'a' as x",
    options: { withRows: false },
  },
  { type: 'SCHEMA_NEW_COLUMN', schema: 'columns: { x: { type: integer } }', sql: 'select 1 as x, 2 as y' },
  {
    type: 'SCHEMA_MISSING_COLUMN',
    schema: 'newColumns: ignore\ncolumns: { x: { type: integer, presence: { minCount: 1 } } }',
    sql: 'select 1 as y',
  },
  {
    type: 'UNEXPECTED_DATA_TYPE',
    schema: 'columns: { x: { type: integer } }',
    sql: "select 'a' as x",
    rows: ['a'],
  },
  {
    type: 'FEATURE_TYPE_NOT_PRESENT',
    schema: 'columns: { x: { type: integer, presence: { minCount: 1 } } }',
    sql: 'select null::int as x',
    rows: [null],
  },
  {
    type: 'FEATURE_TYPE_LOW_FRACTION_PRESENT',
    schema: 'columns: { x: { type: integer, presence: { minFraction: 0.9 } } }',
    sql: 'select unnest([1, null]) as x',
    rows: [null],
    figures: { value: 0.5, limit: 0.9, faulty: 1 },
  },
  {
    type: 'FEATURE_TYPE_LOW_NUMBER_PRESENT',
    schema: 'columns: { x: { type: integer, presence: { minCount: 2 } } }',
    sql: 'select unnest([1, null]) as x',
    rows: [null],
  },
  {
    type: 'FEATURE_TYPE_LOW_UNIQUE',
    schema: 'columns: { x: { type: integer, unique: { min: 2 } } }',
    sql: 'select 1 as x',
  },
  {
    type: 'FEATURE_TYPE_LOW_UNIQUE',
    schema: 'columns: { id: { type: integer, unique: { minFraction: 1 } } }',
    // More than are counted exactly: the rows are asked.
    sql: 'select case when range = 30000 then 7 else range end as id from range(30001)',
    rows: [7, 7],
    figures: { value: 0.999967, limit: 1, faulty: 1 },
  },
  {
    type: 'FEATURE_TYPE_HIGH_UNIQUE',
    schema: 'columns: { x: { type: integer, unique: { max: 1 } } }',
    sql: 'select unnest([1, 2]) as x',
  },
  {
    type: 'FEATURE_TYPE_NO_UNIQUE',
    schema: 'columns: { x: { type: other, unique: { max: 1 } } }',
    sql: 'select [1, 2] as x',
  },
  {
    type: 'ENUM_TYPE_UNEXPECTED_STRING_VALUES',
    schema: 'columns: { x: { type: text, domain: { values: [a] } } }',
    sql: "select unnest(['a', 'b']) as x",
    found: 'b',
    rows: ['b'],
    figures: { value: 0.5, limit: 1, faulty: 1 },
  },
  {
    type: 'ENUM_TYPE_UNEXPECTED_STRING_VALUES',
    schema: 'columns: { x: { type: text, domain: { pattern: "[A-Z]{3}" } } }',
    sql: "select unnest(['ATL', 'JFKX', 'ATL', 'jfk', null]) as x",
    found: 'JFKX, jfk',
    rows: ['JFKX', 'jfk'],
    figures: { value: 0.5, limit: 1, faulty: 2 },
  },
  {
    // Beyond the values that statistics hold, the rows are asked.
    type: 'ENUM_TYPE_UNEXPECTED_STRING_VALUES',
    schema: `columns: { x: { type: text, domain: { values: [${Array.from({ length: 1_200 }, (_, i) => `v${i}`).join(', ')}] } } }`,
    sql: "select case when range = 1200 then 'zzz' else 'v' || range end as x from range(1201)",
    found: 'zzz',
    rows: ['zzz'],
    figures: { value: 0.999167, limit: 1, faulty: 1 },
  },
  {
    type: 'ENUM_TYPE_INVALID_UTF8',
    schema: 'columns: { x: { type: text } }',
    sql: "select unnest(['a'::blob, '\\xFF\\xFE'::blob]) as x",
    figures: { faulty: 1, limit: 0 },
  },
  {
    type: 'SEMANTIC_DOMAIN_UPDATE',
    severity: 'WARNING',
    schema: 'columns: { x: { type: text } }',
    sql: "select 'user' || range || '@example.org' as x from range(10)",
    found: 'an e-mail address',
  },
  {
    type: 'BOOL_TYPE_UNEXPECTED_STRING',
    schema: 'columns: { x: { type: boolean, domain: { values: [true] } } }',
    sql: 'select false as x',
  },
  {
    type: 'BOOL_TYPE_UNEXPECTED_STRING',
    schema: 'columns: { x: { type: boolean } }',
    sql: "select unnest(['true', 'false', 'true', 'perhaps']) as x",
    found: 'perhaps',
    rows: ['perhaps'],
  },
  {
    type: 'BOOL_TYPE_UNEXPECTED_FLOAT',
    schema: 'columns: { x: { type: boolean } }',
    sql: 'select unnest([0.0, 0.5, 1.0]::double[]) as x',
    found: '0.5',
    rows: [0.5],
  },
  {
    type: 'BOOL_TYPE_SMALL_INT',
    schema: 'columns: { x: { type: boolean } }',
    sql: 'select unnest([0, 1, -1]) as x',
    rows: [-1],
  },
  {
    type: 'BOOL_TYPE_BIG_INT',
    schema: 'columns: { x: { type: boolean } }',
    sql: 'select unnest([0, 1, 2]) as x',
    rows: [2],
  },
  {
    type: 'INT_TYPE_SMALL_INT',
    schema: 'columns: { x: { type: integer, domain: { min: 0 } } }',
    sql: 'select -1 as x',
    rows: [-1],
    figures: { value: -1, limit: 0 },
  },
  {
    type: 'INT_TYPE_BIG_INT',
    schema: 'columns: { x: { type: timestamp, domain: { max: 2001-01-01 } } }',
    sql: "select date '2001-01-02' as x",
    rows: ['2001-01-02'],
  },
  {
    type: 'INT_TYPE_NOT_INT_STRING',
    schema: 'columns: { x: { type: integer } }',
    sql: "select unnest(['1', '2', '3.0', 'n/a', '4.5']) as x",
    rows: ['n/a', '4.5'],
    figures: { faulty: 2, limit: 0 },
  },
  {
    type: 'FLOAT_TYPE_SMALL_FLOAT',
    schema: 'columns: { x: { type: number, domain: { min: 0.5 } } }',
    sql: 'select 0.25 as x',
    rows: [0.25],
  },
  {
    type: 'FLOAT_TYPE_BIG_FLOAT',
    schema: 'columns: { x: { type: number, domain: { max: 0.5 } } }',
    sql: 'select 1 as x',
    rows: [1],
  },
  {
    type: 'FLOAT_TYPE_STRING_NOT_FLOAT',
    schema: 'columns: { x: { type: number } }',
    sql: "select unnest(['1.5', '2', '-']) as x",
    found: '-',
    rows: ['-'],
  },
  {
    type: 'FLOAT_TYPE_HAS_NAN',
    schema: 'columns: { x: { type: number } }',
    sql: "select unnest([1.0, 'nan'::double]) as x",
  },
  {
    type: 'FLOAT_TYPE_HAS_INF',
    schema: 'columns: { x: { type: number } }',
    sql: "select unnest([1.0, 'inf'::double]) as x",
  },
  {
    type: 'CUSTOM_VALIDATION',
    schema:
      'checks: { arrives after it departs: arrival >= departure }\ncolumns: { departure: { type: integer }, arrival: { type: integer } }',
    sql: 'select range as departure, case when range = 3 then 0 else range end as arrival from range(10)',
    rows: [3],
    figures: { value: 0.9, limit: 1, faulty: 1 },
  },
  {
    type: 'CUSTOM_VALIDATION',
    severity: 'WARNING',
    schema:
      'columns: { x: { type: integer, checks: { even: { sql: x % 2 = 0, minFraction: 0.8, severity: warning } } } }',
    sql: 'select range as x from range(10)',
    rows: [1, 3, 5, 7, 9],
    figures: { value: 0.5, limit: 0.8, faulty: 5 },
  },
  {
    type: 'COMPARATOR_CONTROL_DATA_MISSING',
    severity: 'WARNING',
    schema: 'columns: { x: { type: text, drift: { threshold: 0.1 } } }',
    sql: halves,
    options: { previous: 'select 1 as y' },
  },
  {
    type: 'COMPARATOR_L_INFTY_HIGH',
    severity: 'WARNING',
    schema: 'columns: { x: { type: text, drift: { threshold: 0.3 } } }',
    sql: halves,
    options: { previous: tenths },
    figures: { value: 0.4, limit: 0.3 },
  },
  {
    type: 'COMPARATOR_JENSEN_SHANNON_DIVERGENCE_HIGH',
    severity: 'WARNING',
    schema: 'columns: { x: { type: number } }',
    sql: 'select range / 10 as x from range(1000)',
    options: { counterpart: 'select range / 10 + 500 as x from range(1000)' },
  },
  {
    type: 'COMPARATOR_NORMALIZED_ABSOLUTE_DIFFERENCE_HIGH',
    severity: 'WARNING',
    schema: 'columns: { x: { type: text, drift: { measure: normalized-absolute-difference, threshold: 0.1 } } }',
    sql: halves,
    options: { previous: tenths },
    // 50 and 10 of 200 in all.
    figures: { value: 0.2 },
  },
  {
    type: 'COMPARATOR_MEASURE_HIGH',
    severity: 'WARNING',
    schema: 'columns: { x: { type: text, drift: { measure: chi-square, threshold: 0.01 } } }',
    sql: halves,
    options: { previous: tenths },
  },
  {
    type: 'COMPARATOR_MEASURE_HIGH',
    severity: 'WARNING',
    schema: 'columns: { x: { type: number, drift: { measure: population-stability-index, threshold: 0.2 } } }',
    sql: 'select range / 10 as x from range(1000)',
    options: { previous: 'select range / 20 as x from range(1000)' },
  },
]

describe('validation', () => {
  it.each(cases.map((one, index) => ({ ...one, title: `${one.type} (${index})` })))(
    'finds $title alone, with figures and rows',
    async ({ type, schema, sql, options, severity = 'ERROR', found, rows, figures }) => {
      const checked = await checkData(sql, schema, options)
      expect(checked.anomalies.map((anomaly) => [anomaly.type, anomaly.severity])).toEqual([[type, severity]])
      const [anomaly] = checked.anomalies
      if (found !== undefined) expect(anomaly?.found).toBe(found)
      if (figures !== undefined) expect(anomaly?.figures).toMatchObject(figures)
      if (rows === undefined) return
      expect(checked.examples[0]?.rows.map((row) => row[1])).toEqual(rows)
      expect(checked.examples[0]?.total).toBe(rows.length)
    },
  )

  it('is tested for every type of anomaly', () => {
    const missing = anomalyTypeSchema.options.filter((type) => !cases.some((one) => one.type === type))
    expect(missing).toEqual([])
  })

  it('L1.7: columns that appear, vanish or change type between spans are each named, and nothing is compared in vain', async () => {
    const schema = `columns:
  kept: { type: integer, presence: { minCount: 1 } }
  vanished: { type: text, presence: { minCount: 1 } }
  changed: { type: number, drift: { threshold: 0.1 } }
`
    const before = "select range as kept, 'a' as vanished, 'text' as changed from range(50)"
    const now = 'select range as kept, range / 7 as changed, true as appeared from range(50)'
    const { anomalies, comparisons } = await checkData(now, schema, { previous: before })
    expect(anomalies.map(({ type, column, severity }) => [type, column, severity])).toEqual([
      ['SCHEMA_MISSING_COLUMN', 'vanished', 'ERROR'],
      ['SCHEMA_NEW_COLUMN', 'appeared', 'ERROR'],
      ['COMPARATOR_CONTROL_DATA_MISSING', 'changed', 'WARNING'],
    ])
    expect(anomalies[2]?.found).toBe('a column of type text')
    expect(comparisons.map(({ feature }) => feature)).toEqual(['kept'])
  })

  it('reports a rule that cannot be used beside all others, which are answered', async () => {
    const schema = `checks: { typo: xx > 1, sums: sum(x) > 0, text: "'a'", "fails on a row": "y::integer > 0", holds: x >= 0 }
columns:
  x: { type: integer, checks: { small: x < 3 } }
  y: { type: text, domain: { pattern: "[a-z" } }
`
    const { anomalies } = await checkData("select range as x, 'y' || range as y from range(5)", schema)
    expect(anomalies.map(({ type, rule, column }) => [type, column, rule])).toEqual([
      ['INVALID_SCHEMA_SPECIFICATION', undefined, 'typo'],
      ['INVALID_SCHEMA_SPECIFICATION', undefined, 'sums'],
      ['INVALID_SCHEMA_SPECIFICATION', undefined, 'text'],
      ['INVALID_SCHEMA_SPECIFICATION', undefined, 'fails on a row'],
      ['CUSTOM_VALIDATION', 'x', 'small'],
      ['INVALID_DOMAIN_SPECIFICATION', 'y', 'pattern'],
    ])
    expect(anomalies[4]?.figures?.faulty).toBe(2)
  })

  it('keeps SQL of a schema from other files', async () => {
    const check = "(select count(*) from read_text('/etc/hostname')) > 0"
    const { anomalies } = await checkData(
      'select 1 as x',
      `checks: { spy: "${check}" }\ncolumns: { x: { type: integer } }`,
    )
    expect(anomalies.map(({ type }) => type)).toEqual(['INVALID_SCHEMA_SPECIFICATION'])
    expect(anomalies[0]?.found).toMatch(/permission|access|not allowed|disabled/i)
  })
})
