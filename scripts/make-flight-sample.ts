/**
 * Makes the data of the sample project `resources/samples/flight-delay` from the npm package vega-datasets: for each
 * month of January to June 2001, 40,000 flights drawn at random, in the order of their date, and for every hour and airport
 * how many of all flights left, and how many of them late.
 *
 * The draw depends on nothing but the rows: the same package gives the same files, byte for byte.
 * Run it with `node scripts/make-flight-sample.ts`.
 */
import { join } from 'node:path'
import { parquetSource, withTables } from '../src/main/engine/tables/duckdb.ts'

const rowsPerMonth = 40_000
const seed = 2001
/** From this delay on a flight is late, as in the dataset of the sample. */
const lateMinutes = 15
const root = join(import.meta.dirname, '..')
const flights = join(root, 'node_modules/vega-datasets/data/flights-3m.parquet')
const folder = join(root, 'resources/samples/flight-delay/data')

await withTables(async (tables) => {
  const source = parquetSource(flights, { rowNumbers: true })
  const write = async (sql: string, file: string) => {
    const path = join(folder, file)
    const { rows } = await tables.writeParquet(sql, path)
    process.stdout.write(`${path}: ${rows} rows\n`)
  }
  for (const month of [1, 2, 3, 4, 5, 6]) {
    const start = `2001-0${month}-01`
    const sql = `
      select date, delay, distance, origin, destination from (
        from ${source}
        where date >= date '${start}' and date < date '${start}' + interval 1 month
        order by md5('${seed}:' || file_row_number)
        limit ${rowsPerMonth}
      ) order by date, file_row_number`
    await write(sql, `flights-2001-0${month}.parquet`)
    const counts = `
      select origin, date_trunc('hour', date) as hour, count(*)::USMALLINT as departures,
        count_if(delay >= ${lateMinutes})::USMALLINT as late
      from ${source}
      where date >= date '${start}' and date < date '${start}' + interval 1 month
      group by all order by hour, origin`
    await write(counts, `departures-2001-0${month}.parquet`)
  }
})
