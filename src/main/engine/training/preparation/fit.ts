import type { ColumnType } from '#shared/statistics.ts'
import { EsteiraError } from '../../kernel/errors.ts'
import type { Column, ColumnBatch } from '../../tables/columns.ts'
import { categoryText } from './apply.ts'
import { datePart, datePartEncodings, usefulDateParts } from './dates.ts'
import {
  type CategoricalOptions,
  defaultCategorical,
  defaultNumeric,
  type FeatureOptions,
  type NumericOptions,
} from './options.ts'
import type { DatePart, PreparedFeature } from './preparation.ts'
import { fitScaling, quantile } from './scaling.ts'

/** A column that is to become features, with what was said about it. */
export interface FeatureRequest {
  readonly column: string
  readonly type: ColumnType
  readonly options?: FeatureOptions | undefined
}

/** Fits the features of the requested columns on training rows. */
export function fitFeatures(batch: ColumnBatch, requests: readonly FeatureRequest[]): PreparedFeature[] {
  return requests.flatMap((request) => {
    const column = batch.columns.get(request.column)
    if (column === undefined) throw new Error(`The batch has no column "${request.column}".`)
    return fitFeature(column, request)
  })
}

function fitFeature(column: Column, { column: name, type, options }: FeatureRequest): PreparedFeature[] {
  const kind = options?.kind ?? defaultKind(type)
  if (kind === 'categorical') {
    return [fitCategorical(column, name, undefined, options?.kind === 'categorical' ? options : defaultCategorical)]
  }
  if (column.kind !== 'numeric' || (kind === 'date') !== (type === 'timestamp')) throw unfit(name, type, kind)
  if (kind === 'date') {
    const parts = (options?.kind === 'date' ? options.parts : undefined) ?? usefulDateParts(column.values)
    return parts.map((part) => fitDatePart(column, name, part))
  }
  if (kind === 'boolean')
    return [fitNumeric(column.values, name, undefined, { ...defaultNumeric, impute: 'mean', scale: 'standard' })]
  return [fitNumeric(column.values, name, undefined, options?.kind === 'numeric' ? options : defaultNumeric)]
}

function defaultKind(type: ColumnType): FeatureOptions['kind'] {
  switch (type) {
    case 'integer':
    case 'number':
      return 'numeric'
    case 'boolean':
      return 'boolean'
    case 'timestamp':
      return 'date'
    default:
      return 'categorical'
  }
}

function unfit(name: string, type: ColumnType, kind: string): EsteiraError {
  const allowed =
    type === 'timestamp' ? 'date, categorical' : type === 'text' ? 'categorical' : 'numeric, boolean, categorical'
  return new EsteiraError(
    'parameter-invalid',
    `The column "${name}" holds ${type} values and cannot be a ${kind} feature.`,
    {
      where: `features.${name}.kind`,
      found: kind,
      allowed,
      next: 'Choose another kind, or convert the column with an expression or in the query of the dataset.',
    },
  )
}

function fitDatePart(column: Column & { kind: 'numeric' }, name: string, part: DatePart): PreparedFeature {
  const encoding = datePartEncodings[part]
  if (encoding.kind === 'categorical') return fitCategorical(column, name, part, { ...defaultCategorical, minCount: 1 })
  if (encoding.kind === 'numeric') return fitNumeric(column.values, name, part, defaultNumeric)
  return { column: name, part, kind: 'cyclic', period: encoding.period, harmonics: encoding.harmonics }
}

function fitNumeric(
  raw: Float64Array,
  column: string,
  part: DatePart | undefined,
  options: NumericOptions,
): PreparedFeature {
  const finite = raw.filter(Number.isFinite)
  const values = part === undefined ? finite : finite.map((instant) => datePart(instant, part))
  values.sort()
  const fill =
    typeof options.impute === 'number'
      ? options.impute
      : options.impute === 'mean'
        ? mean(values)
        : quantile(values, 0.5)
  return {
    column,
    ...(part !== undefined && { part }),
    kind: 'numeric',
    fill,
    missingIndicator: options.missingIndicator ?? finite.length < raw.length,
    scaling: fitScaling(values, options.scale, options.clip),
  }
}

function mean(values: Float64Array): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}

/** The vocabulary by falling frequency, equal ones by text, so that it never depends on the order of the rows. */
function fitCategorical(
  column: Column,
  name: string,
  part: DatePart | undefined,
  options: CategoricalOptions,
): PreparedFeature {
  const rows = column.values.length
  const minCount = options.minCount ?? (rows < 1_000 ? 2 : 5)
  const counts = new Map<string, number>()
  for (let row = 0; row < rows; row++) {
    const text = categoryText(column, row, part)
    if (text !== null) counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  const vocabulary = [...counts]
    .filter(([, count]) => count >= minCount)
    .sort(([textA, countA], [textB, countB]) => countB - countA || (textA < textB ? -1 : 1))
    .slice(0, options.maxCategories)
    .map(([text]) => text)
  return { column: name, ...(part !== undefined && { part }), kind: 'categorical', vocabulary }
}
