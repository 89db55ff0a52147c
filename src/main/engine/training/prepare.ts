/** Decides and fits the preparation of a table: which columns become which features, and what the model's signature is. */
import { z } from 'zod'
import { type InputType, type Signature, type SignatureInput, type Task, taskSchema } from '#shared/models.ts'
import type { ColumnType } from '#shared/statistics.ts'
import { EsteiraError, nearestName } from '../kernel/errors.ts'
import type { ColumnBatch } from '../tables/columns.ts'
import { parquetSource, type Tables } from '../tables/duckdb.ts'
import { selectRows } from './evaluate.ts'
import { columnsRead, derivedQuery } from './preparation/expressions.ts'
import { type FeatureRequest, fitFeatures } from './preparation/fit.ts'
import { type FeatureOptions, featureOptionsSchema } from './preparation/options.ts'
import type { Preparation, PreparedFeature } from './preparation/preparation.ts'
import { detectTask, fitTarget, knownTargets } from './target.ts'
import type { LabelledRows } from './train.ts'
import { typicalValue } from './typical.ts'

export const prepareOptionsSchema = z.strictObject({
  target: z.string().min(1).describe('The column to predict.'),
  task: taskSchema.optional().describe('Default: told from the target.'),
  features: z
    .union([z.array(z.string()), z.record(z.string(), featureOptionsSchema)])
    .optional()
    .describe(
      'A list: these columns alone become features. A mapping: how the named columns become features; the others keep the defaults. ' +
        'Default: all columns but the target.',
    ),
  exclude: z
    .array(z.string())
    .default([])
    .describe('Columns that do not become features; expressions may still read them.'),
  expressions: z
    .record(z.string().min(1), z.string().min(1))
    .default({})
    .describe(
      'Derived columns: name to SQL (DuckDB) over the columns of one row. Served models compute them from the request.',
    ),
})
export type PrepareOptions = z.output<typeof prepareOptionsSchema>

export interface PreparedModelInput {
  readonly preparation: Preparation
  readonly signature: Signature
  /** Columns left out because their type cannot be a feature. */
  readonly ignored: readonly string[]
}

/** Fits on the rows of one Parquet file, the training part. Throws catalogue errors for wrong options and targets. */
export async function fitPreparation(
  tables: Tables,
  trainPath: string,
  options: PrepareOptions,
): Promise<PreparedModelInput> {
  const source = parquetSource(trainPath)
  const described = await tables.describe(`select * from ${source}`)
  const rawTypes = new Map(described.map(({ name, type }) => [name, type]))
  const chosen = await chooseColumns(tables, rawTypes, options)
  const expressions = Object.entries(options.expressions).map(([name, sql]) => ({ name, sql }))
  const loaded = await tables.columns(derivedQuery(source, chosen.inputs, expressions, [options.target]))
  const targetColumn = loaded.columns.get(options.target)
  const targetType = rawTypes.get(options.target)
  if (targetColumn === undefined || targetType === undefined)
    throw columnNotFound(options.target, [...rawTypes.keys()], 'target')
  const task: Task = options.task ?? detectTask(targetColumn, targetType)
  const target = fitTarget(options.target, targetColumn, targetType, task)
  const batch = selectRows(loaded, knownTargets(targetColumn, targetType, target.classes).rows)
  const requests: FeatureRequest[] = chosen.features.map(({ column, options: wanted }) => ({
    column,
    type: loaded.types.get(column) ?? 'other',
    options: wanted,
  }))
  const features = fitFeatures(batch, requests)
  if (features.length === 0) throw noFeatures()
  return {
    preparation: {
      formatVersion: 1,
      inputs: chosen.inputs,
      expressions: expressions.map((expression) => ({
        ...expression,
        type: loaded.types.get(expression.name) ?? 'other',
      })),
      features,
      target: { name: options.target, mean: target.mean, deviation: target.deviation },
    },
    signature: {
      inputs: chosen.inputs.map((input) => signatureInput(input, batch, features)),
      target: options.target,
      task,
      classes: [...target.classes],
    },
    ignored: chosen.ignored,
  }
}

interface ChosenColumns {
  readonly inputs: { name: string; type: InputType }[]
  readonly features: { column: string; options?: FeatureOptions | undefined }[]
  readonly ignored: string[]
}

