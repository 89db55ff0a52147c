/** How a champion does on rows newer than those that it learned from, and how far these have moved. */
import { join } from 'node:path'
import { z } from 'zod'
import { openDataset } from '../../data/dataset.ts'
import { driftReport } from '../../data/drift/summary.ts'
import { computeStatistics } from '../../data/statistics.ts'
import { EsteiraError } from '../../kernel/errors.ts'
import { parquetSource, quoteIdentifier, subquery, type Tables } from '../../tables/duckdb.ts'
import { evaluate } from '../../training/evaluate.ts'
import { readPackage, readTrainingStatistics } from '../../training/package.ts'
import { loadRawRows } from '../../training/prepare.ts'
import { openModel } from '../../training/runtime.ts'
import type { DriftMeasurement, PerformanceMeasure } from '../signals.ts'
import { withFeatures } from './features.ts'
import type { MeasureTasks } from './questions.ts'
import { instantText, type MeasureScope, shortInstant, timeColumn } from './times.ts'

/** The newest rows beyond these tell little more, and take long. */
const maxRows = 200_000
const shownColumns = 5

type Input = MeasureTasks['performance' | 'drift']['input']

interface Span {
  /** A Parquet file. */
  readonly path: string
  readonly rows: number
  readonly from: string | null
  readonly to: string | null
}

export async function measurePerformance(
  input: MeasureTasks['performance']['input'],
  scope: MeasureScope,
): Promise<PerformanceMeasure> {
  const parts = await readPackage(input.model)
  const { signature } = parts.manifest
  const span = await newestRows(input, signature.target, scope)
  if (span.rows === 0) return { ...spanOf(span), value: null }
  const model = await openModel(parts)
  try {
    const { batch, types } = await scope.open((tables) => loadRawRows(tables, span.path, signature, [signature.target]))
    const { evaluation } = await evaluate(model, batch, types, { signal: scope.signal })
    const { metrics, rows } = evaluation
    const value = metrics[input.metric]
    if (value === undefined) checkMetric(input.metric, metrics)
    return { ...spanOf(span), rows, value: value ?? null }
  } finally {
    model.dispose()
  }
}

/** A metric may be undefined for the rows at hand, such as auc where all are of one class; others the task never has. */
function checkMetric(metric: string, metrics: Readonly<Record<string, number>>): void {
  const isOfClasses = Object.hasOwn(metrics, 'accuracy')
  const possible = isOfClasses ? ['auc', 'accuracy', 'f1', 'macroF1', 'logLoss', 'brier'] : ['rmse', 'mae', 'r2']
  if (possible.includes(metric)) return
  throw new EsteiraError('parameter-invalid', `The model has no metric "${metric}".`, {
    found: metric,
    allowed: Object.keys(metrics).join(', '),
  })
}

export async function measureDrift(
  input: MeasureTasks['drift']['input'],
  scope: MeasureScope,
): Promise<DriftMeasurement> {
  const [{ manifest }, reference] = await Promise.all([readPackage(input.model), readTrainingStatistics(input.model)])
  const names = new Set(manifest.signature.inputs.map(({ name }) => name))
  const inputs = { ...reference, columns: reference.columns.filter(({ name }) => names.has(name)) }
  const span = await newestRows(input, null, scope)
  if (span.rows === 0) return { ...spanOf(span), value: null, columns: [] }
  const current = await scope.open((tables) => computeStatistics(tables, `from ${parquetSource(span.path)}`))
  const { importance } = input
  const { results, summary } = driftReport({ current: '', reference: '' }, current, inputs, {
    ...(importance !== null && { importance: { inputs: [...importance], words: '' } }),
  })
  const moved = results.map(({ feature, distance }) => ({ column: feature, value: distance ?? 0 }))
  const columns = moved.toSorted((a, b) => b.value - a.value).slice(0, shownColumns)
  return { ...spanOf(span), value: summary?.weightedDrift ?? null, columns }
}

function spanOf({ rows, from, to }: Span): Pick<PerformanceMeasure, 'rows' | 'from' | 'to'> {
  return { rows, from, to }
}

const spanRow = z.object({ n: z.number(), first: z.string().nullable(), last: z.string().nullable() })

/**
 * The rows after the newest one that the champion learned from, as far as that is known, and not further back than the
 * window, with the features that the champion reads. With a target, only rows whose target is known. A dataset without a
 * time column is taken whole.
 */
async function newestRows(input: Input, target: string | null, scope: MeasureScope): Promise<Span> {
  const path = join(scope.scratchPath, 'rows.parquet')
  const learnedUntil = input.spec.time === undefined ? null : await learnedUntilMs(input.model, input.spec.time)
  const span = await scope.open(async (tables) => {
    const { spec, folder } = input
    const opened = await openDataset(tables, spec, folder, { scratchPath: scope.scratchPath, allow: { files: [path] } })
    try {
      await tables.writeParquet(await newestQuery(tables, opened.query, { input, target, learnedUntil }), path)
      return await spanIn(tables, path, spec.time)
    } catch (error) {
      throw opened.describeError(error)
    }
  })
  return span.rows === 0 ? span : { ...span, path: await withFeatures(span.path, input, scope) }
}

async function newestQuery(
  tables: Tables,
  query: string,
  { input, target, learnedUntil }: { input: Input; target: string | null; learnedUntil: number | null },
): Promise<string> {
  const { spec, windowMs } = input
  const columns = await tables.describe(query)
  if (target !== null && !columns.some(({ name }) => name === target)) throw noTarget(target)
  const labelled = target === null ? [] : [`${quoteIdentifier(target)} is not null`]
  if (spec.time === undefined) {
    const where = labelled.length === 0 ? '' : `where ${labelled.join(' and ')}`
    return `select * from ${subquery(query)} ${where} limit ${maxRows}`
  }
  const time = quoteIdentifier(timeColumn(columns, spec.time).name)
  const newer = learnedUntil === null ? [] : [`epoch_ms(${time}::timestamp) > ${learnedUntil}`]
  const known = [...labelled, `isfinite(${time})`, ...newer].join(' and ')
  const rows = `(select * from ${subquery(query)} where ${known})`
  const from = `(select max(${time}::timestamp) from ${rows}) - interval ${Math.round(windowMs / 1_000)} second`
  return `select * from ${rows} where ${time}::timestamp > ${from} order by ${time} desc limit ${maxRows}`
}

async function spanIn(tables: Tables, path: string, time: string | undefined): Promise<Span> {
  const source = parquetSource(path)
  if (time === undefined) return { path, rows: await tables.count(source), from: null, to: null }
  const column = `${quoteIdentifier(time)}::timestamp`
  const sql = `select count(*) as n, ${instantText(`min(${column})`)} as first, ${instantText(`max(${column})`)} as last from ${source}`
  const { n, first, last } = await tables.row(sql, spanRow)
  const short = (text: string | null) => (text === null ? null : shortInstant(text))
  return { path, rows: n, from: short(first), to: short(last) }
}

/** Null where the time was no input of the model: then nothing tells. */
async function learnedUntilMs(model: ReadonlyMap<string, string>, time: string): Promise<number | null> {
  const statistics = await readTrainingStatistics(model)
  const column = statistics.columns.find(({ name, type }) => name === time && type === 'timestamp')
  return column?.numeric?.max ?? null
}

function noTarget(target: string): EsteiraError {
  return new EsteiraError('column-not-found', `The dataset has no column "${target}", the target of the model.`, {
    found: target,
    next: 'Name a dataset whose rows have the target once it is known.',
  })
}
