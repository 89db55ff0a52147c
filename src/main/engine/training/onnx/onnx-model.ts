/** A loaded ONNX model: the same contract as a model that was trained here. */
import type { ModelManifest } from '#shared/models.ts'
import type { LoadedModel } from '../loaded-model.ts'
import { readJsonFile, usableFile } from '../package-files.ts'
import { bindingsSchema } from './bindings.ts'
import { incompleteRows, toFeeds, toPrediction } from './feeds.ts'
import { ModelHost } from './model-host.ts'

export const onnxFiles = { model: 'model.onnx', bindings: 'onnx.json' } as const

/** @throws EsteiraError `model-unusable` */
export async function openOnnxModel(
  manifest: ModelManifest,
  files: ReadonlyMap<string, string>,
  open: typeof ModelHost.open = ModelHost.open,
): Promise<LoadedModel> {
  const bindings = await readJsonFile(files, onnxFiles.bindings, bindingsSchema)
  const host = await open({ path: usableFile(files, onnxFiles.model), output: bindings.output.name })
  return {
    manifest,
    background: undefined,
    async predict(batch) {
      const { signature } = manifest
      if (batch.length === 0) return toPrediction(signature, bindings, 0, new Float64Array(0))
      const outputs = await host.run(toFeeds(bindings, batch))
      const width = outputs.length / batch.length
      for (const row of incompleteRows(bindings, batch)) outputs.fill(Number.NaN, row * width, (row + 1) * width)
      return toPrediction(signature, bindings, batch.length, outputs)
    },
    dispose: () => host.dispose(),
  }
}
