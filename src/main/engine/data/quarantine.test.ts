import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { jsonSchema } from '#shared/runs.ts'
import { parquetSource, withTables } from '../tables/duckdb.ts'
import { divideRows } from './quarantine.ts'
import { parseSchema } from './schema.ts'
import { computeStatistics } from './statistics.ts'
import { validateStatistics } from './validate.ts'

async function divided(sql: string, schemaText: string) {
  const folder = await mkdtemp(join(tmpdir(), 'esteira-quarantine-'))
  const [path, good, quarantined] = ['data', 'good', 'bad'].map((name) => join(folder, name))
  if (path === undefined || good === undefined || quarantined === undefined) throw new Error('three names, three paths')
  const schema = parseSchema(schemaText, 's.yaml')
  try {
    return await withTables(async (tables) => {
      await tables.writeParquet(sql, path)
      await tables.restrict({ files: [path, good, quarantined] })
      const result = await divideRows(tables, path, { schema, environment: 'TRAINING' }, { good, quarantined })
      const rows = (file: string) => tables.rows(`from ${parquetSource(file)}`, jsonSchema)
      const statistics = await computeStatistics(tables, `from ${parquetSource(good)}`)
      return { ...result, goodRows: await rows(good), badRows: await rows(quarantined), statistics, schema }
    })
  } finally {
    await rm(folder, { recursive: true })
  }
}

describe('dividing rows', () => {
  it('puts aside what single rows break, with every reason, and keeps the order of the others', async () => {
    const sql = `select * from (values
      (1, 'ATL', 10.5, true), (2, 'JFKX', 20, true), (3, null, -5, false), (4, 'SFO', 'nan'::double, true),
      (4, 'LAX', 12, false), (5, 'ORD', 30, null)) as t(id, origin, delay, late)`
    const { rows, good, quarantined, goodRows, badRows, reasons, statistics, schema } = await divided(
      sql,
      `checks: { late is known: late is not null or id <> 5 }
columns:
  id: { type: integer, unique: { minFraction: 1 } }
  origin: { type: text, presence: { minFraction: 1 }, domain: { pattern: "[A-Z]{3}" } }
  delay: { type: number, domain: { min: 0 } }
  late: { type: boolean }
`,
    )
    expect([rows, good, quarantined]).toEqual([6, 1, 5])
    expect(goodRows).toEqual([{ id: 1, origin: 'ATL', delay: 10.5, late: true }])
    expect(badRows).toMatchObject([
      { id: 2, quarantine_reasons: 'ENUM_TYPE_UNEXPECTED_STRING_VALUES origin' },
      { id: 3, quarantine_reasons: 'FEATURE_TYPE_LOW_FRACTION_PRESENT origin; FLOAT_TYPE_SMALL_FLOAT delay' },
      { id: 4, origin: 'SFO', quarantine_reasons: 'FLOAT_TYPE_HAS_NAN delay' },
      { id: 4, origin: 'LAX', quarantine_reasons: 'FEATURE_TYPE_LOW_UNIQUE id' },
      { id: 5, quarantine_reasons: 'CUSTOM_VALIDATION late is known' },
    ])
    expect(reasons).toContainEqual({ reason: 'FLOAT_TYPE_HAS_NAN delay', rows: 1 })
    const facts = {
      'pattern origin': { faulty: 0, examples: [] },
      '["check",null,"late is known"]': { faulty: 0, examples: [] },
    }
    expect(validateStatistics(statistics, schema, { facts })).toEqual([])
  })

  it('gives a column of texts the type that its good values have', async () => {
    const { goodRows, badRows, statistics, schema } = await divided(
      "select unnest(['1', '3.0', 'n/a', '7.5', null, '900']) as size, unnest(['true', 'no', 'perhaps', 'false', 'true', 'true']) as paid",
      'columns:\n  size: { type: integer, domain: { max: 100 } }\n  paid: { type: boolean }\n',
    )
    expect(goodRows).toEqual([
      { size: 1, paid: true },
      { size: 3, paid: false },
      { size: null, paid: true },
    ])
    expect(badRows).toEqual([
      {
        size: 'n/a',
        paid: 'perhaps',
        quarantine_reasons: 'INT_TYPE_NOT_INT_STRING size; BOOL_TYPE_UNEXPECTED_STRING paid',
      },
      { size: '7.5', paid: 'false', quarantine_reasons: 'INT_TYPE_NOT_INT_STRING size' },
      { size: '900', paid: 'true', quarantine_reasons: 'INT_TYPE_BIG_INT size' },
    ])
    expect(validateStatistics(statistics, schema)).toEqual([])
  })

  it('leaves to the whole what is asked of the whole', async () => {
    const { quarantined } = await divided(
      "select case when range < 5 then 'z' else 'a' end as x, case when range < 5 then null else 1 end as y from range(100)",
      `rows: { min: 1000 }
checks: { mostly a: { sql: x = 'a', minFraction: 0.9 }, never z: { sql: x <> 'z', severity: warning } }
columns:
  x: { type: text, domain: { values: [a] }, minDomainMass: 0.9 }
  y: { type: integer, presence: { minFraction: 0.9 } }
`,
    )
    expect(quarantined).toBe(0)
  })

  it('names a check that cannot be used', async () => {
    const work = divided('select 1 as a', 'checks: { typo: aa > 1 }\ncolumns: { a: { type: integer } }\n')
    await expect(work).rejects.toMatchObject({ code: 'schema-invalid', context: { found: 'aa > 1' } })
  })
})
