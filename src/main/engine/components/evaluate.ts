import { z } from 'zod'
import { modelReferenceSchema, type TrainingScore } from '#shared/models.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { defineComponent, type InputArtifact, type StepContext } from '../pipelines/component.ts'
import { withTables } from '../tables/duckdb.ts'
import { evaluate as evaluateModel } from '../training/evaluate.ts'
import { writeJson } from '../training/package.ts'
import { predictionsFile, writePredictions } from '../training/predictions-file.ts'
import { loadRawRows } from '../training/prepare.ts'
import { type LoadedModel, loadModel } from '../training/runtime.ts'
import { scoreTraining } from '../training/training-score.ts'
import { modelReferences } from './model-references.ts'
import { modelFiles } from './step-model.ts'

const optionsSchema = z.strictObject({
  model: modelReferenceSchema
    .optional()
    .describe('A registered version, such as flight-delay@champion, in place of the input "model".'),
  slices: z.array(z.string()).default([]).describe('Columns by whose values the rows are also scored apart.'),
  importance: z
    .boolean()
    .default(true)
    .describe('Whether to measure how much the score falls when the values of one input are shuffled.'),
  training: z
    .boolean()
    .default(true)
    .describe('Whether to score the rows of the training part too, a sample of them where there are many.'),
})

export const evaluate = defineComponent({
  name: 'model/evaluate',
  version: '3',
  summary: 'Scores a model on rows it never saw: the test part, or all rows of a table.',
  inputs: {
    model: { types: ['model'], summary: 'The model; or name a registered one in the options.', optional: true },
    data: { types: ['prepared', 'splits', 'table'], summary: 'The rows: the test part of a split, or a table.' },
  },
  outputs: {
    evaluation: {
      type: 'evaluation',
      summary: 'Metrics overall and by slice, curves, the rows that were scored and what was predicted for them.',
    },
  },
  options: optionsSchema,
  // A registered version is named by an alias, which may have moved.
  cacheable: (options) => options.model === undefined,
  references: ({ model }) => modelReferences(model),
  async run(context) {
    const files = await modelFiles(context, 'to evaluate')
    const data = context.input('data')
    const rowsFile = testFile(data)
    const model = await loadModel(files)
    try {
      const { signature } = model.manifest
      const path = data.files.get(rowsFile) ?? ''
      const { batch, types } = await withTables(
        (tables) => loadRawRows(tables, path, signature, [signature.target, ...context.options.slices]),
        { signal: context.signal, tempPath: context.scratchPath },
      )
      context.progress(0.3, `scoring ${batch.length.toLocaleString('en')} rows`)
      const { evaluation, prediction } = await evaluateModel(model, batch, types, {
        slices: context.options.slices,
        ...(context.options.importance && {
          importance: {
            seed: context.seed,
            onProgress: (fraction: number) => context.progress(0.5 + fraction / 2, 'importance of the inputs'),
          },
        }),
        signal: context.signal,
      })
      if (evaluation.rows < batch.length) {
        const left = (batch.length - evaluation.rows).toLocaleString('en')
        context.log(
          `${left} rows are left out: their target is missing or of a class that the model does not know.`,
          'warning',
        )
      }
      const output = context.output('evaluation')
      const training = await trainingScore(context, model, data)
      await writeJson(output.path('evaluation.json'), { ...evaluation, ...(training !== undefined && { training }) })
      await writePredictions(output.path(predictionsFile), prediction)
      output.link('test.parquet', data, rowsFile)
      context.value('metrics', evaluation.metrics)
      context.value('rows', evaluation.rows)
      if (training !== undefined) context.value('trainingMetrics', training.metrics)
      for (const [name, value] of Object.entries(evaluation.metrics)) context.metric(name, 0, value)
    } finally {
      model.dispose()
    }
  },
})

/** M7: of both test and training rows. Undefined where the input holds no training part. */
async function trainingScore(
  context: StepContext<z.output<typeof optionsSchema>>,
  model: LoadedModel,
  data: InputArtifact,
): Promise<TrainingScore | undefined> {
  const path = data.files.get('train.parquet')
  if (path === undefined || !context.options.training) return undefined
  context.progress(0.95, 'scoring the training rows')
  const { seed, signal, scratchPath } = context
  const score = await scoreTraining(model, path, { seed, signal, tempPath: scratchPath })
  if (score.rows < score.of) {
    const [rows, of] = [score.rows, score.of].map((count) => count.toLocaleString('en'))
    context.log(`The score of the training part is that of ${rows} of its ${of} rows, drawn by chance.`)
  }
  return score
}

function testFile(data: InputArtifact): string {
  const names = [...data.files.keys()]
  const name = names.find((file) => file === 'test.parquet') ?? names.find((file) => file.endsWith('.parquet'))
  if (name !== undefined) return name
  throw new EsteiraError('artifact-corrupt', `The ${data.type} artifact of step "${data.step}" holds no rows.`, {
    where: data.step,
    allowed: names.join(', '),
  })
}
