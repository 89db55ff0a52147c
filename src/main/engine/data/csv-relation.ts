/** From the CSV files of a dataset to one relation over their rows. */
import { stat } from 'node:fs/promises'
import type { DatasetSpec } from '#shared/projects.ts'
import { forEachFile } from '../kernel/for-each-file.ts'
import { quoteIdentifier, type Tables } from '../tables/duckdb.ts'
import { type CsvDialect, csvSource, detectDialect, sameDialect } from './csv-dialect.ts'
import { commonDialect } from './csv-many-files.ts'

/**
 * `verified`: every value was read once. `unverified`: the same columns and types in almost all cases, but reading may fail
 * where a verified opening finds another way. `first-rows`: types come from the first rows alone.
 */
export type CsvCare = 'verified' | 'unverified' | 'first-rows'

interface RelationOptions {
  readonly care: CsvCare
  /** An existing folder for temporary copies. */
  readonly scratchPath: string
}

/** Up to this size the types of a CSV column come from all of its rows; beyond, from a sample that is then verified. */
const fullSniffBytes = 32 * 1024 * 1024
const typeSampleRows = 200_000
const firstRows = 20_480
const firstRowsBytes = 4 * 1024 * 1024

/** From so many files on it is tried first whether they are all written alike: to look into each takes its time. */
const manyFiles = 8

export async function csvRelation(
  tables: Tables,
  csv: NonNullable<DatasetSpec['csv']>,
  paths: readonly string[],
  { care, scratchPath }: RelationOptions,
): Promise<string> {
  const sizes = await forEachFile(paths, async (path) => (await stat(path)).size)
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  const isVerified = care === 'verified'
  if (paths.length >= manyFiles) {
    const sampleBytes = care === 'first-rows' ? firstRowsBytes : fullSniffBytes
    const maxBytes = bytes <= sampleBytes ? sampleBytes : Math.floor(sampleBytes / paths.length)
    const common = await commonDialect(tables, paths, csv, { scratchPath, maxBytes })
    const found = common === undefined ? undefined : await firstReadable(tables, paths, [common], isVerified)
    if (found?.relation !== undefined) return found.relation
  }
  const samples = care === 'first-rows' ? [firstRows] : bytes <= fullSniffBytes ? [-1] : [typeSampleRows, -1]
  let failure: unknown
  for (const sampleRows of samples) {
    const dialects: CsvDialect[] = []
    for (const path of paths) dialects.push(await detectDialect(tables, path, csv, sampleRows))
    const found = await firstReadable(tables, paths, dialects, isVerified)
    if (found.relation !== undefined) return found.relation
    failure ??= found.failure
  }
  throw failure
}

/** @param dialects one for each file, or one for all */
async function firstReadable(
  tables: Tables,
  paths: readonly string[],
  dialects: readonly CsvDialect[],
  isVerified: boolean,
): Promise<{ relation: string } | { relation: undefined; failure: unknown }> {
  let failure: unknown
  for (const attempt of attempts(dialects)) {
    const relation = unionByName(paths, attempt)
    if (!isVerified) return { relation }
    try {
      await verify(tables, relation, attempt)
      return { relation }
    } catch (error) {
      failure ??= error
    }
  }
  return { relation: undefined, failure }
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

/** Files in a row that are written alike are read as one: a union of thousands takes DuckDB long to plan. */
function unionByName(paths: readonly string[], dialects: readonly CsvDialect[]): string {
  const parts: { paths: string[]; dialect: CsvDialect }[] = []
  for (const [index, path] of paths.entries()) {
    const last = parts.at(-1)
    const dialect = dialects[index] ?? last?.dialect
    if (dialect === undefined) continue
    if (last !== undefined && (last.dialect === dialect || sameDialect(last.dialect, dialect))) last.paths.push(path)
    else parts.push({ paths: [path], dialect })
  }
  const reads = parts.map((part) => csvSource(part.paths, part.dialect))
  return reads.length === 1 ? (reads[0] ?? '') : `(${reads.map((read) => `from ${read}`).join(' union all by name ')})`
}

/** Reads every value once, so that a line that does not fit is found here, with its number, and not in mid-work. */
async function verify(tables: Tables, relation: string, dialects: readonly CsvDialect[]): Promise<void> {
  const names = new Set(dialects.flatMap(({ columns }) => [...columns.keys()]))
  await tables.run(`select ${[...names].map((name) => `count(${quoteIdentifier(name)})`).join(', ')} from ${relation}`)
}
