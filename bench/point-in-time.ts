/**
 * Features for 1,000,000 labels from 1,000,000 rows of a view whose values became known late and partly out of order: correct
 * by event time and by known-at time, in the order of the labels and verified. Against a bare ASOF JOIN of DuckDB by event
 * time alone, from and to the same kind of files, in turns on the same connection.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { retrieveFeatures } from '../src/main/engine/features/retrieve.ts'
import { parseFeatureView } from '../src/main/engine/features/views.ts'
import { parquetSource, quoteText, type Tables, withTables } from '../src/main/engine/tables/duckdb.ts'
import { type BenchResult, median, report } from './result.ts'

const rowCount = 1_000_000
const entities = 10_000
const rounds = 5
const maxRatio = 3

interface Files {
  readonly labels: string
  readonly features: string
  readonly output: string
}

export async function benchPointInTime(): Promise<BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'esteira-bench-'))
  const file = (name: string) => join(folder, `${name}.parquet`)
  const files = { labels: file('labels'), features: file('features'), output: file('output') }
  try {
    await withTables((tables) => writeFiles(tables, files))
    const ours: number[] = []
    const theirs: number[] = []
    // The first round of each fills the caches of the disk and is not counted.
    for (let round = -1; round < rounds; round++) {
      const bareMs = await withTables((tables) => timed(() => bareJoin(tables, files)))
      const retrieveMs = await withTables((tables) => timed(() => retrieve(tables, files)))
      if (round < 0) continue
      theirs.push(bareMs)
      ours.push(retrieveMs)
    }
    const [value, reference] = [median(ours), median(theirs)]
    return [
      {
        name: 'point-in-time',
        value,
        unit: 'ms',
        reference: `bare ASOF JOIN of DuckDB: ${reference.toFixed(0)} ms`,
        ratio: value / reference,
        bar: `≤ ${maxRatio} × ASOF JOIN`,
        holds: value <= maxRatio * reference,
      },
    ]
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** A year; one value in ten becomes known up to ten days late. The same numbers every time. */
async function writeFiles(tables: Tables, { labels, features }: Files): Promise<void> {
  const time = (seed: number) => `timestamp '2024-01-01' + to_seconds((hash(i, ${seed}) % 31536000)::BIGINT)`
  const entity = (seed: number) => `(hash(i, ${seed}) % ${entities})::INTEGER as entity`
  await tables.writeParquet(
    `select ${entity(1)}, ${time(2)} as at, hash(i, 3) % 2 = 0 as target from range(${rowCount}) as n(i)`,
    labels,
  )
  const late = `case when hash(i, 6) % 10 = 0 then to_seconds((hash(i, 7) % 864000)::BIGINT) else to_seconds(0) end`
  await tables.writeParquet(
    `select ${entity(4)}, ${time(5)} as happened, ${time(5)} + ${late} as known, hash(i, 8) % 1000 / 1000 as value
     from range(${rowCount}) as n(i)`,
    features,
  )
}

async function bareJoin(tables: Tables, { labels, features, output }: Files): Promise<void> {
  const { rows } = await tables.writeParquet(
    `select labels.*, features.value from ${parquetSource(labels)} as labels
     asof left join ${parquetSource(features)} as features
       on labels.entity = features.entity and labels.at >= features.happened`,
    output,
  )
  checkRows(rows)
}

async function retrieve(tables: Tables, { labels, features, output }: Files): Promise<void> {
  const query = `from read_parquet(${quoteText(features)})`
  const text = `name: v\nentity: entity\neventTime: happened\nknownAt: known\nttl: 90d\nquery: ${JSON.stringify(query)}\n`
  const parsed = parseFeatureView(text, 'features/v.yaml')
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  const views = [{ view: parsed.view, features: undefined, columns: {}, entity: {} }]
  const retrieved = await retrieveFeatures(tables, { labelsPath: labels, outputPath: output, time: 'at', views })
  checkRows(retrieved.rows)
  // Nearly every label has a value: what is measured is a join, not its absence.
  if ((retrieved.filled.get('value') ?? 0) < 0.9 * rowCount) throw new Error('most labels have no value')
}

function checkRows(rows: number): void {
  if (rows !== rowCount) throw new Error(`${rows} rows instead of ${rowCount}`)
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

if (import.meta.main) report(await benchPointInTime())
