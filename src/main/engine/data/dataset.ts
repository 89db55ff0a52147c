/** From a declared dataset to a query over its rows. */
import { createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { DatasetSpec } from '#shared/projects.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { forEachFile } from '../kernel/for-each-file.ts'
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
import { type CsvCare, csvRelation } from './csv-relation.ts'
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
  return { format, readable, relation: await relationOf(tables, spec, format, readable, options) }
}

/** Our own SQL is sound: what fails in opening the files is a fault of the files. */
function asUnreadable(error: unknown): never {
  const ours = error instanceof EsteiraError && error.code === 'query-failed'
  throw ours ? new EsteiraError('dataset-unreadable', error.message, { cause: error }) : error
}

async function refuseEmptyFiles(files: readonly string[], projectPath: string): Promise<void> {
  const sizes = await forEachFile(files, async (file) => (await stat(file)).size)
  const empty = files[sizes.indexOf(0)]
  if (empty === undefined) return
  throw new EsteiraError('dataset-empty', `The file "${relative(projectPath, empty)}" is empty.`, { where: empty })
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
  return forEachFile(files, async (file) => {
    const path =
      format === 'parquet' || isCompressed(file)
        ? file
        : format === 'sqlite'
          ? await sqliteAsJson(file, spec.table, scratchPath)
          : await utf8File(file, scratchPath, spec.csv?.encoding, looked)
    if (path !== file) copies.set(path, file)
    return path
  })
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
  { care = 'verified', scratchPath }: OpenOptions,
): Promise<string> {
  if (format === 'csv') return await csvRelation(tables, spec.csv ?? {}, paths, { care, scratchPath })
  if (format === 'parquet') return parquetSource(paths)
  const list = `[${paths.map(quoteText).join(', ')}]`
  return `read_json(${list}, format = 'auto', sample_size = -1, union_by_name = true, maximum_object_size = ${maxJsonObjectBytes})`
}

function inProjectWords(error: unknown, projectPath: string, copies: ReadonlyMap<string, string>): unknown {
  if (!(error instanceof EsteiraError)) return error
  let message = error.message
  for (const [copy, original] of copies) message = message.replaceAll(copy, original)
  return new EsteiraError(error.code, message.replaceAll(projectPath + sep, ''), error.context)
}
