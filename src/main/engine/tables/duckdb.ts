/** DuckDB, in memory, for as long as one piece of work needs it. The only place that imports its library. */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api'
import { z } from 'zod'
import type { TableColumn, TablePage } from '#shared/data.ts'
import type { Json } from '#shared/runs.ts'
import type { ColumnType } from '#shared/statistics.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { newId } from '../kernel/ids.ts'
import { columnTypeOf, memoryExpression } from './column-types.ts'
import type { Column, ColumnBatch } from './columns.ts'
import { placeInQuery, tableFailure } from './failure.ts'
import { jsonConverter } from './json-value.ts'
import { pageConverter } from './page-value.ts'
import { type ColumnReader, createColumnReader } from './read-columns.ts'
import { RowWriter, type WrittenColumn } from './row-writer.ts'
import { quoteText, subquery } from './sql.ts'

export { parquetSource, quoteIdentifier, quoteText, subquery } from './sql.ts'

type DuckDB = typeof import('@duckdb/node-api')

export interface TablesOptions {
  /** Interrupts the query that runs; the work then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** Default: one for each core. */
  readonly threads?: number | undefined
  /** Beyond it DuckDB spills to disk. Default: 80 % of the machine's memory. */
  readonly memoryLimitMb?: number | undefined
  /** The folder to spill to, made when needed and removed afterwards. */
  readonly tempPath?: string | undefined
}

export interface DescribedColumn {
  readonly name: string
  /** DuckDB's type, e.g. `DECIMAL(18,3)`. */
  readonly storageType: string
  readonly type: ColumnType
}

export interface TypedColumns extends ColumnBatch {
  /** In the order of the query. */
  readonly types: ReadonlyMap<string, ColumnType>
}

/** What Tables can reach on disk once restricted. */
export interface AllowedPaths {
  readonly files: readonly string[]
  readonly folders?: readonly string[]
}

/**
 * Opens an in-memory DuckDB, hands it to `work` and closes it whatever happens. Time zone UTC; never downloads
 * extensions. Loading the library costs some 140 ms the first time, so it happens here and not at import.
 */
export async function withTables<T>(work: (tables: Tables) => Promise<T>, options: TablesOptions = {}): Promise<T> {
  options.signal?.throwIfAborted()
  const duckdb = await import('@duckdb/node-api')
  const instance = await duckdb.DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    temp_directory: options.tempPath ?? join(tmpdir(), `esteira-${newId()}`),
    ...(options.threads !== undefined && { threads: String(options.threads) }),
    ...(options.memoryLimitMb !== undefined && { memory_limit: `${options.memoryLimitMb}MB` }),
  })
  try {
    const connection = await instance.connect()
    const interrupt = () => connection.interrupt()
    options.signal?.addEventListener('abort', interrupt)
    try {
      await connection.run("set TimeZone = 'UTC'")
      return await work(new Tables(duckdb, connection, options.signal))
    } finally {
      options.signal?.removeEventListener('abort', interrupt)
      connection.closeSync()
    }
  } finally {
    instance.closeSync()
  }
}

/** Which rows of a result are wanted, from 0. */
export interface RowWindow {
  readonly offset: number
  readonly limit: number
}

const describeRowSchema = z.object({ column_name: z.string(), column_type: z.string() })
const countRowSchema = z.object({ Count: z.number() })

/** One connection to DuckDB. Every method rejects with an EsteiraError: see `tableFailure`. */
export class Tables {
  readonly #duckdb: DuckDB
  readonly #connection: DuckDBConnection
  readonly #signal: AbortSignal | undefined

  constructor(duckdb: DuckDB, connection: DuckDBConnection, signal: AbortSignal | undefined) {
    this.#duckdb = duckdb
    this.#connection = connection
    this.#signal = signal
  }

  async run(sql: string): Promise<void> {
    await this.#attempt(() => this.#connection.run(sql))
  }

  /** Small results as JSON-safe objects, checked against `schema`: BIGINT as number, timestamps as ISO 8601 text. */
  async rows<T>(sql: string, schema: z.ZodType<T>): Promise<T[]> {
    const rows = await this.#attempt(async () => {
      const result = await this.#connection.run(sql)
      return await result.convertRowObjects(jsonConverter(this.#duckdb))
    })
    return z.array(schema).parse(rows)
  }

  /** The first row of a result that always has one, such as that of an aggregate. */
  async row<T>(sql: string, schema: z.ZodType<T>): Promise<T> {
    const [row] = await this.rows(sql, schema)
    if (row === undefined) throw new Error(`A query that always has a row had none: ${sql}`)
    return row
  }

  async describe(sql: string): Promise<DescribedColumn[]> {
    const rows = await this.rows(`describe ${subquery(sql)}`, describeRowSchema)
    return rows.map((row) => ({
      name: row.column_name,
      storageType: row.column_type,
      type: columnTypeOf(row.column_type),
    }))
  }

  async count(relation: string): Promise<number> {
    return (await this.row(`select count(*) as n from ${relation}`, z.object({ n: z.number() }))).n
  }

