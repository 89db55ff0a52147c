/**
 * All 3,000,000 flights against a schema with domains, a pattern, a check in SQL and a drift comparator: statistics and
 * anomalies, against DuckDB's own SUMMARIZE of the same file, in turns on the same connection. The memory is that of a
 * process that does nothing else, at its highest.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { parseSchema } from '../src/main/engine/data/schema.ts'
import { computeStatistics } from '../src/main/engine/data/statistics.ts'
import { validateData } from '../src/main/engine/data/validate.ts'
import { answerRules } from '../src/main/engine/data/validation/row-facts.ts'
import { rowRules } from '../src/main/engine/data/validation/row-rules.ts'
import { parquetSource, type Tables, withTables } from '../src/main/engine/tables/duckdb.ts'
import { type BenchResult, median, report } from './result.ts'

const file = fileURLToPath(new URL('../node_modules/vega-datasets/data/flights-3m.parquet', import.meta.url))
const allRows = 3_000_000
const rounds = 5
const maxRatio = 2.5
const maxMb = 1_000
/** Of DuckDB; what does not fit is spilled to disk. */
const memoryLimitMb = 512

const schemaText = `
rows: { min: 1000000 }
columns:
  date: { type: timestamp, presence: { minFraction: 1 }, domain: { min: 2001-01-01 } }
  delay: { type: integer, presence: { minFraction: 0.95 }, domain: { min: -120, max: 600 }, drift: { threshold: 0.05 } }
  distance: { type: integer, presence: { minFraction: 1 }, domain: { min: 1, max: 5000 } }
  origin: { type: text, presence: { minFraction: 1 }, domain: { pattern: "[A-Z]{3}" } }
  destination: { type: text, presence: { minFraction: 1 }, unique: { max: 200 } }
checks:
  elsewhere: { sql: origin <> destination, description: A flight ends where it did not begin. }
`

/** How many anomalies there are; the report proves the number of rows. */
async function validate(tables: Tables): Promise<number> {
  const schema = parseSchema(schemaText, 'schemas/flights.yaml')
  const statistics = await computeStatistics(tables, `from ${parquetSource(file)}`)
  checkRows(statistics.rows)
  for (const { missing, numeric, categorical } of statistics.columns) {
    const counts = categorical?.topValues.map(({ count }) => count) ?? numeric?.histogram.counts ?? []
    checkRows(missing + counts.reduce((sum, count) => sum + count, 0))
  }
  const facts = await answerRules(tables, [file], rowRules(statistics, schema, 'TRAINING'))
  return validateData(statistics, schema, { facts, previous: statistics }).anomalies.length
}

async function summarize(tables: Tables): Promise<void> {
  const rows = await tables.rows(
    `summarize from ${parquetSource(file)}`,
    z.object({ column_name: z.string(), count: z.number() }),
  )
  checkRows(rows[0]?.count)
}

function checkRows(rows: number | undefined): void {
  if (rows !== allRows) throw new Error(`${rows} rows were seen`)
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

/** In a process of its own. */
function peakMb(): number {
  const { stdout, status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), 'once'], { encoding: 'utf8' })
  if (status !== 0) throw new Error('the process that is measured failed')
  return z.number().parse(JSON.parse(stdout))
}

export async function benchValidate(): Promise<BenchResult[]> {
  return await withTables(async (tables) => {
    const ours: number[] = []
    const theirs: number[] = []
    // The first round of each fills the caches of the disk and is not counted.
    for (let round = -1; round < rounds; round++) {
      const summarizeMs = await timed(() => summarize(tables))
      const validateMs = await timed(async () => {
        if ((await validate(tables)) === 0) throw new Error('no anomaly was found, though the file has some')
      })
      if (round < 0) continue
      theirs.push(summarizeMs)
      ours.push(validateMs)
    }
    const [value, reference] = [median(ours), median(theirs)]
    const memory = peakMb()
    return [
      {
        name: 'validate',
        value,
        unit: 'ms',
        reference: `DuckDB SUMMARIZE: ${reference.toFixed(0)} ms`,
        ratio: value / reference,
        bar: `≤ ${maxRatio} × SUMMARIZE`,
        holds: value <= maxRatio * reference,
      },
      {
        name: 'validate memory',
        value: memory,
        unit: 'MB',
        reference: 'highest resident memory of a process that does nothing else',
        ratio: null,
        bar: `< ${maxMb} MB`,
        holds: memory < maxMb,
      },
    ]
  })
}

if (process.argv[2] === 'once') {
  await withTables((tables) => validate(tables), { memoryLimitMb })
  // In kilobytes, on every platform.
  process.stdout.write(JSON.stringify(process.resourceUsage().maxRSS / 1_000))
} else if (import.meta.main) report(await benchValidate())
