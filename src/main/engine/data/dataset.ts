/** From a declared dataset to a query over its rows. */
import { createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { DatasetSpec } from '#shared/projects.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { newId } from '../kernel/ids.ts'
import { sqliteRows } from '../store/sqlite-table.ts'
import {
  type AllowedPaths,
  parquetSource,
  quoteIdentifier,
  quoteText,
  subquery,
  type Tables,
} from '../tables/duckdb.ts'
import { type CsvDialect, csvSource, detectDialect } from './csv-dialect.ts'
import { type DatasetFormat, datasetFiles, datasetFormat, isCompressed } from './dataset-files.ts'
import { utf8File } from './text-encoding.ts'

export { datasetFiles } from './dataset-files.ts'

export interface OpenedDataset {
  /** The rows that the dataset declares: its query, or all of the view `source`. Checked; use with `subquery`. */
  readonly query: string
  /** Absolute paths, sorted. */
  readonly files: readonly string[]
  readonly format: DatasetFormat
  /** Words an error from reading the rows in terms of the project's own files. */
  describeError(error: unknown): unknown
}

export interface OpenOptions {
  /** An existing folder for temporary copies. */
  readonly scratchPath: string
  /** What else SQL may read and write from now on. */
  readonly allow?: { readonly files?: readonly string[]; readonly folders?: readonly string[] }
  /** How surely every row of CSV can be read afterwards. Default: `verified`. */
  readonly care?: CsvCare
}

/**
 * `verified`: every value was read once. `unverified`: the same columns and types in almost all cases, but reading may fail
 * where a verified opening finds another way. `first-rows`: types come from the first rows alone.
 */
type CsvCare = 'verified' | 'unverified' | 'first-rows'

/**
 * Makes the view `source` of the dataset's files and confines SQL to them (see `Tables.restrict`), so that a query that
 * came with a project reads nothing else.
 * @throws EsteiraError `dataset-not-found`, `path-outside-project`, `dataset-unreadable`, `dataset-empty`, `query-failed`
 */
export async function openDataset(
  tables: Tables,
  spec: DatasetSpec,
  projectPath: string,
  options: OpenOptions,
): Promise<OpenedDataset> {
  const files = await datasetFiles(spec, projectPath)
  const copies = new Map<string, string>()
  const describeError = (error: unknown) => inProjectWords(error, projectPath, copies)
  try {
    const { format, readable, relation } = await readableSource(tables, spec, files, projectPath, options, copies)
    await tables.run(`create view source as from ${relation}`).catch(asUnreadable)
    await tables.restrict(allowedPaths(readable, options))
    const query = spec.query ?? 'select * from source'
    await tables.checkQuery(query, 'the query of the dataset')
    return { query, files, format, describeError }
  } catch (error) {
    throw describeError(error)
  }
}

export interface OpenedDatasets {
  /** Absolute paths of all of them, sorted. */
  readonly files: readonly string[]
  describeError(error: unknown): unknown
}

/**
 * Makes each dataset a view under its own name, for SQL that reads several, and confines SQL to their files.
 * @throws EsteiraError as `openDataset` does
 */
export async function openDatasets(
  tables: Tables,
  specs: Readonly<Record<string, DatasetSpec>>,
  projectPath: string,
  options: OpenOptions,
): Promise<OpenedDatasets> {
  const copies = new Map<string, string>()
  const describeError = (error: unknown) => inProjectWords(error, projectPath, copies)
  const all = { files: new Set<string>(), readable: new Set<string>() }
  try {
    for (const [name, spec] of Object.entries(specs)) {
      const files = await datasetFiles(spec, projectPath)
      const { readable, relation } = await readableSource(tables, spec, files, projectPath, options, copies)
      await tables.run(`create view ${sourceName(name)} as from ${relation}`).catch(asUnreadable)
      for (const file of files) all.files.add(file)
      for (const file of readable) all.readable.add(file)
    }
    await tables.restrict(allowedPaths([...all.readable], options))
    for (const [name, spec] of Object.entries(specs)) await createNamedView(tables, name, spec)
    return { files: [...all.files].sort(), describeError }
  } catch (error) {
    throw describeError(error)
  }
}

/** No dataset can have such a name. */
function sourceName(dataset: string): string {
  return quoteIdentifier(`__source_${dataset}`)
}

async function createNamedView(tables: Tables, name: string, { query = 'select * from source' }: DatasetSpec) {
  await tables.checkQuery(query, `the query of the dataset "${name}"`)
  await tables.run(
    `create view ${quoteIdentifier(name)} as with source as (from ${sourceName(name)}) from ${subquery(query)}`,
  )
}

function allowedPaths(readable: readonly string[], { allow, scratchPath }: OpenOptions): AllowedPaths {
  return {
    files: [...readable, ...(allow?.files ?? [])],
    folders: [scratchPath, ...(allow?.folders ?? [])],
  }
}

async function readableSource(
  tables: Tables,
  spec: DatasetSpec,
  files: readonly string[],
  projectPath: string,
  options: OpenOptions,
  copies: Map<string, string>,
): Promise<{ format: DatasetFormat; readable: string[]; relation: string }> {
  await refuseEmptyFiles(files, projectPath)
  const format = await datasetFormat(spec, files)
  const readable = await readableFiles(spec, format, files, options, copies)
  return { format, readable, relation: await relationOf(tables, spec, format, readable, options.care ?? 'verified') }
}

/** Our own SQL is sound: what fails in opening the files is a fault of the files. */
function asUnreadable(error: unknown): never {
  const ours = error instanceof EsteiraError && error.code === 'query-failed'
  throw ours ? new EsteiraError('dataset-unreadable', error.message, { cause: error }) : error
}

async function refuseEmptyFiles(files: readonly string[], projectPath: string): Promise<void> {
  for (const file of files) {
    if ((await stat(file)).size > 0) continue
    throw new EsteiraError('dataset-empty', `The file "${relative(projectPath, file)}" is empty.`, { where: file })
  }
}

/** How much of a file tells its encoding at a first look. */
const quickEncodingBytes = 4 * 1024 * 1024

/** The files in a form that DuckDB reads: text in UTF-8, SQLite tables as JSON lines. `copies` maps copy to original. */
async function readableFiles(
  spec: DatasetSpec,
  format: DatasetFormat,
  files: readonly string[],
  { scratchPath, care }: OpenOptions,
  copies: Map<string, string>,
): Promise<string[]> {
  const looked = { maxBytes: care === 'first-rows' ? quickEncodingBytes : undefined }
  const readable: string[] = []
  for (const file of files) {
    const path =
      format === 'parquet' || isCompressed(file)
        ? file
        : format === 'sqlite'
          ? await sqliteAsJson(file, spec.table, scratchPath)
          : await utf8File(file, scratchPath, spec.csv?.encoding, looked)
    if (path !== file) copies.set(path, file)
    readable.push(path)
  }
  return readable
}

async function sqliteAsJson(file: string, table: string | undefined, scratchPath: string): Promise<string> {
  const copy = join(scratchPath, `${newId()}.ndjson`)
  await pipeline(Readable.from(jsonLines(file, table)), createWriteStream(copy))
  return copy
}

function* jsonLines(file: string, table: string | undefined): Generator<string> {
  for (const row of sqliteRows(file, table)) {
    const values = Object.entries(row).map(([name, value]) => [name, jsonOfSqlite(value)])
    yield `${JSON.stringify(Object.fromEntries(values))}\n`
  }
}

/** Integers keep all their digits; binary values, which no feature can use, count as missing. */
function jsonOfSqlite(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  return ArrayBuffer.isView(value) ? null : value
}

/** Large enough for a document of JSON that holds all rows in one array element or line. */
const maxJsonObjectBytes = 256 * 1024 * 1024

async function relationOf(
  tables: Tables,
  spec: DatasetSpec,
  format: DatasetFormat,
  paths: readonly string[],
  care: CsvCare,
): Promise<string> {
  if (format === 'csv') return await csvRelation(tables, spec, paths, care)
  if (format === 'parquet') return parquetSource(paths)
  const list = `[${paths.map(quoteText).join(', ')}]`
  return `read_json(${list}, format = 'auto', sample_size = -1, union_by_name = true, maximum_object_size = ${maxJsonObjectBytes})`
}

/** Up to this size the types of a CSV column come from all of its rows; beyond, from a sample that is then verified. */
const fullSniffBytes = 32 * 1024 * 1024
const typeSampleRows = 200_000
const firstRows = 20_480

async function csvRelation(
  tables: Tables,
  spec: DatasetSpec,
  paths: readonly string[],
  care: CsvCare,
): Promise<string> {
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size))
  const small = sizes.reduce((sum, size) => sum + size, 0) <= fullSniffBytes
  const samples = care === 'first-rows' ? [firstRows] : small ? [-1] : [typeSampleRows, -1]
  let failure: unknown
  for (const sampleRows of samples) {
    const dialects: CsvDialect[] = []
    for (const path of paths) dialects.push(await detectDialect(tables, path, spec.csv ?? {}, sampleRows))
    for (const attempt of attempts(dialects)) {
      const relation = unionByName(paths, attempt)
      if (care !== 'verified') return relation
      try {
        await verify(tables, relation, attempt)
        return relation
      } catch (error) {
        failure ??= error
      }
    }
  }
  throw failure
}

