import { writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { type DriftReport, driftMeasureSchema, type MultivariateDrift } from '#shared/drift.ts'
import { evaluationSchema, type Importance } from '#shared/models.ts'
import type { DatasetSchema } from '#shared/schema.ts'
import { sentence } from '#shared/sentences.ts'
import { type Statistics, statisticsSchema } from '#shared/statistics.ts'
import { comparable, type DriftOptions, defaultFalseAlarmRate } from '../data/drift/index.ts'
import { normalLimit } from '../data/drift/significance.ts'
import { defaultRetrainAbove, driftReport } from '../data/drift/summary.ts'
import { projectFile, readProjectFile } from '../data/project-file.ts'
import { parseSchema } from '../data/schema.ts'
import { comparatorOptions } from '../data/validation/value-skew.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { defineComponent, SkipStep, type StepContext } from '../pipelines/component.ts'
import { withTables } from '../tables/duckdb.ts'
import { classifyDomains } from '../training/domain-classifier.ts'
import { readTrainingStatistics } from '../training/package.ts'
import { fileOf, readJsonFile } from './artifact-files.ts'
import { modelReferences } from './model-references.ts'

const options = z.strictObject({
  against: z
    .string()
    .optional()
    .describe('A model version, as model@alias or model/version: compares with the data that it was trained on.'),
  schema: z
    .string()
    .optional()
    .describe(
      'A schema file: its "drift" comparators say by which measures and thresholds columns are compared, or that they are not.',
    ),
  thresholds: z
    .record(z.string(), z.number().min(0))
    .default({})
    .describe('Column to threshold, where not that of the schema or the default.'),
  measures: z
    .record(z.string(), driftMeasureSchema)
    .default({})
    .describe('Column to measure, where not that of the schema or the default.'),
  target: z
    .string()
    .optional()
    .describe('The column that is predicted, marked in the report. Default: the target of the model of "against".'),
  retrainAbove: z
    .number()
    .min(0)
    .max(1)
    .default(defaultRetrainAbove)
    .describe('Weighted drift beyond this asks for a retraining. From 0, none, to 1.'),
  falseAlarmRate: z
    .number()
    .min(0.000_001)
    .max(0.5)
    .default(defaultFalseAlarmRate)
    .describe(
      'How often, at most, data that does not drift may be reported to: the fewer rows, the higher the limits.',
    ),
  label: z.string().optional().describe('What the data is, for the report, e.g. "flights of March".'),
})
type Context = StepContext<z.output<typeof options>>

/** Tells how far data has moved from earlier data, such as that which the champion learned from. */
export const drift = defineComponent({
  name: 'data/drift',
  version: '3',
  summary: 'Compares data with earlier data, and says whether it moved so far that a model should be trained again.',
  inputs: {
    statistics: { types: ['statistics'], summary: 'The statistics of the data at hand.' },
    reference: {
      types: ['statistics', 'model'],
      summary: 'The statistics to compare with, or the model whose training data is meant, unless "against" is set.',
      optional: true,
    },
    evaluation: {
      types: ['evaluation'],
      summary: 'Of a model: how much it leans on each column is how much that column weighs. Default: of "against".',
      optional: true,
    },
    data: {
      types: ['table'],
      summary: 'The rows at hand: with those of "referenceData", a classifier looks for drift of columns together.',
      optional: true,
    },
    referenceData: { types: ['table'], summary: 'The rows to compare with.', optional: true },
  },
  outputs: { drift: { type: 'drift', summary: 'One comparison for each column and the verdict, as drift.json.' } },
  options,
  sources: async ({ schema }, project) => (schema === undefined ? [] : [await projectFile(schema, project.path)]),
  // Which version an alias names is state of the registry.
  cacheable: (options) => options.against === undefined,
  references: ({ against }) => modelReferences(against),
  async run(context) {
    const { label, falseAlarmRate, retrainAbove } = context.options
    const input = context.input('statistics')
    const schema = await schemaOf(context)
    const current = compared(await readJsonFile(input, 'statistics.json', statisticsSchema), schema)
    const reference = await findReference(context)
    const target = context.options.target ?? reference.target
    const multivariate = await classify(context, current, reference.statistics, target)
    const sides = { current: label ?? sentence('data-of-step', { step: input.step }), reference: reference.words }
    const report = driftReport(sides, current, reference.statistics, {
      ...comparators(context, schema, reference.statistics),
      target,
      importance: await findImportance(context, reference),
      falseAlarmRate,
      retrainAbove,
      multivariate,
    })
    await writeFile(context.output('drift').path('drift.json'), JSON.stringify(report, null, 2))
    tell(context, report)
  },
})

interface Reference {
  readonly statistics: Statistics
  readonly words: string
  readonly target?: string
  readonly importance?: Importance | undefined
}

async function findReference(context: Context): Promise<Reference> {
  const { against } = context.options
  const input = context.optionalInput('reference')
  if ((input === undefined) === (against === undefined)) {
    const detail = 'Exactly one of the input "reference" and the option "against" is needed.'
    throw new EsteiraError('invalid-usage', detail, { where: context.run.step })
  }
  if (input?.type === 'model') {
    const statistics = await readTrainingStatistics(input.files)
    return { statistics, words: sentence('training-data-of-step', { step: input.step }) }
  }
  if (input !== undefined) {
    const statistics = await readJsonFile(input, 'statistics.json', statisticsSchema)
    return { statistics, words: sentence('data-of-step', { step: input.step }) }
  }
  const named = against ?? ''
  const model = await context.services.resolveModel(named)
  if (model === undefined) throw new SkipStep(sentence('nothing-to-compare', { reference: named }))
  return {
    statistics: await readTrainingStatistics(model.files),
    words: sentence('training-data-of', { version: `${model.version.model} ${model.version.version}` }),
    target: model.version.signature.target,
    importance: model.importance,
  }
}

async function findImportance(context: Context, reference: Reference) {
  const input = context.optionalInput('evaluation')
  const { importance } = input ? await readJsonFile(input, 'evaluation.json', evaluationSchema) : reference
  if (importance === undefined) return undefined
  const { inputs, metric } = importance
  if (input !== undefined) return { inputs, words: sentence('importance-of-step', { metric, step: input.step }) }
  const version = reference.words.replace('training data of ', '')
  return { inputs, words: sentence('importance-of', { metric, version }) }
}

/** What the schema says of drift, where one is named. */
async function schemaOf({ options: { schema: file }, project }: Context): Promise<DatasetSchema | undefined> {
  return file === undefined ? undefined : parseSchema(await readProjectFile(file, project.path), file)
}

/** Without the columns that the schema does not want compared (`drift: false`). */
function compared(statistics: Statistics, schema: DatasetSchema | undefined): Statistics {
  const isLeftOut = (name: string) =>
    schema !== undefined && Object.hasOwn(schema.columns, name) && schema.columns[name]?.drift === false
  return { ...statistics, columns: statistics.columns.filter(({ name }) => !isLeftOut(name)) }
}

function comparators(context: Context, schema: DatasetSchema | undefined, reference: Statistics): DriftOptions {
  const { measures, thresholds } = context.options
  const known = new Set(reference.columns.map(({ name }) => name))
  const columns = Object.entries(schema?.columns ?? {}).filter(([name]) => known.has(name))
  const named = comparatorOptions(columns, 'drift')
  return { measures: { ...named.measures, ...measures }, thresholds: { ...named.thresholds, ...thresholds } }
}

/** Of the columns that both tables have alike, but instants, which always move on, and the target. */
async function classify(
  context: Context,
  current: Statistics,
  reference: Statistics,
  target: string | undefined,
): Promise<MultivariateDrift | undefined> {
  const [data, referenceData] = [context.optionalInput('data'), context.optionalInput('referenceData')]
  if (data === undefined || referenceData === undefined) return undefined
  const before = new Map(reference.columns.map((column) => [column.name, column]))
  const columns = current.columns.filter((column) => {
    const other = before.get(column.name)
    const usable = column.type !== 'timestamp' && column.type !== 'other' && column.missing < current.rows
    return usable && column.name !== target && other?.type === column.type && comparable(column, other)
  })
  context.progress(0.1, 'telling the rows apart')
  const tables = { signal: context.signal, tempPath: context.scratchPath }
  return await withTables(
    (open) =>
      classifyDomains(open, {
        current: fileOf(data, 'data.parquet'),
        reference: fileOf(referenceData, 'data.parquet'),
        columns: columns.map(({ name }) => name),
        scratchPath: context.scratchPath,
        seed: context.seed,
        signal: context.signal,
        deviations: normalLimit(context.options.falseAlarmRate),
      }),
    tables,
  )
}

function tell(context: Context, { results, summary, multivariate }: DriftReport): void {
  for (const { feature, measure, value, threshold, limit = threshold, drifted } of results) {
    const shown = value === null ? 'not comparable' : value.toFixed(4)
    context.log(`${feature}: ${measure} ${shown} (limit ${limit.toPrecision(3)})`, drifted ? 'warning' : 'info')
  }
  for (const reason of summary?.reasons ?? []) context.log(reason, 'warning')
  context.value('drifted', results.filter(({ drifted }) => drifted).length)
  context.value('weightedDrift', summary?.weightedDrift ?? 0)
  context.value('verdict', summary?.verdict ?? 'stable')
  if (multivariate !== undefined) context.value('domainAuc', multivariate.auc)
}
