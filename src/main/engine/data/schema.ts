/** Schema files: inferred from statistics, written as YAML that a person edits, read with every problem placed. */
import { Document, isCollection, isMap, isScalar, type Pair } from 'yaml'
import type { FileProblem } from '#shared/errors.ts'
import { type DatasetSchema, datasetSchemaSchema, type SchemaColumn } from '#shared/schema.ts'
import type { ColumnStatistics, Statistics } from '#shared/statistics.ts'
import { EsteiraError, nearestName } from '../kernel/errors.ts'
import { type ParsedFile, parseYamlFile } from '../kernel/yaml-file.ts'

/** A text column with more different values, or with fewer rows for each on average, is taken as open. */
const maxDomainValues = 100
const minRowsPerValue = 10
/** So few values are all meant: not one other value is allowed. With more, a rare newcomer is normal. */
const maxClosedValues = 20
const openDomainMass = 0.99

/**
 * A conservative schema that the data itself satisfies: types, presence where nothing is missing, domains of columns
 * with few values. Ranges of numbers are left to people, who know what is possible; see the comments of `schemaText`.
 * @param target not expected in the environment SERVING
 */
export function inferSchema(statistics: Statistics, options: { target?: string | undefined } = {}): DatasetSchema {
  const columns = statistics.columns.map((column): [string, SchemaColumn] => {
    const inferred = inferColumn(column, statistics.rows)
    return [column.name, column.name === options.target ? { ...inferred, notIn: ['SERVING'] } : inferred]
  })
  return { ...datasetSchemaSchema.parse({ columns: {} }), columns: Object.fromEntries(columns) }
}

function inferColumn(column: ColumnStatistics, rows: number): SchemaColumn {
  const present = rows - column.missing
  const nan = column.numeric?.nan ?? 0
  const infinite = column.numeric?.infinite ?? 0
  const values = column.categorical?.topValues ?? []
  const closed =
    column.type === 'text' &&
    values.length > 0 &&
    values.length === column.distinct &&
    values.length <= maxDomainValues &&
    present / values.length >= minRowsPerValue
  const domain = {
    ...(closed && { values: values.map(({ value }) => value).sort() }),
    ...(nan > 0 && { allowNan: true }),
    ...(infinite > 0 && { allowInfinite: true }),
  }
  return {
    type: column.type,
    ...(present > 0 && { presence: column.missing === 0 ? { minFraction: 1, minCount: 1 } : { minCount: 1 } }),
    ...(Object.keys(domain).length > 0 && { domain }),
    ...(closed && values.length > maxClosedValues && { minDomainMass: openDomainMass }),
  }
}

/** The schema as YAML; with statistics, each column is commented with what was seen. */
export function schemaText(schema: DatasetSchema, statistics?: Statistics): string {
  const document = new Document(withoutDefaults(schema))
  document.commentBefore =
    ' What this dataset must look like. Inferred from data; edit it freely: add ranges (domain: { min, max }),\n' +
    ' allow missing values (presence: { minFraction: 0.9 }), limit the rows (rows: { min: 1000 }).'
  const columns = document.get('columns')
  if (isMap(columns)) for (const [index, pair] of columns.items.entries()) layOut(pair, statistics, index > 0)
  return document.toString({ lineWidth: 120, flowCollectionPadding: true })
}

function withoutDefaults(schema: DatasetSchema): Partial<DatasetSchema> {
  const { environments, newColumns, ...rest } = schema
  const defaults = datasetSchemaSchema.parse({ columns: {} })
  return {
    ...(environments.join() !== defaults.environments.join() && { environments }),
    ...(newColumns !== defaults.newColumns && { newColumns }),
    ...rest,
  }
}

/** Small maps and lists on one line; before the key, what was seen in the data. */
function layOut({ key, value }: Pair, statistics: Statistics | undefined, spaceBefore: boolean): void {
  if (isMap(value)) for (const item of value.items) if (isCollection(item.value)) item.value.flow = true
  if (!isScalar(key)) return
  key.spaceBefore = spaceBefore
  const column = statistics?.columns.find(({ name }) => name === String(key.value))
  if (column && statistics) key.commentBefore = ` ${seen(column, statistics.rows)}`
}

