import type { Signature } from '#shared/models.ts'
import { computeStatistics } from '../data/statistics.ts'
import { defineComponent, type InputArtifact } from '../pipelines/component.ts'
import { parquetSource, quoteIdentifier, type Tables, withTables } from '../tables/duckdb.ts'
import { packageFiles, writeJson } from '../training/package.ts'
import { fitPreparation, prepareOptionsSchema } from '../training/prepare.ts'
import { fileOf } from './artifact-files.ts'

const parts = ['train.parquet', 'validation.parquet', 'test.parquet'] as const

/** Fits on the training rows alone; the three parts are passed on unchanged, for the model to prepare rows itself. */
export const prepare = defineComponent({
  name: 'data/prepare',
  version: '2',
  summary: 'Fits imputation, scaling, category codes, date parts and derived columns on the training rows.',
  inputs: { data: { types: ['splits'], summary: 'Rows split for training, validation and test.' } },
  outputs: { prepared: { type: 'prepared', summary: 'The fitted preparation, the signature and the three parts.' } },
  options: prepareOptionsSchema,
  cacheable: true,
  async run(context) {
    const data = context.input('data')
    const trainPath = fileOf(data, 'train.parquet')
    const output = context.output('prepared')
    await withTables(
      async (tables) => {
        await tables.restrict({ files: [trainPath], folders: [context.scratchPath] })
        const { preparation, signature, ignored } = await fitPreparation(tables, trainPath, context.options)
        for (const name of ignored)
          context.log(`The column "${name}" is left out: lists, structs and binary data cannot be features.`, 'warning')
        context.progress(0.6, 'statistics of the training rows')
        const statistics = await trainingStatistics(tables, trainPath, signature)
        await writeJson(output.path(packageFiles.preparation), preparation)
        await writeJson(output.path('signature.json'), signature)
        await writeJson(output.path(packageFiles.trainingStatistics), statistics)
        context.value('task', signature.task)
        context.value('classes', signature.classes)
        context.value('features', preparation.features.length)
      },
      { signal: context.signal, tempPath: context.scratchPath },
    )
    linkParts(data, output)
  },
})

function linkParts(data: InputArtifact, output: { link(fileName: string, from: InputArtifact): void }): void {
  for (const part of parts) {
    if (data.files.has(part)) output.link(part, data)
  }
}

/** Of the inputs as they come, and of the target: new rows will be compared with them. */
async function trainingStatistics(tables: Tables, trainPath: string, { inputs, target }: Signature) {
  const columns = [...inputs.map(({ name }) => name), target].map(quoteIdentifier).join(', ')
  return await computeStatistics(tables, `select ${columns} from ${parquetSource(trainPath)}`)
}