  /** The whole result in memory, column by column, in the order of the query. See `ColumnBatch` for the form. */
  async columns(sql: string): Promise<TypedColumns> {
    const described = await this.describe(sql)
    const expressions = described.map(({ name, type }) => memoryExpression(name, type))
    const readers: ColumnReader[] = described.map(({ type }) => createColumnReader(type))
    const length = await this.#attempt(async () => {
      const result = await this.#connection.stream(`select ${expressions.join(', ')} from ${subquery(sql)}`)
      let rows = 0
      for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
        for (const [index, reader] of readers.entries()) reader.read(chunk.getColumnVector(index))
        rows += chunk.rowCount
      }
      return rows
    })
    return {
      length,
      columns: new Map(described.map(({ name }, index) => [name, (readers[index] ?? noReader()).column()])),
      types: new Map(described.map(({ name, type }) => [name, type])),
    }
  }

  /** The result a chunk of some 2,000 rows at a time, for one that must not lie in memory as a whole. */
  async *chunks(sql: string): AsyncGenerator<ColumnBatch> {
    const described = await this.describe(sql)
    const expressions = described.map(({ name, type }) => memoryExpression(name, type))
    const query = `select ${expressions.join(', ')} from ${subquery(sql)}`
    const result = await this.#attempt(() => this.#connection.stream(query))
    for (;;) {
      const chunk = await this.#attempt(() => result.fetchChunk())
      if (!chunk || chunk.rowCount === 0) return
      const columns = new Map<string, Column>()
      for (const [index, { name, type }] of described.entries()) {
        const reader = createColumnReader(type)
        reader.read(chunk.getColumnVector(index))
        columns.set(name, reader.column())
      }
      yield { length: chunk.rowCount, columns }
    }
  }

  /**
   * Some rows of a result as people see them in a table (see `pageConverter`), and the number of all. The query runs once,
   * as it is written; rows that are not wanted are only counted.
   */
  async page(sql: string, { offset, limit }: RowWindow): Promise<TablePage> {
    return await this.#attempt(async () => {
      const result = await this.#connection.stream(sql)
      const convert = pageConverter(this.#duckdb)
      const rows: Json[][] = []
      let total = 0
      for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
        const last = Math.min(offset + limit - total, chunk.rowCount)
        for (let row = Math.max(offset - total, 0); row < last; row++) rows.push(chunk.convertRowValues(row, convert))
        total += chunk.rowCount
      }
      return { columns: resultColumns(result), rows, offset, total }
    })
  }

  /** The same for a relation, such as a Parquet file, whose rows are counted and skipped at little cost. */
  async pageOf(relation: string, { offset, limit }: RowWindow): Promise<TablePage> {
    const page = await this.page(`from ${relation} limit ${limit} offset ${offset}`, { offset: 0, limit })
    return { ...page, offset, total: await this.count(relation) }
  }

  /**
   * Writes the result as Parquet (zstd). The same rows in the same order give the same bytes.
   * @param options with fewer rows in a group, single rows are found faster
   */
  async writeParquet(
    sql: string,
    path: string,
    { rowGroupRows = 122_880 }: { rowGroupRows?: number } = {},
  ): Promise<{ rows: number }> {
    const options = `format parquet, compression zstd, row_group_size ${rowGroupRows}`
    const { Count } = await this.row(`copy ${subquery(sql)} to ${quoteText(path)} (${options})`, countRowSchema)
    return { rows: Count }
  }

  /** Takes rows that are made a batch at a time; `partPath` says where the given part of them is written, from 0. */
  async rowWriter(columns: readonly WrittenColumn[], partPath: (part: number) => string): Promise<RowWriter> {
    return await this.#attempt(() => RowWriter.open(this.#duckdb, this.#connection, columns, partPath))
  }

  /**
   * From now on, and for good, SQL reaches only these files and folders, and no setting can be changed: to be called
   * before SQL runs that a person wrote.
   */
  async restrict(allowed: AllowedPaths): Promise<void> {
    const list = (paths: readonly string[]) => `[${paths.map(quoteText).join(', ')}]`
    await this.run(`set allowed_paths = ${list(allowed.files)}`)
    await this.run(`set allowed_directories = ${list(allowed.folders ?? [])}`)
    await this.run('set enable_external_access = false')
    await this.run('set lock_configuration = true')
  }

  /**
   * That a person's SQL is one query that can be used as a subquery: several statements, statements that change
   * something and unbalanced brackets are refused.
   * @throws EsteiraError `query-failed`, naming `where`, or the place in the text where that is left out
   */
  async checkQuery(sql: string, where?: string): Promise<void> {
    const failure = (detail: string, cause?: unknown, place = {}) =>
      new EsteiraError('query-failed', detail, { ...place, ...(where !== undefined && { where }), cause })
    if (sql.trim() === '') throw failure('The query is empty.')
    const statements = await this.#connection.extractStatements(sql).catch((error: unknown) => {
      const problem = tableFailure(error, this.#signal)
      const message = problem instanceof Error ? problem.message : String(problem)
      // What the library says of a text without any statement, such as a comment alone.
      if (message.includes('native callback')) throw failure('The query is empty.', error)
      throw failure(message, error, placeInQuery(error))
    })
    if (statements.count > 1) throw failure(`One query is expected, but ${statements.count} statements were found.`)
    await this.#connection.extractStatements(`from ${subquery(sql)}`).catch((error: unknown) => {
      throw failure('Only a query (select …) is allowed here.', error)
    })
  }

  /** The tables and views that a checked query reads, each once; names of its own `with` parts are not among them. */
  tablesRead(sql: string): string[] {
    try {
      return [...this.#connection.getTableNames(`from ${subquery(sql)}`, false)].sort()
    } catch (error) {
      throw tableFailure(error, this.#signal)
    }
  }

  async #attempt<T>(work: () => Promise<T>): Promise<T> {
    this.#signal?.throwIfAborted()
    try {
      return await work()
    } catch (error) {
      throw tableFailure(error, this.#signal)
    }
  }
}

function resultColumns(result: DuckDBResult): TableColumn[] {
  return result.deduplicatedColumnNames().map((name, index) => {
    const storageType = result.columnType(index).toString()
    return { name, storageType, type: columnTypeOf(storageType) }
  })
}

function noReader(): never {
  throw new Error('A column has no reader.')
}
