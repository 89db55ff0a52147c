/**
 * Columns derived by SQL. Training derives them from Parquet, serving from the rows of a request; both through
 * `derivedQuery` over inputs cast to the same types, so that a row gives the same value in both.
 */
import { z } from 'zod'
import type { InputType } from '#shared/models.ts'
import { EsteiraError, nearestName } from '../../kernel/errors.ts'
import type { ColumnBatch } from '../../tables/columns.ts'
import { quoteIdentifier, quoteText, type Tables, withTables } from '../../tables/duckdb.ts'
import type { Preparation } from './preparation.ts'

export type Expressions = Readonly<Record<string, string>>
type RawInput = Preparation['inputs'][number]

const serializedSchema = z.object({ tree: z.string() })
const treeSchema = z.object({
  error: z.boolean(),
  error_message: z.string().optional(),
  statements: z.array(z.unknown()).optional(),
})

/**
 * The columns among `known` that the expressions read. Throws `query-failed` for SQL that is not one expression over a
 * single row (a window or subquery would see other rows in serving than in training), `column-not-found` for others.
 */
export async function columnsRead(
  tables: Tables,
  expressions: Expressions,
  known: readonly string[],
): Promise<string[]> {
  const read = new Set<string>()
  for (const [name, sql] of Object.entries(expressions)) {
    const where = `expressions.${name}`
    for (const reference of await references(tables, sql, where)) {
      const column = known.find((candidate) => reference.some((part) => part.toLowerCase() === candidate.toLowerCase()))
      if (column !== undefined) read.add(column)
      else if (reference.length > 0) throw unknownColumn(reference.join('.'), known, where)
    }
  }
  return known.filter((column) => read.has(column))
}

function unknownColumn(name: string, known: readonly string[], where: string): EsteiraError {
  const nearest = nearestName(name, known)
  return new EsteiraError('column-not-found', `The expression reads the column "${name}", which is not in the data.`, {
    where,
    found: name,
    allowed: known.slice(0, 100).join(', '),
    ...(nearest !== undefined && { nearest }),
  })
}

/** The column references of one expression, each as its parts. */
async function references(tables: Tables, sql: string, where: string): Promise<string[][]> {
  const query = `select json_serialize_sql(${quoteText(`select (${sql}\n)`)}) as tree`
  const { tree } = await tables.row(query, serializedSchema)
  const parsed = treeSchema.parse(JSON.parse(tree))
  if (parsed.error || parsed.statements?.length !== 1) {
    throw new EsteiraError(
      'query-failed',
      `The expression is not valid SQL: ${parsed.error_message ?? 'more than one statement'}`,
      { where, found: sql },
    )
  }
  const found: string[][] = []
  collect(parsed.statements[0], found, new Set(), (kind) => {
    throw new EsteiraError('query-failed', `An expression works on one row, so it cannot hold a ${kind}.`, {
      where,
      found: sql,
      next: 'Put such a computation into the query of the dataset.',
    })
  })
  return found
}

const nodeSchema = z.looseObject({ class: z.string().optional(), column_names: z.array(z.string()).optional() })

/** Walks the syntax tree; names bound by a lambda are no columns. */
function collect(node: unknown, found: string[][], bound: ReadonlySet<string>, refuse: (kind: string) => never): void {
  if (Array.isArray(node)) {
    for (const item of node) collect(item, found, bound, refuse)
    return
  }
  const parsed = nodeSchema.safeParse(node)
  if (!parsed.success) return
  const { class: kind, column_names: names } = parsed.data
  if (kind === 'WINDOW') refuse('window function')
  if (kind === 'SUBQUERY') refuse('subquery')
  if (kind === 'STAR') refuse('star')
  if (kind === 'COLUMN_REF' && names !== undefined && !bound.has(names[0] ?? '')) found.push(names)
  const inner = kind === 'LAMBDA' ? new Set([...bound, ...lambdaNames(parsed.data.lhs)]) : bound
  for (const value of Object.values(parsed.data)) {
    if (typeof value === 'object' && value !== null) collect(value, found, inner, refuse)
  }
}

function lambdaNames(left: unknown): string[] {
  const found: string[][] = []
  collect(left, found, new Set(), () => {
    throw new Error('A lambda parameter is a plain name.')
  })
  return found.flat()
}

/**
 * SQL of all inputs, cast to what a request can hold, the derived columns, and columns passed through unchanged such as
 * the target. `relation` is the text after `from`.
 */
