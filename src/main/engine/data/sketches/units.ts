/**
 * The parts of a dataset that are sketched by themselves: each file, where its rows do not depend on other files, else all
 * files together. A part whose file did not change is not read again; what a day looks like is merged over all parts.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { DatasetSpec } from '#shared/projects.ts'
import { hashJson } from '../../kernel/canonical-json.ts'
import { EsteiraError, nearestName } from '../../kernel/errors.ts'
import { parquetSource, type Tables, withTables } from '../../tables/duckdb.ts'
import { openDataset } from '../dataset.ts'
import { datasetFiles, datasetFormat } from '../dataset-files.ts'
import { type SpanSketches, sketchRelation } from './compute.ts'
import { mergeMonths } from './months.ts'
import { isRowWise } from './row-wise.ts'
import { sketchVersion, writeSketch } from './stored-sketch.ts'

export interface SketchUnit {
  /** The file, relative to the project folder, or `*` for all of them. */
  readonly source: string
  /** Differs when the files, how they are read, or the form of sketches differ. */
  readonly key: string
}

/** One unit, sketched: each column of each span as the text that is stored. */
export interface SketchedUnit extends SketchUnit {
  readonly rows: number
  readonly spans: readonly WrittenSpan[]
  /** The days of each month, merged: a long window is then put together from few. */
  readonly months: readonly WrittenSpan[]
}

interface WrittenSpan {
  readonly span: number | null
  readonly rows: number
  readonly columns: readonly string[]
}

export interface SketchRequest {
  readonly spec: DatasetSpec
  /** Absolute path of the project folder. */
  readonly folder: string
}

interface Limits {
  readonly scratchPath: string
  readonly memoryLimitMb: number
  readonly signal: AbortSignal
}

const wholeSource = '*'

/** By the text of the query: asked before every comparison, which is to take milliseconds. */
const knownQueries = new Map<string, boolean>()
const maxKnownQueries = 1_000

async function readsByRow(query: string): Promise<boolean> {
  const known = knownQueries.get(query)
  if (known !== undefined) return known
  const found = await withTables((tables) => isRowWise(tables, query))
  if (knownQueries.size >= maxKnownQueries) knownQueries.clear()
  knownQueries.set(query, found)
  return found
}

/** Looks at names, sizes and times of files alone, and at the text of the query. */
export async function sketchUnits({ spec, folder }: SketchRequest): Promise<SketchUnit[]> {
  const files = await datasetFiles(spec, folder)
  const { description: _, ...read } = spec
  const states = await Promise.all(
    files.map(async (path) => {
      const { size, mtimeMs, ino } = await stat(path)
      return { source: relative(folder, path).replaceAll(sep, '/'), size, mtimeMs, ino }
    }),
  )
  const key = (parts: unknown) => hashJson({ sketchVersion, read, parts }).slice(0, 40)
  const byFile = spec.query === undefined || (await readsByRow(spec.query))
  if (!byFile) return [{ source: wholeSource, key: key(states) }]
  return states.map((state) => ({ source: state.source, key: key(state) }))
}

/**
 * @throws EsteiraError `conflict` where the file changes meanwhile, `column-not-found` for a time column that is not there,
 *   and as `openDataset`
 */
export async function sketchUnit(request: SketchRequest, unit: SketchUnit, limits: Limits): Promise<SketchedUnit> {
  const scratchPath = await mkdtemp(join(limits.scratchPath, 'sketch-'))
  try {
    const { memoryLimitMb, signal } = limits
    const spans = await withTables((tables) => spansOf(tables, request, unit, scratchPath), {
      signal,
      memoryLimitMb,
      tempPath: join(scratchPath, 'spill'),
    })
    const now = (await sketchUnits(request)).find(({ source }) => source === unit.source)
    if (now?.key !== unit.key) throw changed(unit.source)
    const rows = spans.reduce((sum, span) => sum + span.rows, 0)
    const written = (all: readonly SpanSketches[]): WrittenSpan[] =>
      all.map((span) => ({ ...span, columns: span.columns.map(writeSketch) }))
    return { ...unit, rows, spans: written(spans), months: written(mergeMonths(spans)) }
  } finally {
    await rm(scratchPath, { recursive: true, force: true })
  }
}

async function spansOf(
  tables: Tables,
  { spec, folder }: SketchRequest,
  { source }: SketchUnit,
  scratchPath: string,
): Promise<SpanSketches[]> {
  const part = source === wholeSource ? spec : { ...spec, path: source }
  const format = await datasetFormat(part, await datasetFiles(part, folder))
  // Text is read once and then from a copy: sketching makes two passes.
  const copy = join(scratchPath, 'rows.parquet')
  const opened = await openDataset(tables, part, folder, { scratchPath, allow: { files: [copy] } })
  try {
    if (format === 'parquet') return await sketchTimed(tables, opened.query, spec.time)
    await tables.writeParquet(opened.query, copy)
    return await sketchTimed(tables, `from ${parquetSource(copy)}`, spec.time)
  } catch (error) {
    throw opened.describeError(error)
  }
}

async function sketchTimed(tables: Tables, sql: string, time: string | undefined): Promise<SpanSketches[]> {
  if (time !== undefined) {
    const columns = await tables.describe(sql)
    const column = columns.find(({ name }) => name === time)
    if (column === undefined)
      throw noTime(
        time,
        columns.map(({ name }) => name),
      )
    if (column.type !== 'timestamp') throw notAnInstant(time, column.storageType)
  }
  return await sketchRelation(tables, sql, time)
}

function noTime(time: string, names: readonly string[]): EsteiraError {
  const nearest = nearestName(time, names)
  return new EsteiraError(
    'column-not-found',
    `The dataset has no column "${time}" that would say when a row happened.`,
    {
      found: time,
      allowed: names.join(', '),
      ...(nearest !== undefined && { nearest }),
      next: 'Change "time" of the dataset in esteira.yaml.',
    },
  )
}

function notAnInstant(time: string, storageType: string): EsteiraError {
  return new EsteiraError('invalid-usage', `The column "${time}" does not say when a row happened.`, {
    found: storageType,
    allowed: 'a date or timestamp',
    next: 'Change "time" of the dataset in esteira.yaml, or turn the column into an instant in its query.',
  })
}

function changed(source: string): EsteiraError {
  return new EsteiraError('conflict', 'The files of the dataset changed while they were read.', {
    where: source,
    next: 'Try again when nothing writes to them.',
  })
}
