/** How many CSV files are written, told from all of them at once where they are written alike. */
import { open, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { DatasetSpec } from '#shared/projects.ts'
import { forEachFile } from '../kernel/for-each-file.ts'
import { newId } from '../kernel/ids.ts'
import { quoteIdentifier, quoteText, type Tables } from '../tables/duckdb.ts'
import { type CsvDialect, csvSource, detectDialect } from './csv-dialect.ts'
import { isCompressed } from './dataset-files.ts'

export interface SampleOptions {
  /** An existing folder for the joined files. */
  readonly scratchPath: string
  /** So much of each file is looked at, in whole lines. */
  readonly maxBytes: number
}

/**
 * The dialect of all files, if each begins with the same header and all of them, joined, leave no doubt. Undefined where
 * each must be looked at by itself.
 */
export async function commonDialect(
  tables: Tables,
  paths: readonly string[],
  csv: NonNullable<DatasetSpec['csv']>,
  { scratchPath, maxBytes }: SampleOptions,
): Promise<CsvDialect | undefined> {
  if (csv.header === false || paths.some(isCompressed)) return undefined
  const joined = join(scratchPath, `${newId()}.csv`)
  try {
    if (!(await joinFiles(paths, joined, maxBytes))) return undefined
    const dialect = await detectDialect(tables, joined, csv, -1).catch(() => undefined)
    return dialect !== undefined && (await isBeyondDoubt(tables, joined, dialect)) ? dialect : undefined
  } finally {
    await rm(joined, { force: true })
  }
}

/** Writes the header once and the rows of all files; false where they have no header in common. */
async function joinFiles(paths: readonly string[], joined: string, maxBytes: number): Promise<boolean> {
  const texts = await forEachFile(paths, (path) => firstLines(path, maxBytes))
  const ends = texts.map((text) => text.indexOf(newline) + 1)
  const header = texts[0]?.subarray(0, ends[0]) ?? Buffer.alloc(0)
  // A quoted name may go on in the next line.
  if (header.length === 0 || header.includes('"')) return false
  if (!texts.every((text, index) => text.subarray(0, ends[index]).equals(header))) return false
  await writeFile(joined, [header, ...texts.map((text, index) => text.subarray(ends[index]))])
  return true
}

const newline = 10

/** Whole lines up to `maxBytes`, each with its end. */
async function firstLines(path: string, maxBytes: number): Promise<Buffer> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const buffer = Buffer.alloc(Math.min(size, maxBytes))
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0)
    const text = buffer.subarray(0, bytesRead)
    if (bytesRead < size) return text.subarray(0, text.lastIndexOf(newline) + 1)
    return text.at(-1) === newline ? text : Buffer.concat([text, Buffer.of(newline)])
  } finally {
    await file.close()
  }
}

/** What stays text must look like text: a number or a time may be written otherwise in one file than in the others. */
async function isBeyondDoubt(tables: Tables, joined: string, dialect: CsvDialect): Promise<boolean> {
  const { header, skip, comment } = dialect.options
  if (header !== true || skip !== 0 || comment !== '') return false
  const texts = [...dialect.columns].filter(([, type]) => type === 'VARCHAR').map(([name]) => quoteIdentifier(name))
  if (texts.length === 0) return true
  const doubts = texts.map((text) => `coalesce(bool_or(regexp_matches(${text}, ${quoteText(numberLike)})), false)`)
  const sql = `select ${doubts.join(' or ')} as doubtful from ${csvSource([joined], dialect)}`
  const found = await tables.row(sql, z.object({ doubtful: z.boolean() })).catch(() => undefined)
  return found?.doubtful === false
}

const numberLike = '^\\s*[+-]?[.,]?[0-9]'
