/**
 * The sketches of a relation, one for each span and column, computed by DuckDB in two grouped passes over 32 columns at a
 * time: figures first, then counts of values and bins. Every row ends up in exactly one span, which is checked.
 */
import { z } from 'zod'
import { epochMsExpression } from '../../tables/column-types.ts'
import type { Column } from '../../tables/columns.ts'
import { type DescribedColumn, quoteIdentifier, subquery, type Tables } from '../../tables/duckdb.ts'
import { marksSql, readMarks } from './distinct.ts'
import { binKeySql, binsOfCounts, emptyBins, finestBits } from './number-bins.ts'
import { type ColumnSketch, maxKeptValues, type NumbersSketch, type TextsSketch } from './sketch.ts'

export interface SpanSketches {
  /**
   * Where the span, a day (UTC) unless another length is asked for, begins in epoch ms; null for rows without a time, and
   * for all rows where time is not known.
   */
  readonly span: number | null
  readonly rows: number
  readonly columns: readonly ColumnSketch[]
}

export const spanMs = 86_400_000
const columnsPerPass = 32
/** Beyond this, sums of squares overflow: such numbers count as infinite. */
const largestNumber = 1e150
/** Up to so many different numbers in all, bins are as fine as they can be. */
const fewBits = 9

/**
 * @param time the column that says when a row happened; without it all rows are of one span
 * @param lengthMs of a span
 */
export async function sketchRelation(
  tables: Tables,
  sql: string,
  time: string | undefined,
  lengthMs = spanMs,
): Promise<SpanSketches[]> {
  const spanSql = spanExpression(time, lengthMs)
  const described = await tables.describe(sql)
  const rows = await tables.count(subquery(sql))
  const spans = new Map<number | null, { rows: number; columns: ColumnSketch[] }>()
  // Of rows without columns there is nothing to tell but their number.
  for (let start = 0; start < Math.max(described.length, 1); start += columnsPerPass) {
    const part = described.slice(start, start + columnsPerPass)
    for (const { span, rows: ofSpan, columns } of await sketchPart(tables, sql, spanSql, part)) {
      const known = spans.get(span) ?? { rows: ofSpan, columns: [] }
      spans.set(span, known)
      known.columns.push(...columns)
    }
  }
  const sketched = [...spans.values()].reduce((sum, span) => sum + span.rows, 0)
  if (sketched !== rows) throw new Error(`${rows} rows were counted, but ${sketched} were sketched.`)
  return [...spans]
    .map(([span, { rows: ofSpan, columns }]) => ({ span, rows: ofSpan, columns }))
    .sort((a, b) => (a.span ?? Number.NEGATIVE_INFINITY) - (b.span ?? Number.NEGATIVE_INFINITY))
}

const isText = ({ type }: DescribedColumn) => type === 'text' || type === 'boolean'
const isNumber = ({ type }: DescribedColumn) => type === 'integer' || type === 'number' || type === 'timestamp'

/** The column as VARCHAR where it is a text or of no usable type, else as DOUBLE. */
function valueExpression(column: DescribedColumn): string {
  const name = quoteIdentifier(column.name)
  if (column.type === 'timestamp') return epochMsExpression(name)
  return isNumber(column) ? `${name}::DOUBLE` : `${name}::VARCHAR`
}

function spanExpression(time: string | undefined, lengthMs: number): string {
  if (time === undefined) return 'null::BIGINT'
  return `(floor(${epochMsExpression(quoteIdentifier(time))} / ${lengthMs}) * ${lengthMs})::BIGINT`
}

/** The rows of the columns as `v0`, `v1` …, each with its `span`. */
function valuesSql(sql: string, span: string, columns: readonly DescribedColumn[]): string {
  const values = columns.map((column, index) => `${valueExpression(column)} as v${index}`)
  return `(select ${[`${span} as span`, ...values].join(', ')} from ${subquery(sql)})`
}

interface Figures {
  readonly present: number
  readonly finite: number
  readonly nan: number
  readonly zeros: number
  readonly min: number | null
  readonly max: number | null
  readonly mean: number
  readonly variance: number
  readonly marks: string | null
}

