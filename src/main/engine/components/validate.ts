import { writeFile } from 'node:fs/promises'
import { z } from 'zod'
import type { Anomaly, AnomalyReport } from '#shared/anomalies.ts'
import type { FileProblem } from '#shared/errors.ts'
import { statisticsSchema } from '#shared/statistics.ts'
import { projectFile, readProjectFile } from '../data/project-file.ts'
import { parseSchema } from '../data/schema.ts'
import { validateStatistics } from '../data/validate.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { defineComponent } from '../pipelines/component.ts'
import { readJsonFile } from './artifact-files.ts'

const options = z.strictObject({
  schema: z.string().describe('The schema file, relative to the project folder, e.g. schemas/flights.yaml.'),
  environment: z.string().default('TRAINING').describe('Columns that the schema does not expect here may be absent.'),
  stopOn: z.enum(['error', 'warning', 'never']).default('error').describe('From which severity on the step fails.'),
})

/** Stops a pipeline before it learns from data that is not what it should be. */
export const validate = defineComponent({
  name: 'data/validate',
  version: '1',
  summary: 'Checks the statistics of data against a schema.',
  inputs: { statistics: { types: ['statistics'], summary: 'The statistics of the data to check.' } },
  outputs: { anomalies: { type: 'anomalies', summary: 'Where the data departs from the schema, as anomalies.json.' } },
  options,
  cacheable: true,
  sources: async ({ schema }, project) => [await projectFile(schema, project.path)],
  async run(context) {
    const { schema: file, environment, stopOn } = context.options
    const schema = parseSchema(await readProjectFile(file, context.project.path), file)
    const statistics = await readJsonFile(context.input('statistics'), 'statistics.json', statisticsSchema)
    const anomalies = validateStatistics(statistics, schema, { environment })
    const report: AnomalyReport = { schema: file, environment, rows: statistics.rows, anomalies }
    await writeFile(context.output('anomalies').path('anomalies.json'), JSON.stringify(report, null, 2))
    for (const { type, description, severity } of anomalies) {
      context.log(`${type}: ${description}`, severity === 'ERROR' ? 'error' : 'warning')
    }
    const errors = anomalies.filter(({ severity }) => severity === 'ERROR').length
    context.value('anomalies', anomalies.length)
    context.value('errors', errors)
    const stopping = stopOn === 'never' ? 0 : stopOn === 'warning' ? anomalies.length : errors
    if (stopping > 0) throw invalidData(anomalies, file)
    if (anomalies.length === 0) context.log(`The data matches ${file}.`)
  },
})

function invalidData(anomalies: readonly Anomaly[], file: string): EsteiraError {
  const [first, ...others] = anomalies.map(({ type, description }) => `${type}: ${description}`)
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`
  return new EsteiraError('data-invalid', `${first ?? 'The data is not as expected.'}${more}`, {
    where: file,
    problems: anomalies.map((anomaly) => problemOf(anomaly, file)),
    next: 'Mend the data, or change the schema if this is the new normal.',
  })
}

function problemOf({ type, description, column, expected, found }: Anomaly, file: string): FileProblem {
  return {
    file,
    ...(column !== undefined && { path: `columns.${column}` }),
    message: `${type}: ${description}`,
    expected,
    found,
  }
}
