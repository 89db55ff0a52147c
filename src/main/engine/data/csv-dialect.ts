/** How a CSV file is written: separator, quoting, decimal mark, dates and the type of every column. */
import { z } from 'zod'
import type { DatasetSpec } from '#shared/projects.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { quoteIdentifier, quoteText, type Tables } from '../tables/duckdb.ts'
import { isCompressed } from './dataset-files.ts'
import { firstBytes, utf8File } from './text-encoding.ts'

type CsvOptions = NonNullable<DatasetSpec['csv']>

/** Texts that mean "missing" unless the dataset says otherwise. */
export const defaultNullValues = ['', 'NA', 'N/A', 'n/a', '#N/A', 'NaN', 'nan', 'NULL', 'Null', 'null', 'None', '?']

/** Options of DuckDB's `read_csv`, by its own names. */
type ReadOptions = Readonly<Record<string, string | number | boolean | readonly string[]>>

export interface CsvDialect {
  readonly options: ReadOptions
  /** Column name to DuckDB type, in the order of the file. */
  readonly columns: ReadonlyMap<string, string>
}

/** Ways of writing numbers and instants that DuckDB's sniffer does not try by itself. */
const variants: readonly ReadOptions[] = [
  { decimal_separator: ',' },
  { decimal_separator: ',', thousands: '.' },
  { thousands: ',' },
]
const timestampVariants: readonly ReadOptions[] = [
  { timestampformat: '%d/%m/%Y %H:%M' },
  { timestampformat: '%d.%m.%Y %H:%M' },
  { timestampformat: '%d-%m-%Y %H:%M' },
  { timestampformat: '%m/%d/%Y %H:%M' },
  { timestampformat: '%m/%d/%Y %I:%M %p' },
  { timestampformat: '%m/%d/%Y %I:%M:%S %p' },
]

/** Enough rows to tell how a file is written; the types come from more. */
const dialectSampleRows = 20_480

/** Enough bytes to tell the encoding of such a sample. */
const dialectSampleBytes = 4 * 1024 * 1024

const sniffRowSchema = z.object({
  Delimiter: z.string(),
  Quote: z.string(),
  Escape: z.string(),
  Comment: z.string(),
  SkipRows: z.number(),
  HasHeader: z.boolean(),
  DateFormat: z.string().nullable(),
  TimestampFormat: z.string().nullable(),
  Columns: z.array(z.object({ name: z.string(), type: z.string() })),
})

/**
 * Detects what the options leave open.
 * @param sampleRows the rows that decide the column types; -1 for all
 * @throws EsteiraError `dataset-unreadable`
 */
export async function detectDialect(
  tables: Tables,
  path: string,
  csv: CsvOptions,
  sampleRows: number,
): Promise<CsvDialect> {
  const sniff = snifferOf(tables, path)
  const given = { ...givenOptions(csv), ...(csv.delimiter === undefined && (await headerSeparator(sniff, path, csv))) }
  const chosen = await chooseVariant(tables, path, given, sniff)
  const dialect = await sniff({ ...given, ...chosen }, sampleRows)
  await refuseHiddenSeparator(tables, path, dialect, csv)
  return dialect
}

/** How a file would be read, in the words of `esteira.yaml`; what any file would be read with is left out. */
export async function describeDialect(tables: Tables, file: string, scratchPath: string): Promise<CsvOptions> {
  const path = isCompressed(file)
    ? file
    : await utf8File(file, scratchPath, undefined, { maxBytes: dialectSampleBytes })
  const { options } = await detectDialect(tables, path, {}, dialectSampleRows)
  const { delim, quote, header, decimal_separator: decimal, dateformat, timestampformat } = options
  return {
    ...(typeof delim === 'string' && { delimiter: delim }),
    ...(typeof quote === 'string' && quote !== '' && quote !== '"' && { quote }),
    ...(typeof header === 'boolean' && { header }),
    ...(decimal === ',' && { decimalSeparator: ',' as const }),
    ...(typeof dateformat === 'string' && dateformat !== '' && { dateFormat: dateformat }),
    ...(typeof timestampformat === 'string' && timestampformat !== '' && { timestampFormat: timestampformat }),
  }
}

/** The SQL that reads files with a dialect, e.g. in a `from` clause. */
export function csvSource(paths: readonly string[], dialect: CsvDialect): string {
  return `read_csv(${literal(paths)}, ${readOptions(dialect)})`
}

export function sameDialect(a: CsvDialect, b: CsvDialect): boolean {
  return readOptions(a) === readOptions(b)
}

function readOptions({ options, columns }: CsvDialect): string {
  const types = [...columns].map(([name, type]) => `${quoteText(name)}: ${quoteText(type)}`)
  return `${optionList({ ...options, auto_detect: false })}, columns = {${types.join(', ')}}`
}

