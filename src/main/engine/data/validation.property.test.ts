/** Whatever the data: what was inferred from it holds for it, no pattern hangs, and quarantine loses no row. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Statistics } from '#shared/statistics.ts'
import { parquetSource, quoteText, type Tables, withTables } from '../tables/duckdb.ts'
import { divideRows } from './quarantine.ts'
import { inferSchema, parseSchema, schemaText } from './schema.ts'
import { proposeSchema } from './schema-proposals.ts'
import { computeStatistics } from './statistics.ts'
import { validateData } from './validate.ts'
import { answerRules } from './validation/row-facts.ts'
import { rowRules } from './validation/row-rules.ts'

const seed = 4
const numRuns = 25
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'esteira-properties-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

const cell = fc.oneof(
  fc.constant(null),
  fc.integer({ min: -1_000, max: 1_000 }),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }),
  fc.boolean(),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom('AB-12', 'ZZ-99', 'ada@example.org', 'https://example.org/a', '2001-01-01', ''),
)
const column = fc.oneof(fc.constantFrom(...['a', 'order_id', 'ünïcode name', 'select', "it's", 'x.y']))
const table = fc
  .tuple(fc.uniqueArray(column, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 40 }))
  .chain(([names, rows]) =>
    fc.tuple(
      fc.constant(names),
      fc.array(fc.tuple(...names.map(() => fc.array(cell, { minLength: 1, maxLength: 3 }))), {
        minLength: rows,
        maxLength: rows,
      }),
    ),
  )

/** Each column takes its values from few kinds, so that there are columns of every type. */
async function asParquet(tables: Tables, [names, rows]: [string[], unknown[][]], path: string): Promise<void> {
  const lines = rows.map((values) =>
    JSON.stringify(Object.fromEntries(names.map((name, index) => [name, [values[index]].flat()[0] ?? null]))),
  )
  await writeFile(`${path}.json`, lines.join('\n'))
  await tables.writeParquet(`from read_json(${quoteText(`${path}.json`)}, format = 'newline_delimited')`, path)
}

async function facts(tables: Tables, path: string, statistics: Statistics, text: string) {
  const schema = parseSchema(text, 's.yaml')
  const rules = rowRules(statistics, schema, 'TRAINING')
  return { schema, facts: await answerRules(tables, [path], rules) }
}

it('an inferred schema holds for its own data, with and without limits, and has nothing to be added', async () => {
  let count = 0
  await fc.assert(
    fc.asyncProperty(table, fc.boolean(), async (data, limits) => {
      const path = join(folder, `inferred-${count++}`)
      await withTables(async (tables) => {
        await asParquet(tables, data, path)
        const statistics = await computeStatistics(tables, `from ${parquetSource(path)}`)
        const text = schemaText(inferSchema(statistics, { limits }), statistics)
        const { schema, facts: answers } = await facts(tables, path, statistics, text)
        const { anomalies, comparisons } = validateData(statistics, schema, {
          facts: answers,
          previous: statistics,
          counterpart: statistics,
        })
        expect(anomalies).toEqual([])
        expect(comparisons.filter(({ drifted }) => drifted)).toEqual([])
        expect(proposeSchema(text, schema, statistics, { limits }).proposals).toEqual([])
      })
    }),
    { seed, numRuns },
  )
})

it('a pattern that would hang elsewhere, or is none, is answered at once and never stops the others', async () => {
  const path = join(folder, 'patterns')
  await withTables(async (tables) => {
    await tables.writeParquet(`select repeat('a', 5000) || '!' as x, range as n from range(20)`, path)
    const statistics = await computeStatistics(tables, `from ${parquetSource(path)}`)
    const check = async (pattern: string) => {
      const text = `columns:\n  x: { type: text, domain: { pattern: ${JSON.stringify(pattern)} } }\n  n: { type: integer, checks: { small: n < 10 } }\n`
      const { schema, facts: answers } = await facts(tables, path, statistics, text)
      return validateData(statistics, schema, { facts: answers }).anomalies.map(({ type }) => type)
    }
    for (const evil of ['(a+)+$', '(a|a)*$', '(a*)*b', '(.*a){25}', '((a{1,100}){1,100}){1,100}']) {
      expect(await check(evil), evil).toContain('CUSTOM_VALIDATION')
    }
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme-ascii' }), async (pattern) => {
        fc.pre(!/\(\?(?:[=!]|<[=!])|\\[1-9]/.test(pattern))
        const types = await check(pattern)
        expect(types).toContain('CUSTOM_VALIDATION')
        expect(['ENUM_TYPE_UNEXPECTED_STRING_VALUES', 'INVALID_DOMAIN_SPECIFICATION', undefined]).toContain(
          types.find((type) => type !== 'CUSTOM_VALIDATION'),
        )
      }),
      { seed, numRuns: 60 },
    )
  })
})

it('quarantine writes every row once, and what it lets through satisfies the schema', async () => {
  let count = 0
  const yaml = fc.constantFrom(
    'a: { type: integer, presence: { minFraction: 1 }, domain: { min: 0, max: 500 } }',
    'a: { type: number, domain: { max: 10 } }',
    'a: { type: text, domain: { pattern: "[A-Z]{2}-[0-9]{2}" } }',
    'a: { type: boolean }',
    'a: { type: text, unique: { minFraction: 1 } }',
  )
  await fc.assert(
    fc.asyncProperty(fc.array(cell, { minLength: 1, maxLength: 40 }), yaml, async (cells, rule) => {
      const path = join(folder, `divided-${count++}`)
      const output = { good: `${path}-good`, quarantined: `${path}-bad` }
      const schema = parseSchema(`columns:\n  ${rule}\n`, 's.yaml')
      await withTables(async (tables) => {
        await asParquet(tables, [['a'], cells.map((value) => [value])], path)
        const before = await computeStatistics(tables, `from ${parquetSource(path)}`)
        await tables.restrict({ files: [path, output.good, output.quarantined] })
        const result = await divideRows(tables, path, { schema, environment: 'TRAINING' }, output)
        expect(result.good + result.quarantined).toBe(cells.length)
        const after = await computeStatistics(tables, `from ${parquetSource(output.good)}`)
        const rules = rowRules(after, schema, 'TRAINING')
        const answers = await answerRules(tables, [output.good], rules)
        // A column that is wrong as a whole is none of its business.
        const types = validateData(after, schema, { facts: answers }).anomalies.map(({ type }) => type)
        const whole = validateData(before, schema).anomalies.some(({ type }) => type === 'UNEXPECTED_DATA_TYPE')
        if (!whole)
          expect(
            types.filter((type) => type !== 'SEMANTIC_DOMAIN_UPDATE' && type !== 'FEATURE_TYPE_NOT_PRESENT'),
          ).toEqual([])
      })
    }),
    { seed, numRuns },
  )
})
