import type { Anomaly } from '#shared/anomalies.ts'
import type { SchemaFault } from '../schema-check.ts'
import { anomaly } from './anomaly.ts'

/** What is wrong with a schema file itself, as anomalies: nothing can be held against such a schema. Pure. */
export function schemaAnomalies(faults: readonly SchemaFault[]): Anomaly[] {
  return faults.map(({ type, column, problem }, index) => {
    const { file, line, column: character, message, expected, found, nearest, path } = problem
    const place = line === undefined ? file : `${file}, line ${line}, column ${character ?? 1}`
    return anomaly(type, column, {
      rule: `${index + 1}`,
      short: 'The schema is wrong',
      description: `${place}: ${message}${nearest === undefined ? '' : ` The nearest is "${nearest}".`}`,
      expected: expected ?? 'a schema that can be read',
      found: found ?? (path ? path : message),
    })
  })
}