async function sketchPart(
  tables: Tables,
  sql: string,
  span: string,
  columns: readonly DescribedColumn[],
): Promise<SpanSketches[]> {
  const source = valuesSql(sql, span, columns)
  const spans = await figuresBySpan(tables, source, columns)
  // Instants are never compared by their values: their figures are enough.
  const counted = columns.filter((column) => isText(column) || (isNumber(column) && column.type !== 'timestamp'))
  const bits = new Map(counted.filter(isNumber).map((column) => [column, bitsFor(spans, columns.indexOf(column))]))
  if (counted.length > 0) await countBySpan(tables, source, columns, counted, bits)
  const texts = new Map<DescribedColumn, Map<number | null, TextsWithMarks>>()
  const bins = new Map<DescribedColumn, Map<number | null, Map<number, number>>>()
  for (const [part, column] of counted.entries()) {
    if (isText(column)) texts.set(column, await textsBySpan(tables, part))
    else bins.set(column, await binsBySpan(tables, part))
  }
  return spans.map(({ span, rows, figures }) => ({
    span,
    rows,
    columns: columns.map((column, index): ColumnSketch => {
      const of = figures[index] ?? unexpected()
      const text = texts.get(column)?.get(span)
      const base = { ...identity(column), rows, present: of.present, registers: readMarks(text?.marks ?? of.marks) }
      if (isText(column))
        return { ...base, ...(text !== undefined && { texts: checked(text, of.present, column.name) }) }
      const counts = bins.get(column)?.get(span)
      if (!isNumber(column) || of.present === 0) return base
      return { ...base, numbers: numbersOf(of, counts, bits.get(column), column.name) }
    }),
  }))
}

function identity({ name, type, storageType }: DescribedColumn) {
  return { name, type, storageType }
}

interface SpanFigures {
  readonly span: number | null
  readonly rows: number
  readonly figures: readonly Figures[]
}

async function figuresBySpan(
  tables: Tables,
  source: string,
  columns: readonly DescribedColumn[],
): Promise<SpanFigures[]> {
  const aggregates = columns.flatMap((column, index) => figuresSql(column, `v${index}`, String(index)))
  const rows = await tables.rows(
    `select ${['span', 'count(*) as n', ...aggregates].join(', ')} from ${source} group by span`,
    z.record(z.string(), z.union([z.number(), z.string(), z.null()])),
  )
  return rows.map((row) => {
    const number = (name: string) => (typeof row[name] === 'number' ? row[name] : null)
    const text = (name: string) => (typeof row[name] === 'string' ? row[name] : null)
    return {
      span: number('span'),
      rows: number('n') ?? 0,
      figures: columns.map((_, index) => ({
        present: number(`present${index}`) ?? 0,
        finite: number(`finite${index}`) ?? 0,
        nan: number(`nan${index}`) ?? 0,
        zeros: number(`zeros${index}`) ?? 0,
        min: number(`min${index}`),
        max: number(`max${index}`),
        mean: number(`mean${index}`) ?? 0,
        variance: number(`variance${index}`) ?? 0,
        marks: text(`marks${index}`),
      })),
    }
  })
}

function figuresSql(column: DescribedColumn, value: string, suffix: string): string[] {
  const present = `count(${value}) as present${suffix}`
  if (isText(column)) return [present]
  const marks = `${marksSql(value)} as marks${suffix}`
  if (!isNumber(column)) return [present, marks]
  const filter = column.type === 'number' ? `filter (abs(${value}) <= ${largestNumber})` : ''
  return [
    present,
    marks,
    `count(${value}) ${filter} as finite${suffix}`,
    `count_if(isnan(${value})) as nan${suffix}`,
    `count_if(${value} = 0) as zeros${suffix}`,
    `min(${value}) ${filter} as min${suffix}`,
    `max(${value}) ${filter} as max${suffix}`,
    `avg(${value}) ${filter} as mean${suffix}`,
    `var_pop(${value}) ${filter} as variance${suffix}`,
  ]
}

/** Some hundred bins over the range, wherever it lies, at least; whole numbers within a few thousand are kept apart. */
function bitsFor(spans: readonly SpanFigures[], index: number): number {
  const ends = spans.flatMap(({ figures }) => {
    const { min = null, max = null } = figures[index] ?? {}
    return min === null || max === null ? [] : [min, max]
  })
  const [low, high] = [Math.min(...ends), Math.max(...ends)]
  if (ends.length === 0 || low === high) return finestBits
  const offset = Math.max(Math.abs(low), Math.abs(high)) / (high - low)
  return Math.min(finestBits, fewBits + 3 + Math.max(0, Math.ceil(Math.log2(offset))))
}

