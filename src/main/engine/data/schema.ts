/** Schema files: written as YAML that a person edits, read with every problem placed. */
import { Document, isCollection, isMap, isScalar, type Pair } from 'yaml'
import type { FileProblem } from '#shared/errors.ts'
import { type DatasetSchema, datasetSchemaSchema } from '#shared/schema.ts'
import type { ColumnStatistics, Statistics } from '#shared/statistics.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { checkSchema } from './schema-check.ts'

export { checkSchema } from './schema-check.ts'
export { inferSchema } from './schema-inference.ts'

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
  throw invalidSchema(file, problems)
}

export function invalidSchema(file: string, problems: FileProblem[]): EsteiraError {
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`
  return new EsteiraError('schema-invalid', `The schema "${file}" has ${count}.`, { where: file, problems })
}
