/** How a schema changes when an anomaly becomes the new normal: as edits of its file, and in words. Pure. */
import type { Anomaly } from '#shared/anomalies.ts'
import type { YamlEdit } from '#shared/pipelines.ts'
import type { Json } from '#shared/runs.ts'
import type { DatasetSchema, SchemaColumn } from '#shared/schema.ts'
import { sentence } from '#shared/sentences.ts'
import type { ColumnStatistics, Statistics } from '#shared/statistics.ts'
import { domainKeysOfOtherTypes } from './schema-check.ts'
import { inferSchema } from './schema-inference.ts'
import { semanticOf } from './validation/semantic.ts'

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
  const { type, column: name, figures } = anomaly
  switch (type) {
    case 'DATASET_LOW_NUM_EXAMPLES':
      return bound(['rows', 'min'], statistics.rows, sentence('the-rows', {}))
    case 'DATASET_HIGH_NUM_EXAMPLES':
      return bound(['rows', 'max'], statistics.rows, sentence('the-rows', {}))
    case 'COMPARATOR_LOW_NUM_EXAMPLES':
      return bound(['rows', 'minFractionOfPrevious'], roundedDown(figures?.value ?? 0), sentence('the-rows', {}))
    case 'COMPARATOR_HIGH_NUM_EXAMPLES':
      return bound(['rows', 'maxFractionOfPrevious'], roundedUp(figures?.value ?? 0), sentence('the-rows', {}))
    case 'DATASET_STALE':
      return bound(['freshness', 'maxAge'], wholeHours(figures?.value ?? 0), sentence('the-freshness', {}))
    case 'CUSTOM_VALIDATION':
      return fewerRows(anomaly, schema)
  }
  if (name === undefined) return undefined
  if (type === 'SCHEMA_NEW_COLUMN') return newColumn(name, statistics)
  const column = Object.hasOwn(schema.columns, name) ? schema.columns[name] : undefined
  if (column === undefined) return undefined
  if (type === 'SCHEMA_MISSING_COLUMN') return missingColumn(name, column, context)
  const found = statistics.columns.find((one) => one.name === name)
  return found && ofColumn(anomaly, column, found, statistics.rows)
}

function ofColumn(
  anomaly: Anomaly,
  column: SchemaColumn,
  found: ColumnStatistics,
  rows: number,
): Acceptance | undefined {
  const { type, figures } = anomaly
  const { name, numeric } = found
  const path = ['columns', name]
  const present = rows - found.missing
  switch (type) {
    case 'UNEXPECTED_DATA_TYPE':
    case 'INT_TYPE_NOT_INT_STRING':
    case 'FLOAT_TYPE_STRING_NOT_FLOAT':
    case 'BOOL_TYPE_SMALL_INT':
    case 'BOOL_TYPE_BIG_INT':
    case 'BOOL_TYPE_UNEXPECTED_FLOAT':
    case 'ENUM_TYPE_INVALID_UTF8':
      return otherType(column, found)
    case 'FEATURE_TYPE_NOT_PRESENT':
      return withoutValues(name, column)
    case 'FEATURE_TYPE_LOW_FRACTION_PRESENT':
      return bound([...path, 'presence', 'minFraction'], roundedDown(present / rows), `"${name}"`)
    case 'FEATURE_TYPE_LOW_NUMBER_PRESENT':
      return bound([...path, 'presence', 'minCount'], present, `"${name}"`)
    case 'FEATURE_TYPE_LOW_UNIQUE':
    case 'FEATURE_TYPE_HIGH_UNIQUE':
      return differentValues(anomaly, found)
    case 'FEATURE_TYPE_NO_UNIQUE':
      return {
        edits: [{ kind: 'remove', path: [...path, 'unique'] }],
        words: sentence('accept-any-unique', { column: name }),
      }
    case 'ENUM_TYPE_UNEXPECTED_STRING_VALUES':
    case 'BOOL_TYPE_UNEXPECTED_STRING':
      return column.type === found.type ? unexpectedValues(anomaly, column, found) : otherType(column, found)
    case 'SEMANTIC_DOMAIN_UPDATE':
      return semanticPattern(found)
    case 'INT_TYPE_SMALL_INT':
    case 'FLOAT_TYPE_SMALL_FLOAT':
      return numeric && bound([...path, 'domain', 'min'], written(numeric.min, column), `"${name}"`)
    case 'INT_TYPE_BIG_INT':
    case 'FLOAT_TYPE_BIG_FLOAT':
      return numeric && bound([...path, 'domain', 'max'], written(numeric.max, column), `"${name}"`)
    case 'FLOAT_TYPE_HAS_NAN':
      return allowed([...path, 'domain', 'allowNan'], sentence('accept-nan', { column: name }))
    case 'FLOAT_TYPE_HAS_INF':
      return allowed([...path, 'domain', 'allowInfinite'], sentence('accept-infinite', { column: name }))
    case 'COMPARATOR_L_INFTY_HIGH':
    case 'COMPARATOR_JENSEN_SHANNON_DIVERGENCE_HIGH':
    case 'COMPARATOR_NORMALIZED_ABSOLUTE_DIFFERENCE_HIGH':
    case 'COMPARATOR_MEASURE_HIGH': {
      const comparator = anomaly.rule ?? 'drift'
      const { value = 0, limit = 0 } = figures ?? {}
      // A distance may be larger from now on, a p-value smaller.
      const threshold = value < limit ? roundedDown(value) : roundedUp(value)
      return bound(
        [...path, comparator, 'threshold'],
        threshold,
        sentence('comparator-of', { comparator, column: name }),
      )
    }
    case 'COMPARATOR_CONTROL_DATA_MISSING':
      return {
        edits: [{ kind: 'set', path: [...path, anomaly.rule ?? 'drift'], value: false }],
        words: sentence('accept-not-compared', { column: name }),
      }
    default:
      // Of rows that are missing, of a schema that is wrong itself and of what was handled before, there is nothing to accept.
      return undefined
  }
}