/** Fills the table `counts`: `span`, column `k<i>` the value or key of its bin, `part` the index of the column, `n` the rows. */
async function countBySpan(
  tables: Tables,
  source: string,
  columns: readonly DescribedColumn[],
  counted: readonly DescribedColumn[],
  bits: ReadonlyMap<DescribedColumn, number>,
): Promise<void> {
  const keys = counted.map((column, index) => {
    const value = `v${columns.indexOf(column)}`
    const grid = bits.get(column)
    if (grid === undefined) return `${value} as k${index}`
    return `case when abs(${value}) <= ${largestNumber} then ${binKeySql(value, grid)} end as k${index}`
  })
  const names = counted.map((_, index) => `k${index}`)
  const id = (index: number) => 2 ** names.length - 1 - 2 ** (names.length - 1 - index)
  const which = names.map((_, index) => `when ${id(index)} then ${index}`)
  await tables.run(`create or replace temp table counts as
    select span, ${names.join(', ')}, count(*) as n, case grouping_id(${names.join(', ')}) ${which.join(' ')} end as part
    from (select span, ${keys.join(', ')} from ${source})
    group by grouping sets (${names.map((name) => `(span, ${name})`).join(', ')})`)
}

async function binsBySpan(tables: Tables, part: number): Promise<Map<number | null, Map<number, number>>> {
  const key = `k${part}`
  const { length, columns } = await tables.columns(
    `select span, ${key} as key, n from counts where part = ${part} and ${key} is not null`,
  )
  const [spans, keys, counts] = ['span', 'key', 'n'].map((name) => numbersIn(columns.get(name)))
  const found = new Map<number | null, Map<number, number>>()
  for (let row = 0; row < length; row++) {
    const span = spanAt(spans, row)
    const bins = found.get(span) ?? new Map<number, number>()
    found.set(span, bins)
    bins.set(keys?.[row] ?? 0, counts?.[row] ?? 0)
  }
  return found
}

type TextsWithMarks = TextsSketch & { readonly total: number; readonly marks: string | null }

const textFiguresSchema = z.object({
  span: z.number().nullable(),
  total: z.number(),
  kinds: z.number(),
  minLength: z.number(),
  maxLength: z.number(),
  sumLength: z.number(),
  dropped: z.number().nullable(),
  marks: z.string().nullable(),
})

async function textsBySpan(tables: Tables, part: number): Promise<Map<number | null, TextsWithMarks>> {
  const key = `k${part}`
  const ranked = `(select span, ${key} as value, n, row_number() over (partition by span order by n desc, ${key}) as place
    from counts where part = ${part} and ${key} is not null)`
  const figures = await tables.rows(
    `select span, sum(n) as total, count(*) as kinds, min(length(value)) as minLength, max(length(value)) as maxLength,
      sum(length(value) * n) as sumLength, max(n) filter (place > ${maxKeptValues}) as dropped, ${marksSql('value')} as marks
      from ${ranked} group by span`,
    textFiguresSchema,
  )
  const { length, columns } = await tables.columns(
    `select span, value, n from ${ranked} where place <= ${maxKeptValues} order by span, place`,
  )
  const [spans, counts] = ['span', 'n'].map((name) => numbersIn(columns.get(name)))
  const texts = columns.get('value')
  const values = new Map<number | null, Map<string, number>>()
  for (let row = 0; row < length; row++) {
    const span = spanAt(spans, row)
    const kept = values.get(span) ?? new Map<string, number>()
    values.set(span, kept)
    kept.set(String(texts?.values[row] ?? ''), counts?.[row] ?? 0)
  }
  return new Map(
    figures.map(({ span, dropped, kinds: _, ...rest }) => [
      span,
      { ...rest, error: dropped ?? 0, values: values.get(span) ?? new Map() },
    ]),
  )
}

function numbersIn(column: Column | undefined): Float64Array {
  return column?.kind === 'numeric' ? column.values : unexpected()
}

function spanAt(spans: Float64Array | undefined, row: number): number | null {
  const span = spans?.[row] ?? Number.NaN
  return Number.isNaN(span) ? null : span
}

/** A pass that silently loses rows would make every later comparison worthless. */
function checked({ total, marks: _, ...texts }: TextsWithMarks, present: number, column: string): TextsSketch {
  if (total !== present) throw lost(column, present, total)
  return texts
}

function numbersOf(
  of: Figures,
  counts: ReadonlyMap<number, number> | undefined,
  bits: number | undefined,
  column: string,
): NumbersSketch {
  const bins = counts === undefined || bits === undefined ? emptyBins : binsOfCounts(counts, bits)
  const total = bins.counts.reduce((sum, count) => sum + count, 0)
  if (bits !== undefined && total !== of.finite) throw lost(column, of.finite, total)
  return {
    finite: of.finite,
    nan: of.nan,
    infinite: of.present - of.finite - of.nan,
    zeros: of.zeros,
    min: of.min ?? 0,
    max: of.max ?? 0,
    mean: of.mean,
    squares: of.variance * of.finite,
    bins,
  }
}

function lost(column: string, expected: number, counted: number): Error {
  return new Error(`The column "${column}" has ${expected} values, but ${counted} were counted.`)
}

function unexpected(): never {
  throw new Error('A column that was asked for is not there.')
}
