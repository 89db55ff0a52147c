/** The rows of a table as a model reads them, and what keeps a row from being predicted. As SQL, so that nothing is held in memory. */
import type { InputType, Signature, SignatureInput } from '#shared/models.ts'
import type { ColumnType } from '#shared/statistics.ts'
import { EsteiraError, nearestName } from '../../kernel/errors.ts'
import { type DescribedColumn, quoteIdentifier, quoteText } from '../../tables/duckdb.ts'

/** Of the query: the number of the row from 0, and why it cannot be predicted or null. Inputs are `input0`, `input1`, … */
export const rowColumn = 'row'
export const problemColumn = 'problem'
export const targetColumn = 'target'

export function inputColumn(index: number): string {
  return `input${index}`
}

/**
 * A query over a Parquet relation with row numbers. A value that is not of its input's type, or missing where one is
 * required, becomes a problem of its row; a column that is missing altogether is one of the table.
 * @param target also reads the target as it is, where the table has it
 * @throws EsteiraError `column-not-found`
 */
export function readableRows(
  relation: string,
  signature: Signature,
  described: readonly DescribedColumn[],
  { target }: { target: boolean },
): string {
  const types = new Map(described.map(({ name, type }) => [name, type]))
  const values = signature.inputs.map((input) => typedValue(input, types))
  const problems = signature.inputs.flatMap((input, index) => problemOf(input, types, inputColumn(index)))
  const read = values.map((value, index) => `${value} as ${inputColumn(index)}`)
  const labelled = target ? [`${quoteIdentifier(signature.target)} as ${targetColumn}`] : []
  const raw = signature.inputs.flatMap(({ name }, index) =>
    types.has(name) ? [`${given(name, types.get(name))} as given_${inputColumn(index)}`] : [],
  )
  const inner = [`file_row_number as ${quoteIdentifier(rowColumn)}`, ...read, ...raw, ...labelled].join(', ')
  const problem = problems.length === 0 ? 'null::VARCHAR' : `nullif(concat_ws('; ', ${problems.join(', ')}), '')`
  const outer = [
    quoteIdentifier(rowColumn),
    `${problem} as ${problemColumn}`,
    ...values.map((_, index) => inputColumn(index)),
    ...(target ? [targetColumn] : []),
  ]
  return `select ${outer.join(', ')} from (select ${inner} from ${relation})`
}

/** The value as it lies in the table; numbers that are no number count as missing, as in the training data. */
function given(name: string, type: ColumnType | undefined): string {
  const column = quoteIdentifier(name)
  return type === 'number' ? `case when isfinite(${column}::DOUBLE) then ${column} end` : column
}

/** The value in the type of the input; null where it is missing or does not fit. */
function typedValue({ name, type, required }: SignatureInput, types: ReadonlyMap<string, ColumnType>): string {
  const found = types.get(name)
  if (found === undefined) {
    if (!required) return `null::${sqlTypes[type]}`
    throw columnMissing(name, [...types.keys()])
  }
  return converted(given(name, found), type, found)
}

const sqlTypes: Record<InputType, string> = {
  number: 'DOUBLE',
  integer: 'BIGINT',
  boolean: 'BOOLEAN',
  text: 'VARCHAR',
  timestamp: 'TIMESTAMP',
}

function converted(column: string, wanted: InputType, found: ColumnType): string {
  switch (wanted) {
    case 'number':
      return finite(`try_cast(${column} as DOUBLE)`)
    case 'integer':
      if (found === 'integer') return `try_cast(${column} as BIGINT)`
      return `case when trunc(try_cast(${column} as DOUBLE)) = try_cast(${column} as DOUBLE) then try_cast(${column} as BIGINT) end`
    case 'boolean':
      if (found !== 'integer' && found !== 'number') return `try_cast(${column} as BOOLEAN)`
      return `case ${column}::DOUBLE when 0 then false when 1 then true end`
    case 'text':
      return `${column}::VARCHAR`
    case 'timestamp':
      return instant(column, found)
  }
}

function finite(number: string): string {
  return `case when isfinite(${number}) then ${number} end`
}

/** To the millisecond, as a request holds it; numbers are milliseconds since 1970, texts ISO 8601. */
function instant(column: string, found: ColumnType): string {
  if (found === 'integer' || found === 'number') return `epoch_ms(try_cast(floor(${column}) as BIGINT))`
  if (found === 'boolean') return 'null::TIMESTAMP'
  const read = found === 'timestamp' ? column : `try_cast(${column} as TIMESTAMPTZ)`
  return `epoch_ms(case when isfinite(${read}) then epoch_ms(${read}) end)`
}

const expectations: Record<InputType, string> = {
  number: 'a finite number',
  integer: 'a whole number',
  boolean: 'true or false',
  text: 'a text',
  timestamp: 'a date or time',
}

function problemOf({ name, type, required }: SignatureInput, types: ReadonlyMap<string, ColumnType>, column: string) {
  if (!types.has(name)) return []
  const wrong = `when given_${column} is not null and ${column} is null then ${quoteText(`${name} is not ${expectations[type]}`)}`
  const missing = required ? ` when ${column} is null then ${quoteText(`${name} is missing`)}` : ''
  return [`case ${wrong}${missing} end`]
}

function columnMissing(name: string, known: readonly string[]): EsteiraError {
  const nearest = nearestName(name, known)
  return new EsteiraError('column-not-found', `The rows have no column "${name}", which the model needs.`, {
    where: 'data',
    found: name,
    allowed: known.slice(0, 100).join(', '),
    ...(nearest !== undefined && { nearest }),
    next: 'Add the column, or look features up first with the step features/retrieve.',
  })
}
