import { z } from 'zod'
import { modelReferenceSchema } from '#shared/models.ts'
import { defineComponent, type StepContext, StopStep } from '../pipelines/component.ts'
import { type PredictedTable, predictTable } from '../training/batch/predict-table.ts'
import { writeJson } from '../training/package.ts'
import { loadModel } from '../training/runtime.ts'
import { fileOf } from './artifact-files.ts'
import { modelReferences } from './model-references.ts'
import { modelFiles } from './step-model.ts'

const optionsSchema = z.strictObject({
  model: modelReferenceSchema
    .optional()
    .describe('A registered version, such as flight-delay@champion, in place of the input "model".'),
  keep: z
    .array(z.string())
    .optional()
    .describe('The columns of the rows to keep beside the answers, such as keys. Default: all.'),
  score: z.boolean().default(true).describe('Whether to score the answers where the rows have the target.'),
  maxFailed: z
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe('The largest share of rows that may not be predictable; beyond it the step fails.'),
})

/** Percent of progress between two messages. */
const progressStep = 0.01

/** Predicts all rows of a table, for consumers that need no answer at once. */
export const predict = defineComponent({
  name: 'model/predict',
  version: '1',
  summary: 'Predicts every row of a table into another (batch prediction).',
  inputs: {
    model: { types: ['model'], summary: 'The model; or name a registered one in the options.', optional: true },
    data: { types: ['table'], summary: 'The rows.' },
  },
  outputs: {
    predictions: {
      type: 'table',
      summary:
        'data.parquet: the columns kept, "prediction", for classes "probability" and one column per class, and "problem", ' +
        'which says why a row could not be predicted.',
    },
    report: { type: 'file', summary: 'report.json: how many rows, why some could not be predicted, and metrics.' },
  },
  options: optionsSchema,
  // A version is for good; an alias may have moved.
  cacheable: ({ model }) => model === undefined || !model.includes('@'),
  references: ({ model }) => modelReferences(model),
  async run(context) {
    const { keep, score } = context.options
    const files = await modelFiles(context, 'to predict with')
    const input = fileOf(context.input('data'), 'data.parquet')
    const output = context.output('predictions').path('data.parquet')
    const model = await loadModel(files)
    let told = 0
    try {
      const { seed, signal, scratchPath } = context
      const onProgress = (fraction: number, rows: number) => {
        if (fraction - told < progressStep) return
        told = fraction
        context.progress(fraction, `${rows.toLocaleString('en')} rows predicted`)
      }
      await tell(
        context,
        await predictTable({ model, input, output, keep, score, seed, signal, scratchPath, onProgress }),
      )
    } finally {
      model.dispose()
    }
  },
})

async function tell(context: StepContext<z.output<typeof optionsSchema>>, { report, hidden }: PredictedTable) {
  const { rows, predicted, failed, problems, scores } = report
  await writeJson(context.output('report').path('report.json'), report)
  if (hidden.length > 0)
    context.log(`Not kept, as the answer has columns of the same name: ${hidden.join(', ')}.`, 'warning')
  for (const { problem, rows: count, first } of problems) {
    context.log(
      `${count} rows could not be predicted: ${problem} (row ${first.join(', ')}${count > first.length ? ', …' : ''})`,
      'warning',
    )
  }
  context.value('rows', rows)
  context.value('predicted', predicted)
  context.value('failed', failed)
  if (scores !== undefined) {
    context.value('metrics', scores.metrics)
    for (const [name, value] of Object.entries(scores.metrics)) context.metric(name, 0, value)
  }
  const { maxFailed } = context.options
  if (failed <= maxFailed * rows) return
  throw new StopStep('data-invalid', `${failed} of ${rows} rows could not be predicted.`, {
    where: `${context.run.step}.with.maxFailed`,
    found: String(failed / rows),
    allowed: `at most ${maxFailed}`,
    next: 'Look at the warnings in the log; mend the rows or raise maxFailed.',
  })
}
