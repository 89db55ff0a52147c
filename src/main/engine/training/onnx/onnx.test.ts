/** Models of scikit-learn, LightGBM, XGBoost and a bare network, held to what those answered: see testing/make-models.py. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { onnxHintSchema } from '#shared/models.ts'
import { rowsToBatch } from '../rows.ts'
import { loadModel } from '../runtime.ts'
import { bind } from './bind.ts'
import { readOnnx } from './graph.ts'
import { importOnnx } from './import.ts'
import { ModelHost } from './model-host.ts'

const testing = join(import.meta.dirname, 'testing')
const expectedSchema = z.object({
  numbers: z.array(z.tuple([z.number(), z.number(), z.number()])),
  origin: z.array(z.string()),
  models: z.record(
    z.string(),
    z.object({ probabilities: z.array(z.array(z.number())).optional(), values: z.array(z.number()).optional() }),
  ),
})
type Expected = z.output<typeof expectedSchema>

let folder = ''
let expected: Expected = { numbers: [], origin: [], models: {} }
let made = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'esteira-onnx-'))
  expected = expectedSchema.parse(JSON.parse(await readFile(join(testing, 'expected.json'), 'utf8')))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function imported(name: string, hint: object = {}) {
  const place = join(folder, String(made++))
  await mkdir(place)
  const files = new Map<string, string>()
  const environment = { esteira: '0', node: '24', platform: 'test', seed: 1 }
  const source = name.includes('/') ? name : join(testing, `${name}.onnx`)
  const manifest = await importOnnx({ source, hint: onnxHintSchema.parse(hint), environment }, (file) => {
    files.set(file, join(place, file))
    return join(place, file)
  })
  return { manifest, files }
}

const plainRow = ([f0, f1, f2]: [number, number, number]) => ({ f0, f1, f2 })

describe('a model that was made elsewhere', () => {
  it.each([
    ['sklearn-columns', { task: 'binary', classes: ['0', '1'], trainer: /^skl2onnx 1\./ }],
    ['sklearn-forest', { task: 'multiclass', classes: ['setosa', 'versicolor', 'virginica'], trainer: /^skl2onnx/ }],
    ['sklearn-regressor', { task: 'regression', classes: [], trainer: /^skl2onnx/ }],
    ['lightgbm', { task: 'binary', classes: ['0', '1'], trainer: /^OnnxMLTools/ }],
    ['xgboost', { task: 'binary', classes: ['0', '1'], trainer: /^OnnxMLTools/ }],
  ])(
    '%s answers what it answered where it was made',
    async (name, { task, classes, trainer }) => {
      const { manifest, files } = await imported(name)
      expect(manifest).toMatchObject({ runtime: 'onnx', signature: { task, classes, target: 'target' } })
      expect(manifest.trainer).toMatch(trainer)
      const rows = expected.numbers.map((numbers, row) =>
        name === 'sklearn-columns'
          ? { distance: numbers[0], delay: numbers[1], origin: expected.origin[row] }
          : plainRow(numbers),
      )
      const model = await loadModel(files)
      const prediction = await model.predict(rowsToBatch(manifest.signature, rows))
      model.dispose()
      const { probabilities, values } = expected.models[name] ?? {}
      const answered = prediction.kind === 'values' ? prediction.values : prediction.probabilities
      const wanted = prediction.kind === 'values' ? (values ?? []) : (probabilities ?? []).flat()
      expect(answered).toHaveLength(wanted.length)
      // ONNX computes these in single precision.
      for (const [index, value] of wanted.entries()) expect(answered[index]).toBeCloseTo(value, 5)
    },
    60_000,
  )

  it('says in the signature what the graph leaves open', async () => {
    const inputs = [{ name: 'speed' }, { name: 'height', required: false }, { name: 'age', type: 'integer' }]
    const { manifest, files } = await imported('network', { target: 'late', task: 'binary', inputs })
    expect(manifest.signature).toEqual({
      inputs: [
        { name: 'speed', type: 'number', required: true },
        { name: 'height', type: 'number', required: false },
        { name: 'age', type: 'integer', required: true },
      ],
      target: 'late',
      task: 'binary',
      classes: ['false', 'true'],
    })
    const model = await loadModel(files)
    const [speed, height, age] = [1, 2, 3]
    const answer = await model.predict(rowsToBatch(manifest.signature, [{ speed, height, age }]))
    model.dispose()
    const positive = 1 / (1 + Math.exp(-(1 + 0.5 * 2 - 0.25 * 3 + 0.1)))
    expect(answer).toMatchObject({ kind: 'probabilities', classes: ['false', 'true'] })
    if (answer.kind === 'probabilities') expect(answer.probabilities[1]).toBeCloseTo(positive, 6)
    expect((await imported('network')).manifest.signature.task).toBe('regression')
  }, 60_000)

  it.each([
    [{ inputs: [{ name: 'a' }] }, /3 columns, but 1 are named/],
    [{ task: 'multiclass' }, /does not name its classes/],
    [{ classes: ['a', 'b', 'c'] }, /gives 1 probabilities a row, but there are 3 classes/],
    [{ inputs: ['a', 'b', 'c'].map((name) => ({ name, type: 'text' })) }, /takes number values for "a", not text/],
  ])('a hint that does not fit is refused: %j', async (hint, message) => {
    const { graph } = readOnnx(await readFile(join(testing, 'network.onnx')))
    expect(() => bind(graph, onnxHintSchema.parse(hint))).toThrow(message)
  })

  it('a file that is no model, or cut off, is refused, whatever its bytes', async () => {
    const whole = await readFile(join(testing, 'lightgbm.onnx'))
    const refused = (bytes: Uint8Array) => {
      try {
        bind(readOnnx(bytes).graph, onnxHintSchema.parse({}))
      } catch (error) {
        expect(error).toMatchObject({ code: expect.stringMatching(/^(model-unusable|parameter-invalid)$/) })
      }
    }
    fc.assert(fc.property(fc.nat(whole.length - 1), (length) => refused(whole.subarray(0, length))))
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), refused))
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
        const changed = Uint8Array.from(whole)
        changed[at] = byte
        refused(changed)
      }),
    )
    const broken = join(folder, 'broken.onnx')
    await writeFile(
      broken,
      Buffer.from(whole.toString('latin1').replace('TreeEnsembleClassifier', 'TreeEnsembleClassifiex'), 'latin1'),
    )
    await expect(imported(broken)).rejects.toMatchObject({ code: 'model-unusable' })
  }, 60_000)
})

describe('ModelHost', () => {
  const numbers = (...data: number[]) => ({
    x: { type: 'float32', data: Float32Array.from(data), shape: [data.length, 1] } as const,
  })
  const limits = { loadMs: 60_000, callMs: 2_000, restartMs: [50] }

  it('ends a model that hangs, refuses meanwhile and goes on', async () => {
    const host = await ModelHost.open({ path: join(testing, 'hanging.onnx'), output: 'y' }, limits)
    expect(await host.run(numbers(1, 2))).toEqual(Float64Array.of(1, 2))
    const hanging = host.run(numbers(1e6))
    const next = host.run(numbers(3))
    await expect(hanging).rejects.toMatchObject({
      code: 'endpoint-not-ready',
      context: { found: 'It gave no answer within 2000 ms.' },
    })
    await expect(next).rejects.toMatchObject({ code: 'endpoint-not-ready' })
    await expect
      .poll(() => host.run(numbers(4)).catch(() => undefined), { timeout: 30_000 })
      .toEqual(Float64Array.of(4))
    host.dispose()
  }, 60_000)

  it('starts a model again whose thread dies', async () => {
    const entry = new URL('./testing/crashing-host-thread.ts', import.meta.url)
    const host = await ModelHost.open({ path: '', output: '' }, limits, entry)
    await expect(host.run(numbers(2_000))).rejects.toMatchObject({
      code: 'endpoint-not-ready',
      context: { found: 'Its thread ended with code 139.' },
    })
    await expect
      .poll(() => host.run(numbers(5)).catch(() => undefined), { timeout: 30_000 })
      .toEqual(Float64Array.of(5))
    host.dispose()
  }, 60_000)

  it('tells values that the model cannot take, and goes on', async () => {
    const host = await ModelHost.open({ path: join(testing, 'network.onnx'), output: 'p' }, limits)
    await expect(host.run(numbers(1, 2))).rejects.toMatchObject({ code: 'input-invalid' })
    const shape = [1, 3]
    const x = { type: 'float32', data: Float32Array.of(0, 0, 0), shape } as const
    expect((await host.run({ x }))[0]).toBeCloseTo(1 / (1 + Math.exp(-0.1)), 6)
    host.dispose()
  }, 60_000)
})
