import { signatureSchema } from '#shared/models.ts'
import { defineComponent } from '../pipelines/component.ts'
import { withTables } from '../tables/duckdb.ts'
import { writeGolden } from '../training/golden.ts'
import { packageFiles, writePackage } from '../training/package.ts'
import { preparationSchema } from '../training/preparation/preparation.ts'
import { loadPreparedRows } from '../training/prepare.ts'
import { train as trainModel } from '../training/train.ts'
import { trainerOptionsSchema } from '../training/trainers/index.ts'
import { fileOf, linkFeatureManifest, readJsonFile } from './artifact-files.ts'

export const train = defineComponent({
  name: 'model/train',
  version: '2',
  summary: 'Trains a model on the training rows and keeps the weights of the epoch with the lowest validation loss.',
  inputs: { data: { types: ['prepared'], summary: 'What data/prepare made.' } },
  outputs: { model: { type: 'model', summary: 'The model package.' } },
  options: trainerOptionsSchema,
  cacheable: true,
  async run(context) {
    const data = context.input('data')
    const preparation = await readJsonFile(data, packageFiles.preparation, preparationSchema)
    const signature = await readJsonFile(data, 'signature.json', signatureSchema)
    const files = [fileOf(data, 'train.parquet'), fileOf(data, 'validation.parquet')] as const
    const [training, validation] = await withTables(
      async (tables) => {
        await tables.restrict({ files, folders: [context.scratchPath] })
        return [
          await loadPreparedRows(tables, files[0], preparation),
          await loadPreparedRows(tables, files[1], preparation),
        ] as const
      },
      { signal: context.signal, tempPath: context.scratchPath },
    )
    const trained = await trainModel({
      preparation,
      signature,
      training,
      validation,
      options: context.options,
      seed: context.seed,
      watch: context,
    })
    const { manifest } = trained.model
    const output = context.output('model')
    await writePackage(trained.model, (fileName) => output.path(fileName))
    await writeGolden(trained.model, (fileName) => output.path(fileName))
    output.link(packageFiles.trainingStatistics, data)
    linkFeatureManifest(data, output)
    context.log(
      `Trained on ${manifest.trainedRows.toLocaleString('en')} rows with ${manifest.environment.backend}; ` +
        `kept epoch ${trained.keptEpoch + 1} of ${trained.epochsRun}.`,
    )
    context.value('backend', manifest.environment.backend)
    context.value('validationMetrics', manifest.validationMetrics)
    context.value('epochs', trained.epochsRun)
  },
})
