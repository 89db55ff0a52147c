/** How a schema changes when an anomaly becomes the new normal: as edits of its file, and in words. Pure. */
import type { Anomaly } from '#shared/anomalies.ts'
import type { YamlEdit } from '#shared/pipelines.ts'
import type { Json } from '#shared/runs.ts'
import type { DatasetSchema, SchemaColumn } from '#shared/schema.ts'
import type { ColumnStatistics, Statistics } from '#shared/statistics.ts'
import { domainKeysOfOtherTypes, inferSchema } from './schema.ts'

interface Acceptance {
  readonly edits: YamlEdit[]
  /** One sentence. */
  readonly words: string
}

/** Where the anomaly was found. */
export interface AcceptanceContext {
  readonly statistics: Statistics
  readonly schema: DatasetSchema
  readonly environment: string
}

/** A new column is described by what the data shows; a missing one need not be there any more, in this environment alone where it is not the first. */
export function acceptanceEdits(anomaly: Anomaly, context: AcceptanceContext): YamlEdit[] {
  return acceptanceOf(anomaly, context)?.edits ?? []
}

/** What accepting does, in words; null where it cannot be accepted. */
export function acceptanceInWords(anomaly: Anomaly, context: AcceptanceContext): string | null {
  return acceptanceOf(anomaly, context)?.words ?? null
}

function acceptanceOf(anomaly: Anomaly, context: AcceptanceContext): Acceptance | undefined {
  const { statistics, schema } = context
  const { type, column: name } = anomaly
  if (type === 'DATASET_LOW_NUM_EXAMPLES') return bound(['rows', 'min'], statistics.rows, 'the rows')
  if (type === 'DATASET_HIGH_NUM_EXAMPLES') return bound(['rows', 'max'], statistics.rows, 'the rows')
  if (name === undefined) return undefined
  if (type === 'SCHEMA_NEW_COLUMN') return newColumn(name, statistics)
  const column = Object.hasOwn(schema.columns, name) ? schema.columns[name] : undefined
  if (column === undefined) return undefined
  if (type === 'SCHEMA_MISSING_COLUMN') return missingColumn(name, column, context)
  const found = statistics.columns.find((one) => one.name === name)
  return found && ofColumn(anomaly, column, found, statistics.rows)
}

function ofColumn(
  { type }: Anomaly,
  column: SchemaColumn,
  found: ColumnStatistics,
  rows: number,
): Acceptance | undefined {
  const { name, distinct, numeric } = found
  const path = ['columns', name]
  const present = rows - found.missing
  switch (type) {
    case 'UNEXPECTED_DATA_TYPE':
      return otherType(column, found)
    case 'FEATURE_TYPE_NOT_PRESENT':
      return withoutValues(name, column)
    case 'FEATURE_TYPE_LOW_FRACTION_PRESENT':
      return bound([...path, 'presence', 'minFraction'], roundedDown(present / rows), `"${name}"`)
    case 'FEATURE_TYPE_LOW_NUMBER_PRESENT':
      return bound([...path, 'presence', 'minCount'], present, `"${name}"`)
    case 'FEATURE_TYPE_LOW_UNIQUE':
      return bound([...path, 'unique', 'min'], distinct, `the different values of "${name}"`)
    case 'FEATURE_TYPE_HIGH_UNIQUE':
      return bound([...path, 'unique', 'max'], distinct, `the different values of "${name}"`)
    case 'ENUM_TYPE_UNEXPECTED_STRING_VALUES':
    case 'BOOL_TYPE_UNEXPECTED_STRING':
      return moreValues(column, found)
    case 'INT_TYPE_SMALL_INT':
    case 'FLOAT_TYPE_SMALL_FLOAT':
      return numeric && bound([...path, 'domain', 'min'], written(numeric.min, column), `"${name}"`)
    case 'INT_TYPE_BIG_INT':
    case 'FLOAT_TYPE_BIG_FLOAT':
      return numeric && bound([...path, 'domain', 'max'], written(numeric.max, column), `"${name}"`)
    case 'FLOAT_TYPE_HAS_NAN':
      return allowed([...path, 'domain', 'allowNan'], `"${name}" may hold NaN.`)
    case 'FLOAT_TYPE_HAS_INF':
      return allowed([...path, 'domain', 'allowInfinite'], `"${name}" may hold infinite numbers.`)
    default:
      return undefined
  }
}

