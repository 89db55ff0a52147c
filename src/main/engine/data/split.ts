/** Splits a Parquet file into rows to train on, to validate with and to test with. */
import { z } from 'zod'
import type { ColumnType } from '#shared/statistics.ts'
import { EsteiraError, nearestName } from '../kernel/errors.ts'
import { parquetSource, quoteIdentifier, quoteText, type Tables } from '../tables/duckdb.ts'

export const splitParts = ['train', 'validation', 'test'] as const
export type SplitPart = (typeof splitParts)[number]

export interface SplitRequest {
  /**
   * `random`: by chance, stratified where `target` names a category. `time`: the newest rows test, those before
   * validate. `group`: by chance, but rows that share a value of `column` stay together.
   */
  readonly by: 'random' | 'time' | 'group'
  readonly column?: string | undefined
  readonly target?: string | undefined
  /** Shares of the rows. */
  readonly test: number
  readonly validation: number
  readonly seed: number
}

export interface SplitResult {
  readonly rows: Readonly<Record<SplitPart, number>>
  /** How the rows were divided, in words. */
  readonly description: string
}

/**
 * Writes the three parts, each in the order of the rows. The same file, request and seed give the same parts.
 * @throws EsteiraError `column-not-found`, `invalid-usage`, `dataset-empty` where a part would have no rows
 */
export async function splitRows(
  tables: Tables,
  path: string,
  request: SplitRequest,
  outputs: Readonly<Record<SplitPart, string>>,
): Promise<SplitResult> {
  const source = `(select * exclude (file_row_number), file_row_number as __row
    from ${parquetSource(path, { rowNumbers: true })})`
  const types = new Map((await tables.describe(`from ${parquetSource(path)}`)).map(({ name, type }) => [name, type]))
  const description = await assignParts(tables, source, request, types)
  const rows = { train: 0, validation: 0, test: 0 }
  for (const part of splitParts) {
    rows[part] = await tables.count(`parts where part = ${quoteText(part)}`)
  }
  for (const part of splitParts) if (rows[part] === 0) throw emptyPart(part, rows, request)
  for (const part of splitParts) {
    const sql = `select source.* exclude (__row) from ${source} source join parts on source.__row = parts.__row
      where parts.part = ${quoteText(part)} order by source.__row`
    await tables.writeParquet(sql, outputs[part])
  }
  return { rows, description }
}

/** Fills the table `parts` with `__row` and `part`; tells how. */
async function assignParts(
  tables: Tables,
  source: string,
  request: SplitRequest,
  types: ReadonlyMap<string, ColumnType>,
): Promise<string> {
  if (request.by === 'random') return await byChance(tables, source, request, types)
  if (request.column === undefined) {
    throw new EsteiraError('invalid-usage', `A split by ${request.by} needs the option "column".`)
  }
  const column = quoteIdentifier(request.column)
  const type = columnType(request.column, types)
  if (request.by === 'group') return await byGroup(tables, source, request, column)
  if (type === 'boolean' || type === 'other') {
    throw new EsteiraError('invalid-usage', `Rows cannot be ordered in time by the column "${request.column}".`, {
      found: `a column of type ${type}`,
      allowed: 'a timestamp, a number or a text that sorts by time',
    })
  }
  return await byTime(tables, source, request, column)
}

/** A number that looks random but depends only on the seed and the value, on every machine (for one version of DuckDB). */
function chance(seed: number, value: string): string {
  return `hash(${value}, ${seed})`
}

/** More classes than this are not classes to stratify by. */
const maxStrata = 1_000

/**
 * The rows stand ordered by class and, within a class, by chance; test and validation rows are then taken at even
 * distances, so that every class gives its share up to one row. The first row of each class always trains.
 */
