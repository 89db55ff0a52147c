/**
 * Predicts every row of a Parquet file into another, in little memory however many rows there are. A row that cannot be
 * predicted stays, with the reason: no row is lost, which is counted at the end and not assumed.
 */
import { join } from 'node:path'
import { z } from 'zod'
import type { PredictionReport } from '#shared/batch-predictions.ts'
import { EsteiraError } from '../../kernel/errors.ts'
import type { Column, ColumnBatch } from '../../tables/columns.ts'
import { type DescribedColumn, parquetSource, quoteIdentifier, type Tables, withTables } from '../../tables/duckdb.ts'
import type { RowWriter } from '../../tables/row-writer.ts'
import { selectRows } from '../evaluate.ts'
import { columnNotFound } from '../prepare.ts'
import type { LoadedModel } from '../runtime.ts'
import { predictedColumns, predictedValues } from './predicted-columns.ts'
import { inputColumn, problemColumn, readableRows, rowColumn, targetColumn } from './readable-rows.ts'
import { RowProblems } from './row-problems.ts'
import { ScoredRows } from './scored-rows.ts'

export interface PredictTableRequest {
  readonly model: LoadedModel
  /** Parquet. */
  readonly input: string
  readonly output: string
  /** The columns of the input that the output has too; undefined: all of them. */
  readonly keep: readonly string[] | undefined
  /** Whether to score the predictions where the table has the target. */
  readonly score: boolean
  readonly seed: number
  readonly signal: AbortSignal
  /** An existing empty folder. */
  readonly scratchPath: string
  onProgress(fraction: number, rows: number): void
}

/** For reading and for writing, each: beyond it DuckDB spills to disk. */
const memoryLimitMb = 192
const threads = 2

const checkSchema = z.object({ rows: z.number(), displaced: z.number() })

export interface PredictedTable {
  readonly report: PredictionReport
  /** Columns of the input that are not in the output, as it has columns of the same name. */
  readonly hidden: readonly string[]
}

/** @throws EsteiraError `column-not-found`, `parameter-invalid` for a column that cannot be kept, `dataset-empty` */
export function predictTable(request: PredictTableRequest): Promise<PredictedTable> {
  const { signal, scratchPath } = request
  const limits = (name: string) => ({ signal, threads, memoryLimitMb, tempPath: join(scratchPath, name) })
  return withTables(
    (reading) => withTables((writing) => predictBetween(request, reading, writing), limits('writing')),
    limits('reading'),
  )
}

async function predictBetween(request: PredictTableRequest, reading: Tables, writing: Tables): Promise<PredictedTable> {
  const { signature } = request.model.manifest
  const source = parquetSource(request.input, { rowNumbers: true })
  const described = await reading.describe(`select * from ${parquetSource(request.input)}`)
  const columns = predictedColumns(signature)
  const kept = keptColumns(
    request.keep,
    described,
    columns.slice(0, -1).map(({ name }) => name),
  )
  const total = await reading.count(parquetSource(request.input))
  if (total === 0) throw new EsteiraError('dataset-empty', 'There are no rows to predict.')
  const target = request.score ? described.find(({ name }) => name === signature.target) : undefined
  const scored = target && new ScoredRows(signature, target.type, total, request.seed)
  const sql = readableRows(source, signature, described, { target: target !== undefined })
  const writer = await writing.rowWriter(columns, (part) => join(request.scratchPath, `part-${part}.parquet`))
  const problems = await predictChunks(request, { chunks: reading.chunks(sql), total, writer, scored })
  const parts = parquetSource(await writer.finish())
  await checkOrder(reading, source, parts, total)
  await writeJoined(reading, { source, parts, kept: kept.columns, output: request.output, total })
  const { failed } = problems
  const scores = scored?.result()
  return {
    report: { rows: total, predicted: total - failed, failed, problems: problems.list(), ...(scores && { scores }) },
    hidden: kept.hidden,
  }
}

