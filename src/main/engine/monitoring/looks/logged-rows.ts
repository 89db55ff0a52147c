/** The answered rows of the request log as the data that a model saw: its inputs by their names, in the types of the signature. */
import type { InputType, Signature } from '#shared/models.ts'
import { quoteIdentifier } from '../../tables/duckdb.ts'
import { inputColumnName } from '../requests/relation.ts'

/** The prediction, or the score where there is one: see `requestRelation`. */
export const predictionColumn = 'prediction'
export const timeColumn = 'at'

function storageType(type: InputType): string {
  switch (type) {
    case 'number':
      return 'DOUBLE'
    case 'integer':
      return 'BIGINT'
    case 'boolean':
      return 'BOOLEAN'
    case 'timestamp':
      return 'TIMESTAMP'
    case 'text':
      return 'VARCHAR'
  }
}

/** One expression for each input, named by `nameOf`. */
export function inputExpressions(signature: Signature, nameOf: (name: string) => string): string[] {
  return signature.inputs.map(
    ({ name, type }) =>
      `try_cast(${quoteIdentifier(inputColumnName(name))} as ${storageType(type)}) as ${quoteIdentifier(nameOf(name))}`,
  )
}

/** Of several classes the distribution of the classes themselves is watched, else that of the score. */
export function predictionExpression({ task }: Signature): string {
  return task === 'multiclass' ? `prediction::VARCHAR as ${predictionColumn}` : `score::DOUBLE as ${predictionColumn}`
}

export const answered = `role = 'answered'`
