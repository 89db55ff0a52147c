/** Makes a model package of an ONNX file that was made elsewhere. */
import { readFile, writeFile } from 'node:fs/promises'
import type { ModelManifest, OnnxHint, Signature } from '#shared/models.ts'
import { writeJson } from '../package.ts'
import { packageFiles } from '../package-files.ts'
import { rowsToBatch } from '../rows.ts'
import { bind } from './bind.ts'
import { readOnnx } from './graph.ts'
import { onnxFiles, openOnnxModel } from './onnx-model.ts'

export interface OnnxImport {
  /** Absolute path of the ONNX file. */
  readonly source: string
  readonly hint: OnnxHint
  readonly environment: Pick<ModelManifest['environment'], 'esteira' | 'node' | 'platform' | 'seed'>
}

/**
 * Writes the files of the package and tries it on a row.
 * @param path gives the absolute path of a file of the package
 * @throws EsteiraError `model-unusable`, `parameter-invalid` for a hint that does not fit the graph
 */
export async function importOnnx(
  { source, hint, environment }: OnnxImport,
  path: (fileName: string) => string,
): Promise<ModelManifest> {
  const { graph, bytes } = readOnnx(await readFile(source))
  const { signature, bindings } = bind(graph, hint)
  const manifest: ModelManifest = {
    formatVersion: 1,
    runtime: 'onnx',
    trainer: graph.producer === '' ? 'elsewhere' : graph.producer,
    signature,
    validationMetrics: {},
    trainedRows: 0,
    environment: { ...environment, backend: 'onnxruntime-web wasm' },
  }
  const files = new Map([packageFiles.manifest, onnxFiles.bindings, onnxFiles.model].map((name) => [name, path(name)]))
  await writeJson(path(packageFiles.manifest), manifest)
  await writeJson(path(onnxFiles.bindings), bindings)
  await writeFile(path(onnxFiles.model), bytes)
  await tryRow(manifest, files, signature)
  return manifest
}

async function tryRow(
  manifest: ModelManifest,
  files: ReadonlyMap<string, string>,
  signature: Signature,
): Promise<void> {
  const model = await openOnnxModel(manifest, files)
  try {
    const row = signature.inputs.map(({ name, type }) => [name, type === 'text' ? '' : type === 'boolean' ? false : 1])
    await model.predict(rowsToBatch(signature, [Object.fromEntries(row)]))
  } finally {
    model.dispose()
  }
}