/** The candidates for a separator, in the order in which a tie is broken. */
const separators = [';', '\t', '|', ',']

/**
 * Decimal commas can make a file look as if commas separated its values. Where the separator that DuckDB finds does not
 * stand in the header, but another one does and splits every line as it splits the header, that one is meant.
 */
async function headerSeparator(sniff: Sniff, path: string, csv: CsvOptions): Promise<ReadOptions> {
  const header = await firstLine(path)
  const counts = separators.map((mark) => ({ delim: mark, count: header.split(mark).length - 1 }))
  const [candidate] = counts.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count)
  if (candidate === undefined) return {}
  const given = givenOptions(csv)
  const found = await sniff(given, dialectSampleRows).catch(() => undefined)
  if (found !== undefined && header.includes(String(found.options.delim))) return {}
  const { delim, count } = candidate
  const other = await sniff({ ...given, delim }, dialectSampleRows).catch(() => undefined)
  return other?.options.header === true && other.options.skip === 0 && other.columns.size === count + 1 ? { delim } : {}
}

/** The first line of a text in UTF-8 without its quoted parts; at most 64 KiB of it. */
async function firstLine(path: string): Promise<string> {
  const text = new TextDecoder().decode(await firstBytes(path, 65_536))
  return (text.split(/\r?\n/)[0] ?? '').replaceAll(/"[^"]*"/g, '')
}

function givenOptions(csv: CsvOptions): ReadOptions {
  return {
    ...(csv.delimiter !== undefined && { delim: csv.delimiter }),
    ...(csv.quote !== undefined && { quote: csv.quote }),
    ...(csv.header !== undefined && { header: csv.header }),
    ...(csv.decimalSeparator !== undefined && { decimal_separator: csv.decimalSeparator }),
    ...(csv.dateFormat !== undefined && { dateformat: csv.dateFormat }),
    ...(csv.timestampFormat !== undefined && { timestampformat: csv.timestampFormat }),
    nullstr: csv.nullValues ?? defaultNullValues,
  }
}

/** The variant under which the most columns are more than text; DuckDB's own view when none is better. */
async function chooseVariant(tables: Tables, path: string, given: ReadOptions, sniff: Sniff): Promise<ReadOptions> {
  const plain = await sniff(given, dialectSampleRows)
  let best: { options: ReadOptions; typed: string[] } = { options: {}, typed: typedColumns(plain) }
  const consider = async (extra: ReadOptions) => {
    const taken = Object.entries(extra).some(([key, value]) => key in given || (best.options[key] ?? value) !== value)
    if (taken || best.typed.length === plain.columns.size) return
    const options = { ...best.options, ...extra }
    const dialect = await sniff({ ...given, ...options }, dialectSampleRows).catch(() => undefined)
    if (dialect === undefined || typedColumns(dialect).length <= best.typed.length) return
    if ('thousands' in extra && !(await groupsOfThree(tables, path, dialect))) return
    best = { options, typed: typedColumns(dialect) }
  }
  const looks = await looksOfTexts(tables, path, plain)
  if (looks.numbers) for (const variant of variants) await consider(variant)
  if (looks.instants) for (const variant of timestampVariants) await consider(variant)
  return best.options
}

/** Whether any column that is read as text holds what may be a number or an instant: each try reads the sample again. */
async function looksOfTexts(
  tables: Tables,
  path: string,
  plain: CsvDialect,
): Promise<{ numbers: boolean; instants: boolean }> {
  const texts = [...plain.columns].filter(([, type]) => type === 'VARCHAR').map(([name]) => quoteIdentifier(name))
  if (texts.length === 0) return { numbers: false, instants: false }
  const any = (pattern: string) =>
    `coalesce(bool_or(${texts.map((text) => `coalesce(regexp_full_match(${text}, ${quoteText(pattern)}), false)`).join(' or ')}), false)`
  const sql = `select ${any('\\s*[+-]?[0-9]*[.,][0-9.,]*\\s*')} as numbers,
    ${any('\\s*\\d{1,2}[/.-]\\d{1,2}[/.-]\\d{2,4}\\s+\\d.*')} as instants
    from (from ${csvSource([path], asTexts(plain))} limit ${dialectSampleRows})`
  return await tables.row(sql, z.object({ numbers: z.boolean(), instants: z.boolean() }))
}

/** The same file, with nothing made of its values. */
function asTexts(dialect: CsvDialect): CsvDialect {
  return {
    options: withoutKeys(dialect.options, ['thousands', 'decimal_separator']),
    columns: new Map([...dialect.columns.keys()].map((name) => [name, 'VARCHAR'])),
  }
}

