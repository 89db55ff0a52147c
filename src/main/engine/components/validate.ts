import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Anomaly, AnomalyReport } from '#shared/anomalies.ts'
import type { FileProblem } from '#shared/errors.ts'
import type { DatasetSchema } from '#shared/schema.ts'
import { type Statistics, statisticsSchema } from '#shared/statistics.ts'
import { findExamples } from '../data/example-rows.ts'
import { projectFile, readProjectFile } from '../data/project-file.ts'
import { invalidSchema, parseSchema } from '../data/schema.ts'
import { checkSchema } from '../data/schema-check.ts'
import { type Findings, knownEnvironment, validateData } from '../data/validate.ts'
import { answerRules } from '../data/validation/row-facts.ts'
import { rowRules } from '../data/validation/row-rules.ts'
import { schemaAnomalies } from '../data/validation/schema-anomalies.ts'
import { timeColumnFor } from '../data/validation/time-column.ts'
import { verdictsOf } from '../data/validation/verdicts.ts'
import { defineComponent, type StepContext, StopStep } from '../pipelines/component.ts'
import { type Tables, withTables } from '../tables/duckdb.ts'
import { fileOf, readJsonFile } from './artifact-files.ts'

const options = z.strictObject({
  schema: z.string().describe('The schema file, relative to the project folder, e.g. schemas/flights.yaml.'),
  environment: z.string().default('TRAINING').describe('Columns that the schema does not expect here may be absent.'),
  stopOn: z
    .enum(['error', 'warning', 'never'])
    .default('error')
    .describe('From which severity on a broken schema fails the step. Values that moved never do.'),
  at: z
    .union([z.iso.date(), z.iso.datetime({ offset: true, local: true })])
    .optional()
    .describe('The time at which freshness is judged, for runs over past data. Default: when the step runs.'),
})
type Context = StepContext<z.output<typeof options>>

/** Stops a pipeline before it learns from data that is not what it should be, and tells when it should learn again. */
export const validate = defineComponent({
  name: 'data/validate',
  version: '2',
  summary:
    'Checks data against a schema (a broken one stops) and against earlier data (values that moved ask to retrain).',
  inputs: {
    statistics: { types: ['statistics'], summary: 'The statistics of the data to check.' },
    data: {
      types: ['table'],
      summary: 'The rows themselves: for patterns and checks in SQL, and for rows that show what is wrong.',
      optional: true,
    },
    previous: {
      types: ['statistics'],
      summary: 'The statistics of the span before: for drift, and for rows relative to it.',
      optional: true,
    },
    counterpart: {
      types: ['statistics'],
      summary: 'The statistics of the other side, serving where training data is checked: for skew.',
      optional: true,
    },
  },
  outputs: {
    anomalies: { type: 'anomalies', summary: 'Anomalies, comparisons and both verdicts, as anomalies.json.' },
  },
  options,
  cacheable: async ({ schema, at }, { path }) => at !== undefined || !(await asksForFreshness(schema, path)),
  sources: async ({ schema }, project) => [await projectFile(schema, project.path)],
  async run(context) {
    const { schema: file } = context.options
    const text = await readProjectFile(file, context.project.path)
    const statistics = await readJsonFile(context.input('statistics'), 'statistics.json', statisticsSchema)
    const { schema, problems, faults } = checkSchema(text, file)
    if (schema === null || problems.length > 0) {
      await report(context, statistics, { anomalies: schemaAnomalies(faults), comparisons: [] })
      const { code, message, context: details } = invalidSchema(file, problems)
      throw new StopStep(code, message, details)
    }
    await validateAgainst(context, statistics, schema)
  },
})

async function asksForFreshness(file: string, projectPath: string): Promise<boolean> {
  try {
    return parseSchema(await readProjectFile(file, projectPath), file).freshness !== undefined
  } catch {
    // What is wrong with the file is for the step itself to say.
    return false
  }
}

