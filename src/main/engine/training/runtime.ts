/** Loaded models: the one way to predict, for evaluation, gate and serving. */
import { openBackground } from './background.ts'
import type { LoadedModel, Prediction } from './loaded-model.ts'
import { createForward } from './network/forward.ts'
import { logSumExp } from './network/loss.ts'
import { viewWeights } from './network/network.ts'
import { openOnnxModel } from './onnx/onnx-model.ts'
import { type ModelPackage, readManifest, readPackage } from './package.ts'
import { compilePreparation } from './preparation/apply.ts'
import { type Deriver, openDeriver } from './preparation/expressions.ts'

export type { LoadedModel, Prediction } from './loaded-model.ts'

/** Loads a model package (file name to absolute path). Throws `model-unusable` naming the file at fault. */
export async function loadModel(files: ReadonlyMap<string, string>): Promise<LoadedModel> {
  const manifest = await readManifest(files)
  return manifest.runtime === 'onnx' ? openOnnxModel(manifest, files) : openModel(await readPackage(files))
}

export async function openModel(model: ModelPackage): Promise<LoadedModel> {
  const { manifest, preparation, shape, weights, background } = model
  const encode = compilePreparation(preparation)
  const forward = createForward(shape, viewWeights(shape, weights))
  const deriver: Deriver | undefined = preparation.expressions.length === 0 ? undefined : await openDeriver(preparation)
  return {
    manifest,
    background: background && openBackground(background, manifest.signature),
    async predict(batch) {
      const complete = deriver === undefined ? batch : await deriver.derive(batch)
      return toPrediction(model, forward(encode(complete)))
    },
    dispose: () => void deriver?.dispose().catch(() => undefined),
  }
}

/** Raw outputs of the network as probabilities or values. */
export function toPrediction(
  { manifest, preparation }: Pick<ModelPackage, 'manifest' | 'preparation'>,
  outputs: Float64Array,
): Prediction {
  const { task, classes } = manifest.signature
  if (task === 'regression') {
    const { mean, deviation } = preparation.target
    return { kind: 'values', values: outputs.map((output) => output * deviation + mean) }
  }
  return {
    kind: 'probabilities',
    classes,
    probabilities: task === 'binary' ? sigmoids(outputs) : softmaxes(outputs, classes.length),
  }
}

/** [negative, positive] per logit. */
function sigmoids(logits: Float64Array): Float64Array {
  const probabilities = new Float64Array(logits.length * 2)
  logits.forEach((logit, row) => {
    const positive = 1 / (1 + Math.exp(-logit))
    probabilities[row * 2] = 1 - positive
    probabilities[row * 2 + 1] = positive
  })
  return probabilities
}

function softmaxes(logits: Float64Array, classes: number): Float64Array {
  const probabilities = new Float64Array(logits.length)
  for (let row = 0; row < logits.length; row += classes) {
    const total = logSumExp(logits, row, classes)
    for (let index = row; index < row + classes; index++) probabilities[index] = Math.exp((logits[index] ?? 0) - total)
  }
  return probabilities
}
