/** How a champion does on rows newer than those that it learned from, and how far these have moved. */
import { z } from 'zod'
import { openDataset } from '../../data/dataset.ts'
import { driftReport } from '../../data/drift/summary.ts'
import { computeStatistics } from '../../data/statistics.ts'
import { EsteiraError } from '../../kernel/errors.ts'
import { parquetSource, quoteIdentifier, subquery } from '../../tables/duckdb.ts'
import { evaluate } from '../../training/evaluate.ts'
import { readPackage, readTrainingStatistics } from '../../training/package.ts'
import { loadRawRows } from '../../training/prepare.ts'
import { openModel } from '../../training/runtime.ts'
import type { DriftMeasurement, PerformanceMeasure } from '../signals.ts'
import type { MeasureTasks } from './questions.ts'
import { instantText, type MeasureScope, rowsFile, shortInstant, timeColumn } from './times.ts'

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
    const { batch, types } = await loadRawRows(scope.tables, span.path, signature, [signature.target])
    const { evaluation } = await evaluate(model, batch, types, { signal: scope.signal })
    const { metrics, rows } = evaluation
    const value = metrics[input.metric]
    if (value === undefined && !Object.hasOwn(metrics, input.metric)) checkMetric(input.metric, metrics)
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
  const current = await computeStatistics(scope.tables, `from ${parquetSource(span.path)}`)
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
 * window. With a target, only rows whose target is known. A dataset without a time column is taken whole.
 */
async function newestRows(input: Input, target: string | null, scope: MeasureScope): Promise<Span> {
  const { tables, scratchPath } = scope
  const path = rowsFile(scope)
  const { spec, folder, model, windowMs } = input
  const opened = await openDataset(tables, spec, folder, { scratchPath, allow: { files: [path] } })
  const labelled = target === null ? [] : [`${quoteIdentifier(target)} is not null`]
  try {
    const columns = await tables.describe(opened.query)
    if (target !== null && !columns.some(({ name }) => name === target)) throw noTarget(target)
    if (spec.time === undefined) {
      const where = labelled.length === 0 ? '' : `where ${labelled.join(' and ')}`
      const sql = `select * from ${subquery(opened.query)} ${where} limit ${maxRows}`
      return { path, ...(await tables.writeParquet(sql, path)), from: null, to: null }
    }
    const time = quoteIdentifier(timeColumn(columns, spec.time).name)
    const learnedUntil = await learnedUntilMs(model, spec.time)
    const known = [
      ...labelled,
      `isfinite(${time})`,
      ...(learnedUntil === null ? [] : [`epoch_ms(${time}::timestamp) > ${learnedUntil}`]),
    ].join(' and ')
    const rows = `(select * from ${subquery(opened.query)} where ${known})`
    const newest = `(select max(${time}::timestamp) from ${rows}) - interval ${Math.round(windowMs / 1_000)} second`
    const sql = `select * from ${rows} where ${time}::timestamp > ${newest} order by ${time} desc limit ${maxRows}`
    await tables.writeParquet(sql, path)
    const span = await tables.row(
      `select count(*) as n, ${instantText(`min(${time}::timestamp)`)} as first,
         ${instantText(`max(${time}::timestamp)`)} as last from ${parquetSource(path)}`,
      spanRow,
    )
    const short = (text: string | null) => (text === null ? null : shortInstant(text))
    return { path, rows: span.n, from: short(span.first), to: short(span.last) }
  } catch (error) {
    throw opened.describeError(error)
  }
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