export function derivedQuery(
  relation: string,
  inputs: readonly RawInput[],
  expressions: readonly { readonly name: string; readonly sql: string }[],
  unchanged: readonly string[] = [],
): string {
  const derived = expressions.map(({ name, sql }) => `(${sql}\n) as ${quoteIdentifier(name)}`)
  const raw = inputs.map(({ name, type }) => `${canonical(quoteIdentifier(name), type)} as ${quoteIdentifier(name)}`)
  const columns = [...raw, ...unchanged.map(quoteIdentifier)]
  return `select ${['*', ...derived].join(', ')} from (select ${columns.length === 0 ? '1' : columns.join(', ')} from ${relation})`
}

function canonical(column: string, type: InputType): string {
  switch (type) {
    case 'integer':
      return `try_cast(${column} as BIGINT)`
    case 'number':
      return `${column}::DOUBLE`
    case 'boolean':
      return `${column}::BOOLEAN`
    case 'text':
      return `${column}::VARCHAR`
    case 'timestamp':
      return `epoch_ms(case when isfinite(${column}) then epoch_ms(${column}) end)`
  }
}

export interface Deriver {
  /** The batch with the derived columns added. */
  derive(batch: ColumnBatch): Promise<ColumnBatch>
  dispose(): Promise<void>
}

/** Rows per statement: long enough to hide its cost, short enough to parse quickly. */
const chunkRows = 2_000

/** Opens a small DuckDB that reaches no file and stays open until disposed of. */
export async function openDeriver(preparation: Preparation): Promise<Deriver> {
  const { inputs, expressions } = preparation
  const opened = Promise.withResolvers<Tables>()
  const closing = Promise.withResolvers<void>()
  const closed = withTables(
    async (tables) => {
      await tables.restrict({ files: [] })
      opened.resolve(tables)
      await closing.promise
    },
    { threads: 1 },
  )
  closed.catch(opened.reject)
  const tables = await opened.promise
  return {
    derive: async (batch) => {
      const parts: ColumnBatch[] = []
      for (let from = 0; from < batch.length; from += chunkRows) {
        const relation = valuesRelation(batch, inputs, from, Math.min(batch.length, from + chunkRows))
        parts.push(await tables.columns(derivedQuery(relation, inputs, expressions)))
      }
      const names = expressions.map(({ name }) => name)
      return {
        length: batch.length,
        columns: new Map([...batch.columns, ...names.map((name) => [name, concatenated(parts, name)] as const)]),
      }
    },
    dispose: async () => {
      closing.resolve()
      await closed
    },
  }
}

function concatenated(
  parts: readonly ColumnBatch[],
  name: string,
): { kind: 'numeric'; values: Float64Array } | { kind: 'text'; values: (string | null)[] } {
  const columns = parts.map((part) => part.columns.get(name)).filter((column) => column !== undefined)
  if (columns[0]?.kind === 'text')
    return { kind: 'text', values: columns.flatMap((column) => (column.kind === 'text' ? [...column.values] : [])) }
  const arrays = columns.flatMap((column) => (column.kind === 'numeric' ? [column.values] : []))
  const values = new Float64Array(arrays.reduce((sum, array) => sum + array.length, 0))
  let at = 0
  for (const array of arrays) {
    values.set(array, at)
    at += array.length
  }
  return { kind: 'numeric', values }
}

function valuesRelation(batch: ColumnBatch, inputs: readonly RawInput[], from: number, to: number): string {
  const rows: string[] = []
  for (let row = from; row < to; row++)
    rows.push(`(${[row, ...inputs.map((input) => literal(batch, input, row))].join(', ')})`)
  const names = ['"row number"', ...inputs.map(({ name }) => quoteIdentifier(name))]
  return `(values ${rows.join(', ')}) as request(${names.join(', ')})`
}

function literal(batch: ColumnBatch, { name, type }: RawInput, row: number): string {
  const column = batch.columns.get(name)
  if (column?.kind === 'text') {
    const value = column.values[row] ?? null
    // A zero character would end the statement.
    return value === null ? 'null::VARCHAR' : value.split('\0').map(quoteText).join(' || chr(0) || ')
  }
  const value = column?.values[row] ?? Number.NaN
  const sqlType = { number: 'DOUBLE', integer: 'BIGINT', boolean: 'BOOLEAN', timestamp: 'TIMESTAMP', text: 'VARCHAR' }[
    type
  ]
  if (!Number.isFinite(value)) return `null::${sqlType}`
  if (type === 'timestamp') return `epoch_ms(${BigInt(value)})`
  return type === 'number'
    ? `${value}::DOUBLE`
    : type === 'integer'
      ? `${BigInt(Math.trunc(value))}::BIGINT`
      : value === 0
        ? 'false'
        : 'true'
}
