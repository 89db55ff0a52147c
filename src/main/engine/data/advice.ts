/** What `esteira init` needs to know about a file: how to read it, what to learn, which columns can help. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import type { ColumnReason, Leak } from '#shared/column-reasons.ts'
import type { Task } from '#shared/models.ts'
import type { DatasetSpec } from '#shared/projects.ts'
import type { ColumnStatistics, Statistics } from '#shared/statistics.ts'
import { EsteiraError, nearestName } from '../kernel/errors.ts'
import { parquetSource, quoteIdentifier, type Tables, withTables } from '../tables/duckdb.ts'
import { reasonToLeaveOut, timeColumnOf } from './column-advice.ts'
import { columnReasonText } from './column-reasons.ts'
import { openDataset } from './dataset.ts'
import { leakOf } from './leak.ts'
import { computeStatistics } from './statistics.ts'
import { adviseTarget } from './target.ts'

export interface AdviceRequest {
  /** Absolute path of the data file. */
  readonly file: string
  readonly target: string
  /** Told from the target when left out. */
  readonly task?: Task | undefined
  /** SQLite only. */
  readonly table?: string | undefined
  readonly signal?: AbortSignal | undefined
}

export interface ColumnAdvice {
  readonly name: string
  readonly use: boolean
  /** Why it is left out; for a used column, what a person should know. In English, and as structure. */
  readonly reason?: string
  readonly why?: ColumnReason
  readonly statistics: ColumnStatistics
}

export interface ProjectAdvice {
  /** `path` is the file's own name: to be placed where the project keeps it. */
  readonly dataset: DatasetSpec
  readonly target: string
  readonly task: Task
  /** As texts, in natural order; empty for regression. */
  readonly classes: readonly string[]
  /** All columns but the target, in the order of the file. */
  readonly columns: readonly ColumnAdvice[]
  /** When each row happened, if a column says so. */
  readonly timeColumn?: string
  /** Of the rows with a target. */
  readonly statistics: Statistics
  /** Rows without a target, which the dataset's query leaves out. */
  readonly rowsWithoutTarget: number
}

/** Fewer rows cannot be split into parts that mean anything. */
const minRows = 20

/**
 * @throws EsteiraError `column-not-found`, `target-unusable`, `dataset-empty`, `dataset-unreadable`, `dataset-not-found`
 */
export async function adviseProject(request: AdviceRequest): Promise<ProjectAdvice> {
  const scratchPath = await mkdtemp(join(tmpdir(), 'esteira-advice-'))
  try {
    return await withTables((tables) => advise(tables, request, scratchPath), {
      signal: request.signal,
      tempPath: join(scratchPath, 'spill'),
    })
  } finally {
    await rm(scratchPath, { recursive: true, force: true })
  }
}

async function advise(tables: Tables, request: AdviceRequest, scratchPath: string): Promise<ProjectAdvice> {
  const { file, target, task: wanted, table } = request
  const plain: DatasetSpec = { path: basename(file), ...(table !== undefined && { table }) }
  const opened = await openDataset(tables, plain, dirname(file), { scratchPath })
  const described = await tables.describe(opened.query)
  const type = described.find(({ name }) => name === target)?.type
  if (type === undefined)
    throw unknownTarget(
      target,
      described.map(({ name }) => name),
    )
  const condition = `${quoteIdentifier(target)} is not null${type === 'number' ? ` and isfinite(${quoteIdentifier(target)})` : ''}`
  const copy = join(scratchPath, 'rows.parquet')
  const { allRows, kept } = await copyRows(tables, condition, copy).catch((error: unknown) => {
    throw opened.describeError(error)
  })
  if (allRows === 0)
    throw new EsteiraError('dataset-empty', `The file "${basename(file)}" has no rows.`, { where: file })
  const statistics = await withExactIdentifiers(
    tables,
    copy,
    await computeStatistics(tables, `from ${parquetSource(copy)}`),
  )
  const targetStatistics = statistics.columns.find(({ name }) => name === target)
  if (targetStatistics === undefined) throw new Error(`The column "${target}" has no statistics.`)
  const { task, classes } = adviseTarget(statistics, targetStatistics, wanted)
  if (kept < minRows) throw tooFewRows(file, kept)
  const columns = await adviseColumns(tables, copy, statistics, target, task)
  const timeColumn = timeColumnOf(columns.filter(({ use }) => use).map((column) => column.statistics))
  const query = kept < allRows ? `select * from source where ${condition}` : undefined
  return {
    dataset: { ...plain, format: opened.format, ...(query !== undefined && { query }) },
    target,
    task,
    classes,
    columns,
    ...(timeColumn !== undefined && { timeColumn }),
    statistics,
    rowsWithoutTarget: allRows - kept,
  }
}