async function chooseColumns(
  tables: Tables,
  types: ReadonlyMap<string, ColumnType>,
  options: PrepareOptions,
): Promise<ChosenColumns> {
  const raw = [...types.keys()]
  const derived = Object.keys(options.expressions)
  if (!types.has(options.target)) throw columnNotFound(options.target, raw, 'target')
  for (const name of derived) {
    if (types.has(name))
      throw invalid(`The expression "${name}" has the name of a column of the data.`, `expressions.${name}`)
  }
  const listed = Array.isArray(options.features) ? options.features : undefined
  const settings = Array.isArray(options.features) ? {} : (options.features ?? {})
  checkNames([...(listed ?? []), ...Object.keys(settings)], [...raw, ...derived], 'features')
  checkNames(options.exclude, [...raw, ...derived], 'exclude')
  const read = await columnsRead(tables, options.expressions, raw)
  if (read.includes(options.target))
    throw invalid('An expression reads the target, which is not known when the model predicts.', 'expressions')
  if (listed?.includes(options.target)) throw invalid('The target cannot be a feature.', 'features')
  const left = new Set([options.target, ...options.exclude])
  const candidates = (listed ?? [...raw, ...derived]).filter((name) => !left.has(name))
  const ignored = candidates.filter((name) => types.get(name) === 'other')
  const features = candidates.filter((name) => !ignored.includes(name))
  if (features.length === 0) throw noFeatures()
  return {
    inputs: raw.flatMap((name) =>
      features.includes(name) || read.includes(name) ? [{ name, type: inputTypeOf(name, types.get(name)) }] : [],
    ),
    features: features.map((column) => ({ column, options: settings[column] })),
    ignored,
  }
}

function inputTypeOf(name: string, type: ColumnType | undefined): InputType {
  if (type === undefined || type === 'other')
    throw invalid(`The column "${name}" has a type that a model cannot read.`, 'expressions')
  return type
}

function checkNames(names: readonly string[], known: readonly string[], where: string): void {
  const missing = names.find((name) => !known.includes(name))
  if (missing !== undefined) throw columnNotFound(missing, known, where)
}

/** The error for a column that is not in the data. */
export function columnNotFound(name: string, known: readonly string[], where: string): EsteiraError {
  const nearest = nearestName(name, known)
  return new EsteiraError('column-not-found', `The data has no column "${name}".`, {
    where,
    found: name,
    allowed: known.slice(0, 100).join(', '),
    ...(nearest !== undefined && { nearest }),
  })
}

function invalid(detail: string, where: string): EsteiraError {
  return new EsteiraError('parameter-invalid', detail, { where })
}

function noFeatures(): EsteiraError {
  return new EsteiraError('parameter-invalid', 'No column is left to predict the target from.', {
    where: 'features',
    next: 'List at least one feature, or exclude fewer columns.',
  })
}

/** How many values of a category are kept as examples. */
const maxExamples = 50

function signatureInput(
  { name, type }: { name: string; type: InputType },
  batch: ColumnBatch,
  features: readonly PreparedFeature[],
): SignatureInput {
  const values = batch.columns.get(name)?.values ?? []
  const missing = values.some((value) => value === null || (typeof value === 'number' && !Number.isFinite(value)))
  const category = features.find(
    (feature) => feature.kind === 'categorical' && feature.column === name && type === 'text',
  )
  const examples = category?.kind === 'categorical' ? category.vocabulary.slice(0, maxExamples) : undefined
  const typical = typicalValue(type, values)
  return {
    name,
    type,
    required: !missing,
    ...(examples !== undefined && { examples }),
    ...(typical !== undefined && { typical }),
  }
}

/** The rows of a Parquet file as training reads them: inputs, derived columns and the target. */
export async function loadPreparedRows(tables: Tables, path: string, preparation: Preparation): Promise<LabelledRows> {
  const { inputs, expressions, target } = preparation
  return await loadRows(tables, path, inputs, expressions, [target.name])
}

/** The rows of a Parquet file as a request would hold them, with further columns as they are, such as target and slices. */
export async function loadRawRows(
  tables: Tables,
  path: string,
  signature: Signature,
  others: readonly string[],
): Promise<LabelledRows> {
  const names = new Set(signature.inputs.map(({ name }) => name))
  return await loadRows(
    tables,
    path,
    signature.inputs,
    [],
    [...new Set(others)].filter((name) => !names.has(name)),
  )
}

async function loadRows(
  tables: Tables,
  path: string,
  inputs: Preparation['inputs'],
  expressions: Preparation['expressions'],
  others: readonly string[],
): Promise<LabelledRows> {
  const source = parquetSource(path)
  const described = await tables.describe(`select * from ${source}`)
  checkNames(
    [...inputs.map(({ name }) => name), ...others],
    described.map(({ name }) => name),
    'data',
  )
  const batch = await tables.columns(derivedQuery(source, inputs, expressions, others))
  return { batch, types: batch.types }
}