function typedColumns(dialect: CsvDialect): string[] {
  return [...dialect.columns].filter(([, type]) => type !== 'VARCHAR').map(([name]) => name)
}

/** That thousands separators only stand where they belong: `1.234,5` but not `1.5`, `1,234` but not `1,2,3`. */
async function groupsOfThree(tables: Tables, path: string, dialect: CsvDialect): Promise<boolean> {
  const numbers = [...dialect.columns]
    .filter(([, type]) => type === 'DOUBLE' || type === 'BIGINT')
    .map(([name]) => name)
  const escaped = (mark: unknown) => (mark === ',' ? ',' : '\\.')
  const thousands = escaped(dialect.options.thousands)
  const decimal = escaped(dialect.options.decimal_separator ?? '.')
  const pattern = `\\s*[+-]?(\\d+|\\d{1,3}(${thousands}\\d{3})+)(${decimal}\\d*)?([eE][+-]?\\d+)?\\s*`
  const checks = numbers.map((name) => `regexp_full_match(${quoteIdentifier(name)}, ${quoteText(pattern)})`)
  const sql = `select count(*) as n from (from ${csvSource([path], asTexts(dialect))} limit ${dialectSampleRows})
    where not (${checks.map((check) => `coalesce(${check}, true)`).join(' and ')})`
  return (await tables.row(sql, z.object({ n: z.number() }))).n === 0
}

type Sniff = (options: ReadOptions, sampleRows: number) => Promise<CsvDialect>

/** DuckDB's own view of a file. What was asked before is not read again. */
function snifferOf(tables: Tables, path: string): Sniff {
  const known = new Map<string, Promise<CsvDialect>>()
  return (options, sampleRows) => {
    const key = optionList({ ...options, sample_size: sampleRows })
    const found = known.get(key) ?? sniffFile(tables, path, options, sampleRows)
    known.set(key, found)
    return found
  }
}

async function sniffFile(tables: Tables, path: string, options: ReadOptions, sampleRows: number): Promise<CsvDialect> {
  const sql = `select * from sniff_csv(${quoteText(path)}, ${optionList({ ...options, sample_size: sampleRows })})`
  const row = await tables.row(sql, sniffRowSchema).catch((error: unknown) => {
    throw undetectable(path, error)
  })
  const text = (value: string) => (value === '(empty)' ? '' : value)
  const quote = text(row.Quote)
  return {
    options: {
      ...options,
      delim: row.Delimiter,
      quote,
      escape: text(row.Escape),
      comment: text(row.Comment),
      skip: row.SkipRows,
      header: row.HasHeader,
      ...(row.DateFormat !== null && { dateformat: row.DateFormat }),
      ...(row.TimestampFormat !== null && { timestampformat: row.TimestampFormat }),
    },
    columns: new Map(row.Columns.map(({ name, type }) => [name, type])),
  }
}

/** A file whose rows differ in length reads as one column of whole lines; its real fault is then shown. */
async function refuseHiddenSeparator(
  tables: Tables,
  path: string,
  dialect: CsvDialect,
  csv: CsvOptions,
): Promise<void> {
  const [header, ...others] = [...dialect.columns.keys()]
  const separator = separators.find((mark) => header?.includes(mark))
  if (others.length > 0 || header === undefined || separator === undefined || csv.delimiter !== undefined) return
  const columns = new Map(header.split(separator).map((name, index) => [`${index} ${name}`, 'VARCHAR']))
  const options = { ...dialect.options, delim: separator, quote: '"', escape: '"' }
  const names = [...columns.keys()].map((name) => `count(${quoteIdentifier(name)})`)
  await tables.run(`select ${names.join(', ')} from ${csvSource([path], { options, columns })}`)
  throw undetectable(path, undefined)
}

function undetectable(path: string, cause: unknown): EsteiraError {
  const detail = `The separator and quoting of "${path}" could not be told.`
  return new EsteiraError('dataset-unreadable', detail, {
    next: 'Check that the file is CSV, or set "delimiter", "quote" and "encoding" under "csv" in esteira.yaml.',
    cause,
  })
}

function optionList(options: ReadOptions): string {
  return Object.entries(options)
    .map(([name, value]) => `${name} = ${literal(value)}`)
    .join(', ')
}

function literal(value: ReadOptions[string]): string {
  if (typeof value === 'string') return quoteText(value)
  return typeof value === 'object' ? `[${value.map(quoteText).join(', ')}]` : String(value)
}

function withoutKeys(options: ReadOptions, keys: readonly string[]): ReadOptions {
  return Object.fromEntries(Object.entries(options).filter(([key]) => !keys.includes(key)))
}