async function validateAgainst(context: Context, statistics: Statistics, schema: DatasetSchema): Promise<void> {
  const { schema: file, at, stopOn } = context.options
  const environment = knownEnvironment(schema, context.options.environment)
  const rules = rowRules(statistics, schema, environment)
  const facts = rules.length === 0 ? {} : await onRows(context, (tables, path) => answerRules(tables, [path], rules))
  const { anomalies, comparisons } = validateData(statistics, schema, {
    environment,
    facts,
    previous: await optionalStatistics(context, 'previous'),
    counterpart: await optionalStatistics(context, 'counterpart'),
    nowMs: at === undefined ? Date.now() : Date.parse(at),
    timeColumn: timeColumnFor(context.project.datasets, file, statistics),
  })
  const verdicts = await report(context, statistics, { anomalies, comparisons }, schema)
  if (verdicts.schema.stop) throw invalidData(anomalies, file, stopOn)
  if (anomalies.length === 0) context.log(`The data matches ${file}.`)
}

async function optionalStatistics(context: Context, name: string): Promise<Statistics | undefined> {
  const input = context.optionalInput(name)
  return input && (await readJsonFile(input, 'statistics.json', statisticsSchema))
}

/** Undefined where the step was not given the rows. SQL of the schema reaches them alone. */
async function onRows<T>(context: Context, work: (tables: Tables, path: string) => Promise<T>): Promise<T | undefined> {
  const data = context.optionalInput('data')
  if (data === undefined) return undefined
  const path = fileOf(data, 'data.parquet')
  return await withTables(
    async (tables) => {
      await tables.restrict({ files: [path] })
      return await work(tables, path)
    },
    { signal: context.signal, tempPath: join(context.scratchPath, 'spill') },
  )
}

/** Writes the report and says both verdicts in the log and as values, which conditions of other steps read. */
async function report(context: Context, statistics: Statistics, findings: Findings, schema?: DatasetSchema) {
  const { schema: file, environment, stopOn } = context.options
  const { anomalies, comparisons } = findings
  const found = schema && anomalies.length > 0 ? await examplesOf(context, anomalies, schema) : undefined
  const verdicts = verdictsOf(anomalies, comparisons, stopOn)
  const content: AnomalyReport = {
    schema: file,
    environment,
    rows: statistics.rows,
    anomalies: anomalies.map((anomaly, index) => ({ ...anomaly, ...(found && { rows: found[index] ?? null }) })),
    verdicts,
    comparisons,
  }
  await writeFile(context.output('anomalies').path('anomalies.json'), JSON.stringify(content, null, 2))
  for (const { type, description, severity } of anomalies) {
    context.log(`${type}: ${description}`, severity === 'ERROR' ? 'error' : 'warning')
  }
  const { values } = verdicts
  context.value('anomalies', anomalies.length)
  context.value('errors', verdicts.schema.errors)
  context.value('stop', verdicts.schema.stop)
  context.value('retrain', values.retrain)
  context.value('compared', values.compared)
  context.value('drifted', values.drifted)
  context.value('skewed', values.skewed)
  if (values.retrain) context.log(`Values moved: ${[...values.drifted, ...values.skewed].join(', ')}.`, 'warning')
  return verdicts
}

function examplesOf(context: Context, anomalies: readonly Anomaly[], schema: DatasetSchema) {
  return onRows(context, (tables, path) => findExamples(tables, [path], anomalies, schema))
}

function invalidData(all: readonly Anomaly[], file: string, stopOn: 'error' | 'warning' | 'never'): StopStep {
  const anomalies = all.filter((anomaly) => verdictsOf([anomaly], [], stopOn).schema.stop)
  const [first, ...others] = anomalies.map(({ type, description }) => `${type}: ${description}`)
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`
  return new StopStep('data-invalid', `${first ?? 'The data is not as expected.'}${more}`, {
    where: file,
    problems: anomalies.map((anomaly) => problemOf(anomaly, file)),
    next: 'Mend the data, quarantine the rows at fault, or change the schema if this is the new normal.',
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
