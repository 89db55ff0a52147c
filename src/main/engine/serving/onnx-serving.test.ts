/** An ONNX model that hangs is ended and started again while its neighbours answer as if nothing was. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { onnxHintSchema } from '#shared/models.ts'
import { importOnnx } from '../training/onnx/import.ts'
import { ModelHost } from '../training/onnx/model-host.ts'
import { openOnnxModel } from '../training/onnx/onnx-model.ts'
import { readManifest } from '../training/package.ts'
import { checkRows } from '../training/rows.ts'
import { createInferenceApp, listen } from './inference-app.ts'
import { ServedEndpoints } from './served-endpoints.ts'
import { send } from './testing.ts'

const testing = join(import.meta.dirname, '../training/onnx/testing')
const limits = { loadMs: 60_000, callMs: 1_500, restartMs: [200] }
const served = new ServedEndpoints(async () => ({
  checkRows,
  loadModel: async (files) => openOnnxModel(await readManifest(files), files, (start) => ModelHost.open(start, limits)),
}))
const app = createInferenceApp(served, { answered: () => {}, failed: () => {} })
let folder = ''
let url = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'esteira-onnx-serving-'))
  for (const name of ['hanging', 'network']) {
    const environment = { esteira: '0', node: '24', platform: 'test', seed: 1 }
    const files = new Map<string, string>()
    const hint = onnxHintSchema.parse({})
    await importOnnx({ source: join(testing, `${name}.onnx`), hint, environment }, (file) => {
      files.set(file, join(folder, `${name}-${file}`))
      return join(folder, `${name}-${file}`)
    })
    await served.load(name, { model: name, version: 1, files })
    served.activate(name, 1)
  }
  url = `http://127.0.0.1:${await listen(app, '127.0.0.1', 0)}`
}, 60_000)
afterAll(async () => {
  await app.close()
  await served.close()
  await rm(folder, { recursive: true })
})

const ask = (name: string, row: object) => send(`${url}/models/${name}/predict`, { body: { rows: [row] } })

it('a hanging model answers 503 with Retry-After, alone, and recovers', async () => {
  expect((await ask('hanging', { f0: 1 })).json.predictions).toEqual([{ prediction: 1 }])
  let over = false
  const neighbours: number[] = []
  const load = (async () => {
    while (!over) {
      neighbours.push((await ask('network', { f0: 1, f1: 2, f2: 3 })).status)
      await delay(10)
    }
  })()
  const hung = await ask('hanging', { f0: 1e6 })
  expect([hung.status, hung.json.code, hung.headers['retry-after']]).toEqual([503, 'endpoint-not-ready', '1'])
  await expect.poll(async () => (await ask('hanging', { f0: 2 })).status, { timeout: 30_000 }).toBe(200)
  over = true
  await load
  expect(neighbours.length).toBeGreaterThan(5)
  expect(new Set(neighbours)).toEqual(new Set([200]))
  const { text } = await send(`${url}/v2/models/network`)
  expect(JSON.parse(text)).toMatchObject({ platform: 'onnx_onnxv1' })
}, 60_000)
