/** For tests and benchmarks: a real model, trained by the real code on real flights. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parquetSource, withTables } from '../tables/duckdb.ts'
import { writeGolden } from '../training/golden.ts'
import { packageFiles, writePackage } from '../training/package.ts'
import { fitPreparation, loadPreparedRows, prepareOptionsSchema } from '../training/prepare.ts'
import { train } from '../training/train.ts'
import { trainerOptionsSchema } from '../training/trainers/index.ts'

const flights = fileURLToPath(
  new URL('../../../../node_modules/vega-datasets/data/flights-3m.parquet', import.meta.url),
)

const allRows = 3_000_000

export interface FlightModelOptions {
  readonly rows: number
  readonly epochs: number
  readonly seed?: number
  /** Columns to learn from. Default: date, distance, origin and destination. */
  readonly inputs?: readonly string[]
  /** Derived columns: name to SQL. */
  readonly expressions?: Record<string, string>
}

/** A row as an application would send it. */
export const flightRow = { date: '2001-03-05T17:30:00Z', distance: 862, origin: 'ORD', destination: 'ATL' }

/** Trains a classifier of late flights into the folder. Returns its package: file name to absolute path. */
export async function trainFlightModel(
  folder: string,
  { rows, epochs, seed = 7, inputs = Object.keys(flightRow), expressions = {} }: FlightModelOptions,
): Promise<ReadonlyMap<string, string>> {
  await mkdir(folder, { recursive: true })
  const data = join(folder, 'flights.parquet')
  const path = (name: string) => join(folder, name)
  await withTables(async (tables) => {
    const columns = `${inputs.join(', ')}, delay >= 15 as late`
    const sample = `select * from ${parquetSource(flights)} where file_row_number % ${Math.floor(allRows / rows)} = 0`
    await tables.writeParquet(`select ${columns} from (${sample}) order by date, origin, destination`, data)
    const options = prepareOptionsSchema.parse({ target: 'late', expressions })
    const { preparation, signature } = await fitPreparation(tables, data, options)
    const training = await loadPreparedRows(tables, data, preparation)
    const { model } = await train({
      preparation,
      signature,
      training,
      validation: training,
      options: trainerOptionsSchema.parse({ trainer: 'neural-network', epochs, batchSize: 512, seed }),
      seed,
      watch: { signal: new AbortController().signal, progress: () => {}, metric: () => {} },
    })
    await writePackage(model, path)
    await writeGolden(model, path)
  })
  const { manifest, preparation, network, weights, background, golden } = packageFiles
  return new Map([manifest, preparation, network, weights, background, golden].map((name) => [name, path(name)]))
}
