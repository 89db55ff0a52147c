import { writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { type DriftReport, driftMeasureSchema } from '#shared/drift.ts'
import { type Statistics, statisticsSchema } from '#shared/statistics.ts'
import { compareStatistics } from '../data/drift/index.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { defineComponent, SkipStep, type StepContext } from '../pipelines/component.ts'
import { readTrainingStatistics } from '../training/package.ts'
import { readJsonFile } from './artifact-files.ts'
import { modelReferences } from './model-references.ts'

const options = z.strictObject({
  against: z
    .string()
    .optional()
    .describe('A model version, as model@alias or model/version: compares with the data that it was trained on.'),
  thresholds: z
    .record(z.string(), z.number().min(0))
    .default({})
    .describe('Column to threshold, where not the default.'),
  measures: z.record(z.string(), driftMeasureSchema).default({}).describe('Column to measure, where not the default.'),
  label: z.string().optional().describe('What the data is, for the report, e.g. "flights of March".'),
})

/** Tells how far data has moved from earlier data, such as that which the champion learned from. */
export const drift = defineComponent({
  name: 'data/drift',
  version: '2',
  summary: 'Compares the statistics of data with those of earlier data.',
  inputs: {
    statistics: { types: ['statistics'], summary: 'The statistics of the data at hand.' },
    reference: {
      types: ['statistics', 'model'],
      summary: 'The statistics to compare with, or the model whose training data is meant, unless "against" is set.',
      optional: true,
    },
  },
  outputs: { drift: { type: 'drift', summary: 'One comparison for each column, as drift.json.' } },
  options,
  // Which version an alias names is state of the registry.
  cacheable: (options) => options.against === undefined,
  references: ({ against }) => modelReferences(against),
  async run(context) {
    const { thresholds, measures, label } = context.options
    const input = context.input('statistics')
    const current = await readJsonFile(input, 'statistics.json', statisticsSchema)
    const reference = await findReference(context)
    const results = compareStatistics(current, reference.statistics, { thresholds, measures })
    const report: DriftReport = {
      current: label ?? `data of the step "${input.step}"`,
      reference: reference.words,
      currentRows: current.rows,
      referenceRows: reference.statistics.rows,
      results,
    }
    await writeFile(context.output('drift').path('drift.json'), JSON.stringify(report, null, 2))
    for (const { feature, measure, value, threshold, drifted } of results) {
      const shown = value === null ? 'not comparable' : value.toFixed(4)
      context.log(`${feature}: ${measure} ${shown} (threshold ${threshold})`, drifted ? 'warning' : 'info')
    }
    context.value('drifted', results.filter(({ drifted }) => drifted).length)
  },
})

async function findReference(
  context: StepContext<z.output<typeof options>>,
): Promise<{ statistics: Statistics; words: string }> {
  const { against } = context.options
  const input = context.optionalInput('reference')
  if ((input === undefined) === (against === undefined)) {
    throw new EsteiraError(
      'invalid-usage',
      'Exactly one of the input "reference" and the option "against" is needed.',
      {
        where: context.run.step,
      },
    )
  }
  if (input?.type === 'model') {
    const statistics = await readTrainingStatistics(input.files)
    return { statistics, words: `training data of the step "${input.step}"` }
  }
  if (input !== undefined) {
    const statistics = await readJsonFile(input, 'statistics.json', statisticsSchema)
    return { statistics, words: `data of the step "${input.step}"` }
  }
  const model = await context.services.resolveModel(against ?? '')
  if (model === undefined) throw new SkipStep(`There is no ${against} yet to compare with.`)
  const name = `${model.version.model} ${model.version.version}`
  return { statistics: await readTrainingStatistics(model.files), words: `training data of ${name}` }
}
