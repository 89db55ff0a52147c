import { type FeatureManifest, featureManifestFile } from '#shared/features.ts'
import type { Signature } from '#shared/models.ts'
import { computeStatistics } from '../data/statistics.ts'
import { defineComponent, type InputArtifact, type OutputArtifact } from '../pipelines/component.ts'
import { parquetSource, quoteIdentifier, type Tables, withTables } from '../tables/duckdb.ts'
import { packageFiles, writeJson } from '../training/package.ts'
import { fitPreparation, prepareOptionsSchema } from '../training/prepare.ts'
import { fileOf, readFeatureManifest } from './artifact-files.ts'

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
    const manifest = await readFeatureManifest(data)
    const output = context.output('prepared')
    await withTables(
      async (tables) => {
        await tables.restrict({ files: [trainPath], folders: [context.scratchPath] })
        const { preparation, signature: fitted, ignored } = await fitPreparation(tables, trainPath, context.options)
        const signature = withOptional(fitted, manifest)
        for (const name of ignored)
          context.log(`The column "${name}" is left out: lists, structs and binary data cannot be features.`, 'warning')
        context.progress(0.6, 'statistics of the training rows')
        const statistics = await trainingStatistics(tables, trainPath, signature)
        await writeJson(output.path(packageFiles.preparation), preparation)
        await writeJson(output.path('signature.json'), signature)
        await writeJson(output.path(packageFiles.trainingStatistics), statistics)
        await writeManifest(manifest, signature, output)
        context.value('task', signature.task)
        context.value('classes', signature.classes)
        context.value('features', preparation.features.length)
      },
      { signal: context.signal, tempPath: context.scratchPath },
    )
    linkParts(data, output)
  },
})

/** A request may leave out what is looked up for it, and what is looked up may not be there. */
function withOptional(signature: Signature, manifest: FeatureManifest | undefined): Signature {
  const lookedUp = new Set(manifest?.features.map(({ column }) => column))
  const inputs = signature.inputs.map((input) => (lookedUp.has(input.name) ? { ...input, required: false } : input))
  return { ...signature, inputs }
}

/** Of the features that the rows came with, those that the model reads. */
async function writeManifest(
  manifest: FeatureManifest | undefined,
  { inputs }: Signature,
  output: OutputArtifact,
): Promise<void> {
  if (manifest === undefined) return
  const read = new Set(inputs.map(({ name }) => name))
  const features = manifest.features.filter(({ column }) => read.has(column))
  if (features.length > 0) await writeJson(output.path(featureManifestFile), { ...manifest, features })
}

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
