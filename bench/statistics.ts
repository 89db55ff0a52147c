/** Statistics of all 3,000,000 flights, against DuckDB's own SUMMARIZE of the same file, in turns on the same connection. */
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { computeStatistics } from '../src/main/engine/data/statistics.ts'
import { parquetSource, type Tables, withTables } from '../src/main/engine/tables/duckdb.ts'
import { type BenchResult, median, report } from './result.ts'

const file = fileURLToPath(new URL('../node_modules/vega-datasets/data/flights-3m.parquet', import.meta.url))
const rounds = 7
const maxRatio = 2

export async function benchStatistics(): Promise<BenchResult[]> {
  return withTables(async (tables) => {
    const sql = `from ${parquetSource(file)}`
    const ours: number[] = []
    const theirs: number[] = []
    // The first round of each fills the caches of the disk and is not counted.
    for (let round = -1; round < rounds; round++) {
      const summarizeMs = await timed(() => summarize(tables, sql))
      const statisticsMs = await timed(async () => checkRows((await computeStatistics(tables, sql)).rows))
      if (round < 0) continue
      theirs.push(summarizeMs)
      ours.push(statisticsMs)
    }
    const [value, reference] = [median(ours), median(theirs)]
    return [
      {
        name: 'statistics',
        value,
        unit: 'ms',
        reference: `DuckDB SUMMARIZE: ${reference.toFixed(0)} ms`,
        ratio: value / reference,
        bar: `≤ ${maxRatio} × SUMMARIZE`,
        holds: value <= maxRatio * reference,
      },
    ]
  })
}

async function summarize(tables: Tables, sql: string): Promise<void> {
  const rows = await tables.rows(`summarize ${sql}`, z.object({ column_name: z.string(), count: z.number() }))
  checkRows(rows[0]?.count)
}

function checkRows(rows: number | undefined): void {
  if (rows !== 3_000_000) throw new Error(`${rows} rows were seen`)
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

if (import.meta.main) report(await benchStatistics())
