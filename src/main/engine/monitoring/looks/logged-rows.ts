/** The answered rows of the request log as the data that a model saw: its inputs by their names, in the types of the signature. */
import type { InputType, Signature } from '#shared/models.ts'
import type { ServedRevision } from '../../serving/request-log/segments.ts'
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

/** One expression for each input, named by `nameOf`; null where no revision of the log has the input. */
export function inputExpressions(
  signature: Signature,
  revisions: readonly ServedRevision[],
  nameOf: (name: string) => string,
): string[] {
  const logged = new Set(revisions.flatMap((served) => served.signature.inputs.map(({ name }) => name)))
  return signature.inputs.map(({ name, type }) => {
    const value = logged.has(name) ? quoteIdentifier(inputColumnName(name)) : 'null'
    return `try_cast(${value} as ${storageType(type)}) as ${quoteIdentifier(nameOf(name))}`
  })
}

/** Of several classes the distribution of the classes themselves is watched, else that of the score. */
export function predictionExpression({ task }: Signature): string {
  return task === 'multiclass' ? `prediction::VARCHAR as ${predictionColumn}` : `score::DOUBLE as ${predictionColumn}`
}

export const answered = `role = 'answered'`