/**
 * Readings to try in turn. Quotes may come only after the sample, so they are expected first; a column that is text in
 * one file only may be missing there altogether, so the more telling type is tried first.
 */
function attempts(dialects: readonly CsvDialect[]): CsvDialect[][] {
  const quoted = dialects.map((dialect) =>
    dialect.options.quote === '' ? { ...dialect, options: { ...dialect.options, quote: '"', escape: '"' } } : dialect,
  )
  const byType = (list: readonly CsvDialect[], preferTyped: boolean) => withCommonTypes(list, preferTyped)
  const all = [byType(quoted, true), byType(dialects, true)]
  return dialects.length === 1 ? all : [...all, byType(quoted, false), byType(dialects, false)]
}

function withCommonTypes(dialects: readonly CsvDialect[], preferTyped: boolean): CsvDialect[] {
  const types = new Map<string, string>()
  for (const { columns } of dialects) {
    for (const [name, type] of columns) types.set(name, commonType(types.get(name) ?? type, type, preferTyped))
  }
  return dialects.map(({ options, columns }) => ({
    options,
    columns: new Map([...columns].map(([name, type]) => [name, types.get(name) ?? type])),
  }))
}

function commonType(a: string, b: string, preferTyped: boolean): string {
  if (a === b) return a
  const pair = new Set([a, b])
  if (pair.has('VARCHAR')) return preferTyped ? (a === 'VARCHAR' ? b : a) : 'VARCHAR'
  if (pair.has('BIGINT') && pair.has('DOUBLE')) return 'DOUBLE'
  if (pair.has('DATE') && pair.has('TIMESTAMP')) return 'TIMESTAMP'
  return 'VARCHAR'
}

function unionByName(paths: readonly string[], dialects: readonly CsvDialect[]): string {
  const reads = dialects.map((dialect, index) => `from ${csvSource(paths[index] ?? '', dialect)}`)
  return reads.length === 1 ? (reads[0] ?? '').slice('from '.length) : `(${reads.join(' union all by name ')})`
}

/** Reads every value once, so that a line that does not fit is found here, with its number, and not in mid-work. */
async function verify(tables: Tables, relation: string, dialects: readonly CsvDialect[]): Promise<void> {
  const names = new Set(dialects.flatMap(({ columns }) => [...columns.keys()]))
  await tables.run(`select ${[...names].map((name) => `count(${quoteIdentifier(name)})`).join(', ')} from ${relation}`)
}

function inProjectWords(error: unknown, projectPath: string, copies: ReadonlyMap<string, string>): unknown {
  if (!(error instanceof EsteiraError)) return error
  let message = error.message
  for (const [copy, original] of copies) message = message.replaceAll(copy, original)
  return new EsteiraError(error.code, message.replaceAll(projectPath + sep, ''), error.context)
}