function differentValues({ type, rule, figures }: Anomaly, { name }: ColumnStatistics): Acceptance {
  const path = ['columns', name, 'unique']
  const value = figures?.value ?? 0
  const what = sentence('different-values-of', { column: name })
  if (rule === 'minFraction') return bound([...path, rule], roundedDown(value), what)
  if (rule === 'maxFraction') return bound([...path, rule], roundedUp(value), what)
  return bound([...path, type === 'FEATURE_TYPE_LOW_UNIQUE' ? 'min' : 'max'], value, what)
}

/** The values that are known are added; where there are too many to know, or a form is asked for, fewer need to fit. */
function unexpectedValues({ figures }: Anomaly, column: SchemaColumn, found: ColumnStatistics): Acceptance | undefined {
  const complete = found.categorical?.topValues.length === found.distinct
  if (column.domain?.values !== undefined && complete) return moreValues(column, found)
  const path = ['columns', found.name, 'minDomainMass']
  return bound(path, roundedDown(figures?.value ?? 0), `"${found.name}"`)
}

function semanticPattern(found: ColumnStatistics): Acceptance | undefined {
  const semantic = semanticOf(found)
  if (semantic === undefined) return undefined
  return {
    edits: [{ kind: 'set', path: ['columns', found.name, 'domain', 'pattern'], value: semantic.pattern }],
    words: sentence('accept-semantic', { column: found.name, more: semantic.words }),
  }
}

/** A check that fewer rows need to meet: in its long form, what it asks stays. */
function fewerRows({ column, rule = '', figures }: Anomaly, schema: DatasetSchema): Acceptance | undefined {
  const holder = column === undefined ? schema : schema.columns[column]
  const check = holder?.checks?.[rule]
  if (check === undefined) return undefined
  const path = [...(column === undefined ? [] : ['columns', column]), 'checks', rule]
  const minFraction = roundedDown(figures?.value ?? 0)
  const words = sentence('accept-fewer', { rule, value: minFraction })
  return typeof check === 'string'
    ? { edits: [{ kind: 'set', path, value: { sql: check, minFraction } }], words }
    : { edits: [{ kind: 'set', path: [...path, 'minFraction'], value: minFraction }], words }
}

/** @param path ends with the name of the bound */
function bound(path: string[], value: number | string, what: string): Acceptance {
  return {
    edits: [{ kind: 'set', path, value }],
    words: sentence('accept-bound', { key: path.at(-1) ?? '', more: what, value }),
  }
}

