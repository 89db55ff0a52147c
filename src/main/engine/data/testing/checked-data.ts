/** Data of a query held against a schema, all the way: statistics, rules that need the rows, anomalies, rows that show them. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExampleRows } from '#shared/anomalies.ts'
import type { Statistics } from '#shared/statistics.ts'
import { parquetSource, withTables } from '../../tables/duckdb.ts'
import { findExamples } from '../example-rows.ts'
import { checkSchema } from '../schema-check.ts'
import { computeStatistics } from '../statistics.ts'
import { type Findings, validateData } from '../validate.ts'
import { answerRules } from '../validation/row-facts.ts'
import { rowRules } from '../validation/row-rules.ts'
import { schemaAnomalies } from '../validation/schema-anomalies.ts'

export interface CheckOptions {
  readonly previous?: string
  readonly counterpart?: string
  readonly environment?: string
  readonly nowMs?: number
  /** Whether rules may ask the rows. Default: true. */
  readonly withRows?: boolean
}

export interface Checked extends Findings {
  readonly statistics: Statistics
  readonly examples: readonly (ExampleRows | null)[]
}

export async function statisticsOf(sql: string): Promise<Statistics> {
  return await withTables((tables) => computeStatistics(tables, sql))
}

export async function checkData(sql: string, schemaText: string, options: CheckOptions = {}): Promise<Checked> {
  const folder = await mkdtemp(join(tmpdir(), 'esteira-check-'))
  const path = join(folder, 'data.parquet')
  try {
    return await withTables(async (tables) => {
      await tables.writeParquet(sql, path)
      const statistics = await computeStatistics(tables, `from ${parquetSource(path)}`)
      const { schema, faults } = checkSchema(schemaText, 'schemas/x.yaml')
      if (schema === null || faults.length > 0) {
        return { statistics, anomalies: schemaAnomalies(faults), comparisons: [], examples: [] }
      }
      const { previous, counterpart, environment, nowMs, withRows = true } = options
      const rules = rowRules(statistics, schema, environment ?? schema.environments[0] ?? '')
      await tables.restrict({ files: [path] })
      const found = validateData(statistics, schema, {
        environment,
        nowMs,
        facts: withRows ? await answerRules(tables, [path], rules) : undefined,
        previous: previous === undefined ? undefined : await statisticsOf(previous),
        counterpart: counterpart === undefined ? undefined : await statisticsOf(counterpart),
      })
      return { ...found, statistics, examples: await findExamples(tables, [path], found.anomalies, schema) }
    })
  } finally {
    await rm(folder, { recursive: true })
  }
}