/** @param path ends with the name of the bound */
function bound(path: string[], value: number | string, what: string): Acceptance {
  return { edits: [{ kind: 'set', path, value }], words: `Sets "${path.at(-1)}" of ${what} to ${value}.` }
}

function allowed(path: string[], words: string): Acceptance {
  return { edits: [{ kind: 'set', path, value: true }], words }
}

function newColumn(name: string, statistics: Statistics): Acceptance | undefined {
  const inferred = inferSchema(statistics).columns[name]
  if (inferred === undefined) return undefined
  return {
    edits: [{ kind: 'set', path: ['columns', name], value: columnAsJson(inferred) }],
    words: `Adds the column "${name}" of type ${inferred.type}, as it was seen.`,
  }
}

/** What `inferSchema` says of a column is plain data already; without the keys that are undefined it is JSON. */
function columnAsJson(column: SchemaColumn): Json {
  return JSON.parse(JSON.stringify(column))
}

function missingColumn(name: string, column: SchemaColumn, { schema, environment }: AcceptanceContext): Acceptance {
  const path = ['columns', name]
  if (environment === schema.environments[0]) {
    return { edits: [{ kind: 'remove', path: [...path, 'presence'] }], words: `The column "${name}" may be absent.` }
  }
  const known = column.notIn?.length ?? 0
  const edit: YamlEdit =
    known === 0
      ? { kind: 'set', path: [...path, 'notIn'], value: [environment] }
      : { kind: 'set', path: [...path, 'notIn', known], value: environment }
  return { edits: [edit], words: `The column "${name}" is not expected in ${environment}.` }
}

/** What the schema says of values of the type before goes, as it does not apply to others. */
function otherType(column: SchemaColumn, { name, type }: ColumnStatistics): Acceptance {
  const path = ['columns', name]
  const useless = domainKeysOfOtherTypes({ ...column, type })
  const all = useless.length === Object.keys(column.domain ?? {}).length
  const edits: YamlEdit[] = [{ kind: 'set', path: [...path, 'type'], value: type }]
  if (useless.length > 0 && all) edits.push({ kind: 'remove', path: [...path, 'domain'] })
  else edits.push(...useless.map((key): YamlEdit => ({ kind: 'remove', path: [...path, 'domain', key] })))
  if (useless.includes('values') && column.minDomainMass !== undefined) {
    edits.push({ kind: 'remove', path: [...path, 'minDomainMass'] })
  }
  const without = useless.length === 0 ? '' : ` and takes away ${useless.map((key) => `"${key}"`).join(', ')}`
  return { edits, words: `Changes the type of "${name}" from ${column.type} to ${type}${without}.` }
}

function withoutValues(name: string, { presence = {} }: SchemaColumn): Acceptance {
  const keys = (['minFraction', 'minCount'] as const).filter((key) => (presence[key] ?? 0) > 0)
  return {
    edits: keys.map((key) => ({ kind: 'set', path: ['columns', name, 'presence', key], value: 0 })),
    words: `Every value of "${name}" may be missing.`,
  }
}

/** Values shown in words. */
const maxShown = 10

function moreValues({ domain }: SchemaColumn, { name, type, categorical }: ColumnStatistics): Acceptance | undefined {
  const known = domain?.values
  if (known === undefined || categorical === undefined) return undefined
  const added = categorical.topValues.map(({ value }) => value).filter((value) => !known.includes(value))
  const shown = added.slice(0, maxShown).map((value) => `"${value}"`)
  const more = added.length > maxShown ? ` and ${added.length - maxShown} more` : ''
  return {
    // One by one: what is in the list stays as it is written.
    edits: added.map((value, index) => ({
      kind: 'set',
      path: ['columns', name, 'domain', 'values', known.length + index],
      value: type === 'boolean' ? value === 'true' : value,
    })),
    words: `Adds ${shown.join(', ')}${more} to the values of "${name}".`,
  }
}

/** A bound as a schema writes it: instants as ISO 8601, midnight (UTC) as a date. */
function written(value: number, { type }: SchemaColumn): number | string {
  if (type !== 'timestamp') return value
  return new Date(value).toISOString().replace(/T00:00:00\.000Z$/, '')
}

/** A share in a form that people write, not above the one that was seen. */
function roundedDown(share: number): number {
  const rounded = Math.floor(share * 10_000) / 10_000
  return rounded > share ? rounded - 0.0001 : rounded
}
