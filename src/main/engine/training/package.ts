/**
 * The model package: a folder of plain files.
 *
 * - `manifest.json`: what the model is, how it was made
 * - `preparation.json`: raw rows to numbers
 * - `network.json`, `weights.bin`: the network; weights are little-endian float32 in the order of `weightLengths`
 * - `training-statistics.json`: the statistics of inputs and target in the training rows, for drift
 * - `background.json`: some training rows, for explanations; packages made before there were any lack it
 * - `golden.json`: requests with their answers, for the check before a deployment; likewise
 *
 * A model that was made elsewhere has `model.onnx` and `onnx.json` (see onnx/bindings.ts) in place of all but the manifest.
 */
import { writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { type ModelManifest, modelManifestSchema } from '#shared/models.ts'
import { type Statistics, statisticsSchema } from '#shared/statistics.ts'
import { type BackgroundFile, backgroundFileSchema } from './background.ts'
import { type NetworkShape, networkShapeSchema, totalWeights } from './network/network.ts'
import { packageFiles, readBytes, readJsonFile, unusable } from './package-files.ts'
import { firstVocabularyCode, type Preparation, preparationSchema } from './preparation/preparation.ts'

export interface ModelPackage {
  readonly manifest: ModelManifest
  readonly preparation: Preparation
  readonly shape: NetworkShape
  readonly weights: Float32Array
  readonly background?: BackgroundFile | undefined
}

const networkFileSchema = z.object({ formatVersion: z.literal(1), shape: networkShapeSchema })

/** Writes all files but the training statistics. `path` gives the absolute path of a file of the package. */
export async function writePackage(model: ModelPackage, path: (fileName: string) => string): Promise<void> {
  const { manifest, preparation, shape, weights, background } = model
  await writeJson(path(packageFiles.manifest), manifest)
  await writeJson(path(packageFiles.preparation), preparation)
  await writeJson(path(packageFiles.network), { formatVersion: 1, shape })
  const bytes = Buffer.alloc(weights.length * 4)
  weights.forEach((weight, index) => void bytes.writeFloatLE(weight, index * 4))
  await writeFile(path(packageFiles.weights), bytes)
  if (background !== undefined) await writeFile(path(packageFiles.background), JSON.stringify(background))
}

export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`)
}

/** Says what the model is, whatever its runtime. Throws `model-unusable` as `readPackage` does. */
export function readManifest(files: ReadonlyMap<string, string>): Promise<ModelManifest> {
  return readJsonFile(files, packageFiles.manifest, modelManifestSchema)
}

/** Reads and checks a package of a network. Throws `model-unusable` naming the file that is missing or not as it should be. */
export async function readPackage(files: ReadonlyMap<string, string>): Promise<ModelPackage> {
  const manifest = await readManifest(files)
  if (manifest.runtime !== 'tfjs') throw unusable(packageFiles.manifest, `asks for the runtime "${manifest.runtime}"`)
  const preparation = await readJsonFile(files, packageFiles.preparation, preparationSchema)
  const { shape } = await readJsonFile(files, packageFiles.network, networkFileSchema)
  checkFit(manifest, preparation, shape)
  const weights = await readWeights(files, totalWeights(shape))
  const background = files.has(packageFiles.background)
    ? await readJsonFile(files, packageFiles.background, backgroundFileSchema)
    : undefined
  return { manifest, preparation, shape, weights, background }
}

/** What the training rows looked like. Throws `model-unusable` when the package does not hold it. */
export function readTrainingStatistics(files: ReadonlyMap<string, string>): Promise<Statistics> {
  return readJsonFile(files, packageFiles.trainingStatistics, statisticsSchema)
}

/** That the three descriptions speak of the same model: a mixed-up package must not answer. */
function checkFit(manifest: ModelManifest, preparation: Preparation, shape: NetworkShape): void {
  const { task, classes, inputs } = manifest.signature
  const outputs = task === 'multiclass' ? classes.length : 1
  if (shape.outputs !== outputs)
    throw unusable(packageFiles.network, `has ${shape.outputs} outputs where the signature needs ${outputs}`)
  const vocabularies = preparation.features
    .filter((feature) => feature.kind === 'categorical')
    .map((feature) => feature.vocabulary.length)
  const fits =
    shape.cardinalities.length === vocabularies.length &&
    vocabularies.every((length, index) => shape.cardinalities[index] === length + firstVocabularyCode)
  if (!fits) throw unusable(packageFiles.network, 'does not fit the categories of preparation.json')
  const names = new Set(inputs.map(({ name }) => name))
  const stray = preparation.inputs.find(({ name }) => !names.has(name))
  if (stray !== undefined) throw unusable(packageFiles.preparation, `reads "${stray.name}", which the signature lacks`)
}

async function readWeights(files: ReadonlyMap<string, string>, expected: number): Promise<Float32Array> {
  const bytes = await readBytes(files, packageFiles.weights)
  if (bytes.length !== expected * 4) {
    throw unusable(packageFiles.weights, `has ${bytes.length} bytes where network.json needs ${expected * 4}`)
  }
  const weights = Float32Array.from({ length: expected }, (_, index) => bytes.readFloatLE(index * 4))
  if (!weights.every(Number.isFinite))
    throw unusable(packageFiles.weights, 'holds a weight that is not a finite number')
  return weights
}

export { packageFiles } from './package-files.ts'