async function copyRows(tables: Tables, condition: string, copy: string): Promise<{ allRows: number; kept: number }> {
  const allRows = await tables.count('source')
  const { rows } = await tables.writeParquet(`select * from source where ${condition}`, copy)
  return { allRows, kept: rows }
}

/** The number of different whole numbers decides whether they are identifiers: approximate ones are counted. */
async function withExactIdentifiers(tables: Tables, copy: string, statistics: Statistics): Promise<Statistics> {
  const columns: ColumnStatistics[] = []
  for (const column of statistics.columns) {
    const doubtful = column.type === 'integer' && column.distinct > statistics.rows / 2 && column.distinct > 1_000
    if (!doubtful) {
      columns.push(column)
      continue
    }
    const sql = `select count(distinct ${quoteIdentifier(column.name)}) as n from ${parquetSource(copy)}`
    columns.push({ ...column, distinct: (await tables.row(sql, z.object({ n: z.number() }))).n })
  }
  return { ...statistics, columns }
}

async function adviseColumns(
  tables: Tables,
  copy: string,
  statistics: Statistics,
  target: string,
  task: Task,
): Promise<ColumnAdvice[]> {
  const others = statistics.columns.filter(({ name }) => name !== target)
  const reasons = new Map(others.map((column) => [column.name, reasonToLeaveOut(column, statistics.rows)]))
  const candidates = others.map(({ name }) => name).filter((name) => reasons.get(name) === undefined)
  const leaks = await findLeaks(tables, copy, statistics.rows, candidates, target, task)
  // Without any other column, a perfect one may well be what the person has in mind.
  const keepLeaks = leaks.size === candidates.length
  return others.map((column) => {
    const { name } = column
    const leak = leaks.get(name)
    if (leak !== undefined && keepLeaks) {
      return { name, use: true, ...told({ kind: 'possible-leak', leak }), statistics: column }
    }
    const why = reasons.get(name) ?? (leak === undefined ? undefined : { kind: 'leak' as const, leak })
    return { name, use: why === undefined, ...(why !== undefined && told(why)), statistics: column }
  })
}

function told(why: ColumnReason): Required<Pick<ColumnAdvice, 'reason' | 'why'>> {
  return { reason: columnReasonText(why), why }
}

/** Enough rows to tell a perfect column from a good one. */
const leakSampleRows = 50_000
/** Fewer rows for many columns, so that memory and time stay bounded. */
const leakSampleValues = 5_000_000
/** Columns held in memory together. */
const columnsAtOnce = 50

async function findLeaks(
  tables: Tables,
  copy: string,
  rows: number,
  candidates: readonly string[],
  target: string,
  task: Task,
): Promise<Map<string, Leak>> {
  const wanted = Math.min(leakSampleRows, Math.max(2_000, leakSampleValues / Math.max(candidates.length, 1)))
  const step = Math.max(1, Math.floor(rows / wanted))
  const source = `${parquetSource(copy, { rowNumbers: true })} where hash(file_row_number) % ${step} = 0`
  const leaks = new Map<string, Leak>()
  for (let start = 0; start < candidates.length; start += columnsAtOnce) {
    const names = candidates.slice(start, start + columnsAtOnce)
    const batch = await tables.columns(`select ${[target, ...names].map(quoteIdentifier).join(', ')} from ${source}`)
    const targetColumn = batch.columns.get(target)
    for (const name of names) {
      const column = batch.columns.get(name)
      const leak = column && targetColumn && leakOf(column, targetColumn, task)
      if (leak !== undefined) leaks.set(name, leak)
    }
  }
  return leaks
}

function unknownTarget(target: string, names: readonly string[]): EsteiraError {
  const nearest = nearestName(target, names)
  return new EsteiraError('column-not-found', `The data has no column "${target}" to be the target.`, {
    allowed: names.join(', '),
    ...(nearest !== undefined && { nearest }),
  })
}

function tooFewRows(file: string, rows: number): EsteiraError {
  return new EsteiraError('dataset-empty', `The file "${basename(file)}" has only ${rows} rows with a target.`, {
    where: file,
    allowed: `at least ${minRows} rows`,
  })
}
