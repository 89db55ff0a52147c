import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { explanationAnswerSchema } from '#shared/explanations.ts'
import type { Signature } from '#shared/models.ts'
import { checkRows } from '../training/rows.ts'
import { loadModel } from '../training/runtime.ts'
import { createInferenceApp, listen } from './inference-app.ts'
import type { ModelRuntime } from './live-model.ts'
import { ServedEndpoints } from './served-endpoints.ts'
import { binarySignature, multiclassSignature, regressionSignature, send, testRuntime } from './testing.ts'
import { flightRow, trainFlightModel } from './testing-flights.ts'

const cleanUps: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

async function serve(runtime: ModelRuntime, files: ReadonlyMap<string, string> = new Map()) {
  const served = new ServedEndpoints(async () => runtime)
  const app = createInferenceApp(served, { answered: () => {}, failed: () => {} })
  cleanUps.push(() => app.close())
  const url = `http://127.0.0.1:${await listen(app, '127.0.0.1', 0)}/models/flights`
  await served.load('flights', { model: 'flight-delay', version: 3, files })
  served.activate('flights', 7)
  return {
    explain: (body: unknown) => send(`${url}/explain`, { body }),
    predict: (row: unknown) => send(`${url}/predict`, { body: { rows: [row] } }),
  }
}

const explained = async (signature: Signature, row: unknown) => {
  const { explain } = await serve(testRuntime(signature))
  return explanationAnswerSchema.parse((await explain({ rows: [row] })).json)
}

describe('an explanation', () => {
  it('says what each input adds to the probability of the positive class', async () => {
    const { explanations, ...about } = await explained(binarySignature, { distance: 75, origin: 'ATL' })
    expect(about).toEqual({
      model: 'flight-delay',
      version: 3,
      revision: 7,
      method: 'sampled-shapley',
      permutations: 100,
      backgroundRows: 2,
    })
    const [explanation] = explanations
    expect(explanation?.class).toBe('true')
    expect(explanation?.base).toBeCloseTo(0.2)
    expect(explanation?.output).toBeCloseTo(0.75)
    const shown = explanation?.contributions.map(({ input, value }) => [input, Number(value.toFixed(9))])
    expect(shown?.[0]).toEqual(['distance', 0.55])
    expect(shown?.slice(1).map(([, value]) => value)).toEqual([0, 0, 0, 0])
  })

  it('is of the predicted class where there are more than two, and of the value where there are none', async () => {
    const classes = await explained(multiclassSignature, { length: 2, width: 1 })
    expect(classes.explanations[0]).toMatchObject({ class: 'virginica', output: 0.5 })
    expect(classes.explanations[0]?.base).toBeCloseTo(0.25)
    const value = await explained(regressionSignature, { x: 5 })
    expect(value.explanations[0]?.class).toBeUndefined()
    expect(value.explanations[0]).toMatchObject({ output: 11, base: 41 })
  })

  it('adds up to what a trained model answers', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'esteira-explain-'))
    cleanUps.push(() => rm(folder, { recursive: true }))
    const files = await trainFlightModel(folder, { rows: 500, epochs: 1, seed: 1 })
    const { explain, predict } = await serve({ loadModel, checkRows }, files)
    const { explanations, backgroundRows } = explanationAnswerSchema.parse(
      (await explain({ rows: [flightRow], permutations: 20 })).json,
    )
    const [explanation] = explanations
    const answered = (await predict(flightRow)).json.predictions?.[0]?.probabilities?.true
    expect(backgroundRows).toBe(100)
    expect(explanation?.output).toBeCloseTo(answered ?? Number.NaN, 9)
    const total = explanation?.contributions.reduce((sum, { value }) => sum + value, explanation.base)
    expect(total).toBeCloseTo(answered ?? Number.NaN, 9)
    expect(explanation?.contributions.some(({ value }) => value !== 0)).toBe(true)
  })

  it('leaves room for the requests of others', async () => {
    const { explain, predict } = await serve(testRuntime(binarySignature))
    let ended = false
    const long = explain({ rows: Array.from({ length: 8 }, () => ({ distance: 75 })), permutations: 2_000 })
    void long.finally(() => {
      ended = true
    })
    expect((await predict({ distance: 10 })).status).toBe(200)
    expect(ended).toBe(false)
    expect((await long).status).toBe(200)
  })
})

describe('an explanation is refused', () => {
  it('where the request is not as it should be', async () => {
    const { explain } = await serve(testRuntime(binarySignature))
    for (const body of [[], { rows: [] }, { rows: [{}], permutations: 0 }, { rows: [{ distance: 1 }], more: 1 }]) {
      const { status, json } = await explain(body)
      expect([status, json.code]).toEqual([400, 'invalid-request'])
    }
    const { status, json } = await explain({ rows: [{ distance: 'far' }] })
    expect([status, json.code]).toEqual([422, 'input-invalid'])
  })

  it('where it would keep the model from its work', async () => {
    const { explain } = await serve(testRuntime(binarySignature))
    const rows = Array.from({ length: 100 }, () => ({ distance: 75 }))
    const { status, json } = await explain({ rows, permutations: 2_000 })
    expect([status, json.code, json.where]).toEqual([400, 'invalid-request', 'rows, permutations'])
  })

  it('for a model whose package has no background rows', async () => {
    const runtime = testRuntime(binarySignature)
    const withoutBackground: ModelRuntime = {
      ...runtime,
      loadModel: async (files) => ({ ...(await runtime.loadModel(files)), background: undefined }),
    }
    const { explain } = await serve(withoutBackground)
    const { json } = await explain({ rows: [{ distance: 75 }] })
    expect([json.code, json.where]).toEqual(['model-unusable', 'flight-delay/3'])
  })
})
