/** The generated parts of docs/validation.md. */
import { isValueSkew } from '../../src/main/engine/data/validation/value-skew.ts'
import { anomalyTypeSchema } from '../../src/shared/anomalies.ts'
import { datasetSchemaSchema } from '../../src/shared/schema.ts'
import { code, keyRows, keyTable, markdownTable, toJsonSchema } from './schema-text.ts'
import { notRaised, ours, raised } from './tfdv-names.ts'

export function validationPageParts(): Record<string, string> {
  const types = anomalyTypeSchema.options.map((type) => [
    code(type),
    isValueSkew({ type }) ? 'values' : 'schema',
    ours.includes(type) ? `${raised[type]} (a name of ours)` : raised[type],
  ])
  return {
    'schema-keys': keyTable(keyRows(toJsonSchema(datasetSchemaSchema, 'input'))),
    anomalies: markdownTable(['anomaly', 'verdict', 'raised when'], types),
    'not-raised': markdownTable(
      ['name of TFDV', 'why it is not raised'],
      Object.entries(notRaised).map(([name, why]) => [code(name), why]),
    ),
  }
}