async function byChance(
  tables: Tables,
  source: string,
  { target, test, validation, seed }: SplitRequest,
  types: ReadonlyMap<string, ColumnType>,
): Promise<string> {
  const strata = target === undefined ? undefined : await strataOf(tables, source, target, types)
  const stratum = strata?.expression ?? '0'
  const rows = await tables.count(source)
  const testRows = Math.round(rows * test)
  const validationRows = Math.round(rows * validation)
  const kept = strata === undefined || strata.count > rows - testRows - validationRows ? 0 : strata.count
  const others = rows - kept
  // Of every `of` rows at even distances, `take` are taken; whole numbers, so that rounding plays no part.
  const taken = (index: string, take: number, of: number) =>
    `(${index}) * ${take} // ${of} > ((${index}) - 1) * ${take} // ${of}`
  await tables.run(`create temp table parts as
    with rows as (
      select __row, ${stratum} as stratum, ${chance(seed, '__row')} as chance from ${source}
    ), ranked as (
      select *, ${kept === 0 ? '2' : 'row_number() over (partition by stratum order by chance, __row)'} as rank from rows
    ), placed as (
      select __row, row_number() over (order by rank > 1, stratum, chance, __row) - ${kept} as place from ranked
    )
    select __row, case
      when place <= 0 then 'train'
      when ${taken('place', testRows, others)} then 'test'
      when ${taken(`place - place * ${testRows} // ${others}`, validationRows, others - testRows)} then 'validation'
      else 'train' end as part
    from placed`)
  return strata === undefined ? 'by chance' : `by chance, with the same shares of ${target} in every part`
}

async function strataOf(
  tables: Tables,
  source: string,
  target: string,
  types: ReadonlyMap<string, ColumnType>,
): Promise<{ expression: string; count: number } | undefined> {
  const type = columnType(target, types)
  if (type === 'number' || type === 'timestamp' || type === 'other') return undefined
  const expression = quoteIdentifier(target)
  const sql = `select count(distinct ${expression}) + max((${expression} is null)::INTEGER) as n, count(*) as rows from ${source}`
  const { n, rows } = await tables.row(sql, z.object({ n: z.number().nullable(), rows: z.number() }))
  return n === null || n > Math.min(maxStrata, rows / 2) ? undefined : { expression, count: n }
}

/** Rows of the same instant stay together: the cuts are instants, not row numbers. */
async function byTime(
  tables: Tables,
  source: string,
  { test, validation }: SplitRequest,
  column: string,
): Promise<string> {
  const { n } = await tables.row(`select count(${column}) as n from ${source}`, z.object({ n: z.number() }))
  const testRows = Math.round(n * test)
  const validationRows = Math.round(n * validation)
  // The value of the row with so many rows from it on; half a row keeps rounding out of it.
  const cut = (last: number) => `quantile_disc(${column}, ${Math.min(Math.max(n - last + 0.5, 0) / Math.max(n, 1), 1)})`
  await tables.run(`create temp table cuts as
    select ${cut(testRows + validationRows)} as validation_start, ${cut(testRows)} as test_start from ${source}`)
  await tables.run(`create temp table parts as
    select __row, case
      when source.${column} >= cuts.test_start then 'test'
      when source.${column} >= cuts.validation_start then 'validation'
      else 'train' end as part
    from ${source} source, cuts`)
  const sql = 'select validation_start::VARCHAR as validation, test_start::VARCHAR as test from cuts'
  const starts = await tables.row(sql, z.object({ validation: z.string().nullable(), test: z.string().nullable() }))
  return `by ${column}: validation from ${starts.validation}, test from ${starts.test}`
}

/** Groups in an order of chance fill the test part first, then the validation part. */
async function byGroup(
  tables: Tables,
  source: string,
  { test, validation, seed }: SplitRequest,
  column: string,
): Promise<string> {
  const order = chance(seed, `coalesce(${column}::VARCHAR, '')`)
  await tables.run(`create temp table parts as
    with groups as (
      select ${column} as name, count(*) as size, sum(count(*)) over () as total,
        sum(count(*)) over (order by ${order}, ${column} rows unbounded preceding) - count(*) as before
      from ${source} group by ${column}
    )
    select __row, case
      when groups.before < round(groups.total * ${test}) then 'test'
      when groups.before < round(groups.total * ${test}) + round(groups.total * ${validation}) then 'validation'
      else 'train' end as part
    from ${source} source join groups on source.${column} is not distinct from groups.name`)
  return `by groups of ${column}`
}

function columnType(name: string, types: ReadonlyMap<string, ColumnType>): ColumnType {
  const type = types.get(name)
  if (type !== undefined) return type
  const nearest = nearestName(name, types.keys())
  throw new EsteiraError('column-not-found', `The data has no column "${name}".`, {
    allowed: [...types.keys()].join(', '),
    ...(nearest !== undefined && { nearest }),
  })
}

function emptyPart(part: SplitPart, rows: Record<SplitPart, number>, { by, column }: SplitRequest): EsteiraError {
  const reasons = {
    random: 'There are too few rows for the shares asked for.',
    time: `Too many rows share one value of "${column}".`,
    group: `The column "${column}" has too few different values.`,
  }
  return new EsteiraError('dataset-empty', `The ${part} part of the split would have no rows. ${reasons[by]}`, {
    found: splitParts.map((name) => `${name} ${rows[name]}`).join(', '),
    next: 'Use more rows, other shares or another way to split.',
  })
}
