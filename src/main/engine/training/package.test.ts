import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { initialWeights, type NetworkShape } from './network/network.ts'
import { type ModelPackage, readPackage, writePackage } from './package.ts'
import { createRandom } from './random.ts'
import { rowsToBatch } from './rows.ts'
import { loadModel } from './runtime.ts'

const shape: NetworkShape = { width: 1, cardinalities: [4], embeddingWidth: 2, hidden: [3], outputs: 3 }
const model: ModelPackage = {
  manifest: {
    formatVersion: 1,
    runtime: 'tfjs',
    trainer: 'neural-network',
    signature: {
      inputs: [
        { name: 'distance', type: 'number', required: true },
        { name: 'origin', type: 'text', required: true },
      ],
      target: 'kind',
      task: 'multiclass',
      classes: ['a', 'b', 'c'],
    },
    validationMetrics: { accuracy: 0.9 },
    trainedRows: 10,
    environment: { esteira: '0', node: 'v24', platform: 'linux', backend: 'tfjs', seed: 1 },
  },
  preparation: {
    formatVersion: 1,
    inputs: [
      { name: 'distance', type: 'number' },
      { name: 'origin', type: 'text' },
    ],
    expressions: [],
    features: [
      {
        kind: 'numeric',
        column: 'distance',
        fill: 0,
        missingIndicator: false,
        scaling: { method: 'linear', center: 0, spread: 100, low: null, high: null },
      },
      { kind: 'categorical', column: 'origin', vocabulary: ['ATL', 'SAV'] },
    ],
    target: { name: 'kind', mean: 0, deviation: 1 },
  },
  shape,
  weights: initialWeights(shape, [0.1, 0.2, 0.3], createRandom(1)),
}

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'esteira-package-'))
  await writePackage(model, (name) => join(folder, name))
})
afterEach(() => rm(folder, { recursive: true, force: true }))
async function files(): Promise<Map<string, string>> {
  return new Map((await readdir(folder)).map((name) => [name, join(folder, name)]))
}

describe('a model package', () => {
  test('reads as it was written', async () => {
    expect(await readPackage(await files())).toEqual(model)
  })

  test('predicts probabilities that sum to one', async () => {
    const loaded = await loadModel(await files())
    const prediction = await loaded.predict(rowsToBatch(loaded.manifest.signature, [{ distance: 300, origin: 'XXX' }]))
    if (prediction.kind !== 'probabilities') throw new Error('Classes were expected.')
    expect(prediction.classes).toEqual(['a', 'b', 'c'])
    expect(prediction.probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12)
  })

  const change = async (name: string, edit: (text: string) => string) => {
    const path = join(folder, name)
    await writeFile(path, edit(await readFile(path, 'utf8')))
  }
  test.each([
    ['manifest.json', 'cut short', () => change('manifest.json', (text) => text.slice(0, 50))],
    [
      'manifest.json',
      'of another format',
      () => change('manifest.json', (text) => text.replace('"formatVersion": 1', '"formatVersion": 2')),
    ],
    [
      'onnx.json',
      'of another runtime missing',
      () => change('manifest.json', (text) => text.replace('"tfjs"', '"onnx"')),
    ],
    [
      'preparation.json',
      'of another form',
      () => change('preparation.json', (text) => text.replace('"spread": 100', '"spread": 0')),
    ],
    [
      'preparation.json',
      'of other inputs',
      () => change('preparation.json', (text) => text.replaceAll('"distance"', '"length"')),
    ],
    [
      'network.json',
      'of other outputs',
      () => change('network.json', (text) => text.replace('"outputs": 3', '"outputs": 2')),
    ],
    [
      'network.json',
      'of other categories',
      () => change('preparation.json', (text) => text.replace('"SAV"', '"SAV", "ORD"')),
    ],
    ['weights.bin', 'too short', () => writeFile(join(folder, 'weights.bin'), Buffer.alloc(8))],
    [
      'weights.bin',
      'not finite',
      () => writeFile(join(folder, 'weights.bin'), Buffer.alloc(model.weights.length * 4, 0xff)),
    ],
    ['weights.bin', 'missing', () => rm(join(folder, 'weights.bin'))],
  ])('with %s %s is refused by name', async (name, _, damage) => {
    await damage()
    await expect(loadModel(await files())).rejects.toMatchObject({ code: 'model-unusable', context: { where: name } })
  })
})