/** What was seen in a column, in a few words. */
export function seen(column: ColumnStatistics, rows: number): string {
  const parts: string[] = []
  const { numeric, categorical, missing } = column
  const shown = (value: number) =>
    column.type === 'timestamp' ? new Date(value).toISOString() : String(Number(value.toPrecision(6)))
  if (numeric) parts.push(`${shown(numeric.min)} to ${shown(numeric.max)}`)
  if (numeric && column.type !== 'timestamp') parts.push(`mean ${shown(numeric.mean)}`)
  if (categorical) parts.push(`${column.distinct} different ${column.distinct === 1 ? 'value' : 'values'}`)
  if (missing > 0) parts.push(missing === rows ? 'always missing' : `${percentage(missing / rows)} missing`)
  return parts.length === 0 ? 'nothing seen' : `seen: ${parts.join(', ')}`
}

function percentage(share: number): string {
  return share < 0.001 ? 'less than 0.1 %' : `${(share * 100).toFixed(1)} %`
}

/**
 * @param file as shown in problems
 * @throws EsteiraError `schema-invalid` with every problem of the file
 */
export function parseSchema(text: string, file: string): DatasetSchema {
  const { schema, problems } = checkSchema(text, file)
  if (schema !== null && problems.length === 0) return schema
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`
  throw new EsteiraError('schema-invalid', `The schema "${file}" has ${count}.`, { where: file, problems })
}

/** What can be read of a schema file, null where it is not whole, and every problem of it. */
export function checkSchema(text: string, file: string): { schema: DatasetSchema | null; problems: FileProblem[] } {
  const parsed = parseYamlFile(text, file, datasetSchemaSchema)
  return parsed.ok
    ? { schema: parsed.value, problems: meaningProblems(parsed) }
    : { schema: null, problems: parsed.problems }
}

type Parsed = Extract<ParsedFile<DatasetSchema>, { ok: true }>

/** What the form alone does not show. */
function meaningProblems({ value: schema, positions }: Parsed): FileProblem[] {
  const problems: FileProblem[] = []
  const ordered = (path: readonly string[], range: { min?: unknown; max?: unknown } | undefined) => {
    if (range?.min === undefined || range.max === undefined || comparable(range.min) <= comparable(range.max)) return
    problems.push(positions.problem([...path, 'min'], { message: '"min" is larger than "max".' }))
  }
  ordered(['rows'], schema.rows)
  for (const [name, column] of Object.entries(schema.columns)) {
    const path = ['columns', name]
    ordered([...path, 'domain'], column.domain)
    ordered([...path, 'unique'], column.unique)
    for (const key of domainKeysOfOtherTypes(column)) {
      const message = `"${key}" does not apply to a column of type ${column.type}.`
      problems.push(positions.keyProblem([...path, 'domain', key], { message }))
    }
    for (const [index, environment] of (column.notIn ?? []).entries()) {
      if (schema.environments.includes(environment)) continue
      const nearest = nearestName(environment, schema.environments)
      problems.push(
        positions.problem([...path, 'notIn', index], {
          message: `The environment "${environment}" is not known.`,
          expected: `one of ${schema.environments.join(', ')}`,
          ...(nearest !== undefined && { nearest }),
        }),
      )
    }
  }
  return problems
}

/** Keys of the domain that mean nothing for a column of this type. */
export function domainKeysOfOtherTypes({ type, domain = {} }: SchemaColumn): string[] {
  const numberKeys = ['min', 'max', 'allowNan', 'allowInfinite']
  const allowed = { integer: numberKeys, number: numberKeys, timestamp: ['min', 'max'], other: [] }
  const own: readonly string[] = type === 'text' || type === 'boolean' ? ['values'] : allowed[type]
  return Object.keys(domain).filter((key) => !own.includes(key))
}

/** A bound as a number: instants become epoch ms (UTC where no zone is said). */
export function comparable(bound: unknown): number {
  if (typeof bound !== 'string') return Number(bound)
  return Date.parse(/T.*(Z|[+-]\d\d:?\d\d)$/.test(bound) || !bound.includes('T') ? bound : `${bound}Z`)
}