function allowed(path: string[], words: string): Acceptance {
  return { edits: [{ kind: 'set', path, value: true }], words }
}

function newColumn(name: string, statistics: Statistics): Acceptance | undefined {
  const inferred = inferSchema(statistics).columns[name]
  if (inferred === undefined) return undefined
  return {
    edits: [{ kind: 'set', path: ['columns', name], value: columnAsJson(inferred) }],
    words: sentence('accept-new-column', { column: name, type: inferred.type }),
  }
}

/** What `inferSchema` says of a column is plain data already; without the keys that are undefined it is JSON. */
function columnAsJson(column: SchemaColumn): Json {
  return JSON.parse(JSON.stringify(column))
}

function missingColumn(name: string, column: SchemaColumn, { schema, environment }: AcceptanceContext): Acceptance {
  const path = ['columns', name]
  if (environment === schema.environments[0]) {
    return {
      edits: [{ kind: 'remove', path: [...path, 'presence'] }],
      words: sentence('accept-absent', { column: name }),
    }
  }
  const known = column.notIn?.length ?? 0
  const edit: YamlEdit =
    known === 0
      ? { kind: 'set', path: [...path, 'notIn'], value: [environment] }
      : { kind: 'set', path: [...path, 'notIn', known], value: environment }
  return { edits: [edit], words: sentence('accept-not-in', { column: name, environment }) }
}

/** What the schema says of values of the type before goes, as it does not apply to others. */
function otherType(column: SchemaColumn, { name, type }: ColumnStatistics): Acceptance {
  const path = ['columns', name]
  const others = domainKeysOfOtherTypes({ ...column, type })
  // Truth values and texts are both listed as "values", but never the same ones.
  const useless = column.domain?.values === undefined || others.includes('values') ? others : ['values', ...others]
  const all = useless.length === Object.keys(column.domain ?? {}).length
  const edits: YamlEdit[] = [{ kind: 'set', path: [...path, 'type'], value: type }]
  if (useless.length > 0 && all) edits.push({ kind: 'remove', path: [...path, 'domain'] })
  else edits.push(...useless.map((key): YamlEdit => ({ kind: 'remove', path: [...path, 'domain', key] })))
  if ((useless.includes('values') || useless.includes('pattern')) && column.minDomainMass !== undefined) {
    edits.push({ kind: 'remove', path: [...path, 'minDomainMass'] })
  }
  const change = { column: name, before: column.type, type }
  const keys = useless.map((key) => `"${key}"`).join(', ')
  const words =
    useless.length === 0 ? sentence('accept-type', change) : sentence('accept-type-without', { ...change, keys })
  return { edits, words }
}

function withoutValues(name: string, { presence = {} }: SchemaColumn): Acceptance {
  const keys = (['minFraction', 'minCount'] as const).filter((key) => (presence[key] ?? 0) > 0)
  return {
    edits: keys.map((key) => ({ kind: 'set', path: ['columns', name, 'presence', key], value: 0 })),
    words: sentence('accept-missing', { column: name }),
  }
}

/** Values shown in words. */
const maxShown = 10

function moreValues({ domain }: SchemaColumn, { name, type, categorical }: ColumnStatistics): Acceptance | undefined {
  const known = domain?.values
  if (known === undefined || categorical === undefined) return undefined
  const added = categorical.topValues.map(({ value }) => value).filter((value) => !known.includes(value))
  const shown = added.slice(0, maxShown).map((value) => `"${value}"`)
  const values = { column: name, values: shown.join(', ') }
  const count = added.length - maxShown
  return {
    // One by one: what is in the list stays as it is written.
    edits: added.map((value, index) => ({
      kind: 'set',
      path: ['columns', name, 'domain', 'values', known.length + index],
      value: type === 'boolean' ? value === 'true' : value,
    })),
    words: count > 0 ? sentence('accept-values-and-more', { ...values, count }) : sentence('accept-values', values),
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

function roundedUp(share: number): number {
  const rounded = Math.ceil(share * 10_000) / 10_000
  return rounded < share ? rounded + 0.0001 : rounded
}

/** A little more than so many hours, as a duration. */
function wholeHours(hours: number): string {
  return `${Math.floor(hours) + 1}h`
}