interface Work {
  readonly chunks: AsyncIterable<ColumnBatch>
  readonly total: number
  readonly writer: RowWriter
  readonly scored: ScoredRows | undefined
}

async function predictChunks(request: PredictTableRequest, { chunks, total, writer, scored }: Work) {
  const { model, signal, onProgress } = request
  const { signature } = model.manifest
  const problems = new RowProblems()
  let done = 0
  for await (const chunk of chunks) {
    signal.throwIfAborted()
    const found = textOf(chunk.columns.get(problemColumn))
    const usable = Uint32Array.from(found.keys()).filter((row) => found[row] === null)
    const inputs = signature.inputs.map(({ name }, index) => [name, column(chunk, inputColumn(index))] as const)
    const prediction = await model.predict(selectRows({ length: chunk.length, columns: new Map(inputs) }, usable))
    const rows = numbersOf(chunk.columns.get(rowColumn))
    const values = predictedValues(signature, { rows, problems: found, prediction })
    problems.add(values.problems, rows)
    scored?.add(column(chunk, targetColumn), { usable, prediction, problems: values.problems })
    await writer.append(values.columns, chunk.length)
    done += chunk.length
    onProgress(done / total, done)
  }
  return problems
}

/** The columns to keep, and those hidden by columns of the answer. */
function keptColumns(
  wanted: readonly string[] | undefined,
  described: readonly DescribedColumn[],
  taken: readonly string[],
): { columns: readonly string[]; hidden: readonly string[] } {
  const known = described.map(({ name }) => name)
  if (wanted === undefined) {
    return {
      columns: known.filter((name) => !taken.includes(name)),
      hidden: known.filter((name) => taken.includes(name)),
    }
  }
  for (const name of wanted) {
    if (!known.includes(name)) throw columnNotFound(name, known, 'keep')
    if (!taken.includes(name)) continue
    throw new EsteiraError(
      'parameter-invalid',
      `The column "${name}" cannot be kept: the answer has one of that name.`,
      {
        where: 'keep',
        found: name,
        next: 'Rename the column in the query of the dataset.',
      },
    )
  }
  return { columns: [...new Set(wanted)], hidden: [] }
}

/** That the answers lie row by row beside what they answer: both files are read in order, which is not taken on trust. */
async function checkOrder(tables: Tables, source: string, parts: string, total: number): Promise<void> {
  const both = `(select file_row_number from ${source}) s positional join (select ${rowColumn} from ${parts}) p`
  const counted = `count(*) as rows, count(*) filter (where file_row_number is distinct from ${rowColumn}) as displaced`
  const { rows, displaced } = await tables.row(`select ${counted} from ${both}`, checkSchema)
  if (rows !== total || displaced > 0)
    throw new Error(`Of ${total} rows ${rows} were answered, ${displaced} of them out of place.`)
}

interface Joined {
  readonly source: string
  readonly parts: string
  readonly kept: readonly string[]
  readonly output: string
  readonly total: number
}

async function writeJoined(tables: Tables, { source, parts, kept, output, total }: Joined): Promise<void> {
  const answer = `p.* exclude (${rowColumn})`
  const list = kept.map((name) => `s.${quoteIdentifier(name)}`)
  const sql = `select ${[...list, answer].join(', ')} from ${source} s positional join (select * from ${parts}) p`
  const { rows } = await tables.writeParquet(sql, output)
  if (rows !== total) throw new Error(`Of ${total} rows ${rows} were written.`)
}

function column(chunk: ColumnBatch, name: string): Column {
  return chunk.columns.get(name) ?? missing(name)
}

function textOf(found: Column | undefined): readonly (string | null)[] {
  return found?.kind === 'text' ? found.values : missing(problemColumn)
}

function numbersOf(found: Column | undefined): Float64Array {
  return found?.kind === 'numeric' ? found.values : missing(rowColumn)
}

function missing(name: string): never {
  throw new Error(`The query gives no column "${name}".`)
}
