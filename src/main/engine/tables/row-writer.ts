/** Rows made in JavaScript, written as Parquet a part at a time, so that any number of them takes little memory. */
import type { DuckDBConnection, DuckDBType } from '@duckdb/node-api'
import { quoteIdentifier, quoteText } from './sql.ts'

type DuckDB = typeof import('@duckdb/node-api')

export type WrittenType = 'integer' | 'number' | 'boolean' | 'text'

export interface WrittenColumn {
  readonly name: string
  readonly type: WrittenType
}

export type WrittenValue = number | string | boolean | null

/** Rows of one file: enough for Parquet to be small and quick, few enough to lie in memory. */
const partRows = 122_880
/** DuckDB takes no more at once. */
const chunkRows = 2_048
const table = 'rows_of_a_part'

const sqlTypes = { integer: 'BIGINT', number: 'DOUBLE', boolean: 'BOOLEAN', text: 'VARCHAR' } as const

export class RowWriter {
  readonly #duckdb: DuckDB
  readonly #connection: DuckDBConnection
  readonly #columns: readonly WrittenColumn[]
  readonly #types: readonly DuckDBType[]
  readonly #partPath: (part: number) => string
  readonly #paths: string[] = []
  #waiting = 0

  private constructor(
    duckdb: DuckDB,
    connection: DuckDBConnection,
    columns: readonly WrittenColumn[],
    partPath: (part: number) => string,
  ) {
    this.#duckdb = duckdb
    this.#connection = connection
    this.#columns = columns
    this.#partPath = partPath
    const types = { integer: duckdb.BIGINT, number: duckdb.DOUBLE, boolean: duckdb.BOOLEAN, text: duckdb.VARCHAR }
    this.#types = columns.map(({ type }) => types[type])
  }

  /** @param partPath where the given part is written, from 0 */
  static async open(
    duckdb: DuckDB,
    connection: DuckDBConnection,
    columns: readonly WrittenColumn[],
    partPath: (part: number) => string,
  ): Promise<RowWriter> {
    const declared = columns.map(({ name, type }) => `${quoteIdentifier(name)} ${sqlTypes[type]}`)
    await connection.run(`create table ${table} (${declared.join(', ')})`)
    return new RowWriter(duckdb, connection, columns, partPath)
  }

  /** @param columns in the order declared, each with `rows` values */
  async append(columns: readonly (readonly WrittenValue[])[], rows: number): Promise<void> {
    const appender = await this.#connection.createAppender(table)
    try {
      for (let from = 0; from < rows; from += chunkRows) {
        const to = Math.min(rows, from + chunkRows)
        const chunk = this.#duckdb.DuckDBDataChunk.create(this.#types, to - from)
        chunk.setColumns(columns.map((values, index) => this.#values(values.slice(from, to), index)))
        appender.appendDataChunk(chunk)
      }
    } finally {
      appender.closeSync()
    }
    this.#waiting += rows
    if (this.#waiting >= partRows) await this.#writePart()
  }

  /** The files that hold the rows, in their order. */
  async finish(): Promise<string[]> {
    if (this.#waiting > 0 || this.#paths.length === 0) await this.#writePart()
    return [...this.#paths]
  }

  #values(values: readonly WrittenValue[], index: number) {
    if (this.#columns[index]?.type !== 'integer') return values
    return values.map((value) => (typeof value === 'number' ? BigInt(value) : null))
  }

  async #writePart(): Promise<void> {
    const path = this.#partPath(this.#paths.length)
    await this.#connection.run(`copy ${table} to ${quoteText(path)} (format parquet)`)
    await this.#connection.run(`truncate ${table}`)
    this.#paths.push(path)
    this.#waiting = 0
  }
}
