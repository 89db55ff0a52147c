import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Statistics } from '#shared/statistics.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { parquetSource, withTables } from '../tables/duckdb.ts'
import { inferSchema, parseSchema, schemaText } from './schema.ts'
import { computeStatistics } from './statistics.ts'
import { validateStatistics } from './validate.ts'

const sample = join(import.meta.dirname, '../../../../resources/samples/flight-delay')

async function statisticsOf(sql: string): Promise<Statistics> {
  return await withTables((tables) => computeStatistics(tables, sql))
}

const data = `select range as id, range / 7.0 as x, ['red', 'green', 'blue'][range % 3 + 1] as colour,
  case when range % 4 > 0 then 'v' || range % 30 end as "some text", range % 2 = 0 as flag,
  timestamp '2001-01-01' + interval (range) hour as "at", null::varchar as gone from range(600)`

describe('an inferred schema', () => {
  it('is satisfied by its own data and survives its own text', async () => {
    const statistics = await statisticsOf(data)
    const schema = inferSchema(statistics, { target: 'flag' })
    const text = schemaText(schema, statistics)
    expect(parseSchema(text, 'schema.yaml')).toEqual(schema)
    expect(validateStatistics(statistics, schema)).toEqual([])
    expect(text).toContain('# seen: 30 different values, 25.0 % missing\n  some text:\n')
    expect(text).toContain('domain: { values: [ blue, green, red ] }')
  })

  it('keeps texts that look like something else', async () => {
    const statistics = await statisticsOf(
      `select ['007', 'no', '1e3', 'a: b', '# c'][range % 5 + 1] as t from range(100)`,
    )
    const schema = inferSchema(statistics)
    expect(parseSchema(schemaText(schema, statistics), 's.yaml').columns.t?.domain?.values).toEqual([
      '# c',
      '007',
      '1e3',
      'a: b',
      'no',
    ])
  })

  it('does not expect the target when serving', async () => {
    const schema = inferSchema(await statisticsOf(data), { target: 'flag' })
    const request = await statisticsOf(`select * exclude (flag) from (${data})`)
    expect(validateStatistics(request, schema, { environment: 'SERVING' })).toEqual([])
    expect(validateStatistics(request, schema).map(({ type }) => type)).toEqual(['SCHEMA_MISSING_COLUMN'])
    expect(() => validateStatistics(request, schema, { environment: 'SERVNG' })).toThrow(
      /does not know the environment/,
    )
  })
})

describe('a schema file', () => {
  it('has all of its problems reported at once, with places and nearest names', () => {
    const text = `rows: { min: 10, max: 5 }
columns:
  a:
    typ: integer
    type: numbr
  b:
    type: text
    domain: { min: 3 }
    notIn: [SERVNG]
  c:
    type: number
    domain: { min: 2, max: 1 }
`
    const problems = problemsOf(text)
    expect(problems).toEqual([
      expect.objectContaining({ line: 5, column: 11, path: 'columns.a.type', nearest: 'number' }),
      expect.objectContaining({ line: 4, column: 5, path: 'columns.a.typ', nearest: 'type' }),
    ])
    const meant = problemsOf(text.replace('    typ: integer\n', '').replace('numbr', 'number'))
    expect(meant.map(({ line, message, nearest }) => [line, message, nearest])).toEqual([
      [1, '"min" is larger than "max".', undefined],
      [7, '"min" does not apply to a column of type text.', undefined],
      [8, 'The environment "SERVNG" is not known.', 'SERVING'],
      [11, '"min" is larger than "max".', undefined],
    ])
  })

  it('says what of its rules cannot be meant', () => {
    const problems = problemsOf(`freshness: { maxAge: 3d, column: att }
columns:
  at: { type: timestamp }
  a: { type: text, domain: { pattern: "(?=a)b" }, skew: { measure: wasserstein, threshold: 1 } }
  b: { type: text, domain: { values: [x], pattern: y } }
  c: { type: integer, minDomainMass: 0.5 }
`)
    expect(problems.map(({ line, path, message, nearest }) => [line, path, message, nearest])).toEqual([
      [1, 'freshness.column', 'There is no column "att".', 'at'],
      [4, 'columns.a.domain.pattern', expect.stringContaining('not part of RE2'), undefined],
      [4, 'columns.a.skew.measure', 'The measure "wasserstein" does not apply to a column of type text.', undefined],
      [5, 'columns.b.domain.pattern', '"values" lists every value; "pattern" adds nothing.', undefined],
      [6, 'columns.c.minDomainMass', '"minDomainMass" needs the "values" or the "pattern" of a domain.', undefined],
    ])
    expect(problemsOf('freshness: { maxAge: soon }\ncolumns: {}\n')).toMatchObject([
      { line: 1, path: 'freshness.maxAge', found: 'soon' },
    ])
  })

  it('may be broken YAML', () => {
    expect(problemsOf('columns: {')[0]).toMatchObject({ file: 'schema.yaml', line: expect.any(Number) })
  })
})

function problemsOf(text: string) {
  try {
    parseSchema(text, 'schema.yaml')
  } catch (error) {
    if (error instanceof EsteiraError && error.code === 'schema-invalid') return error.context.problems ?? []
    throw error
  }
  throw new Error('the schema should not be valid')
}

describe('validation', () => {
  it('tolerates what the schema tolerates', async () => {
    const statistics = await statisticsOf(
      `select case when range = 0 then 'odd' else 'a' end as x, range as extra from range(100)`,
    )
    const schema = (mass: number, newColumns: string) =>
      `newColumns: ${newColumns}\ncolumns: { x: { type: text, domain: { values: [a] }, minDomainMass: ${mass} } }`
    expect(validateStatistics(statistics, parseSchema(schema(0.99, 'ignore'), 's'))).toEqual([])
    const [unexpected, extra] = validateStatistics(statistics, parseSchema(schema(0.995, 'warning'), 's'))
    expect(unexpected).toMatchObject({ column: 'x', found: 'odd', examples: ['odd'] })
    expect(unexpected?.description).toBe('The column "x" has one unexpected value, in 1 rows (1.0 %).')
    expect(extra).toMatchObject({ column: 'extra', severity: 'WARNING' })
  })

  it('passes the sample project, month by month', async () => {
    const schema = parseSchema(await readFile(join(sample, 'schemas/flights.yaml'), 'utf8'), 'flights.yaml')
    for (const month of [1, 2, 3, 4, 5, 6]) {
      const source = parquetSource(join(sample, `data/flights-2001-0${month}.parquet`))
      const statistics = await statisticsOf(`select * exclude (delay), delay >= 15 as late from ${source}`)
      expect(validateStatistics(statistics, schema)).toEqual([])
    }
  })
})
