/** Split traffic over HTTP, with arithmetic for models. */
import { afterEach, expect, test } from 'vitest'
import type { Signature } from '#shared/models.ts'
import { createInferenceApp, listen } from '../inference-app.ts'
import { ServedEndpoints } from '../served-endpoints.ts'
import { binarySignature, regressionSignature, send, type TestRuntime, testRuntime } from '../testing.ts'
import { ShadowMirror, type ShadowNews } from './shadow-mirror.ts'
import type { Split } from './split.ts'

let close = async () => {}
afterEach(() => close())

interface Counted {
  readonly revision: number
  readonly outcome: 'answered' | 'failed'
  readonly bin: number | undefined
}

const abTest: Split = { rolloutId: 'r1', kind: 'a-b', share: 0.5, key: { header: 'x-user' } }

/** Version 3 as revision 7 is stable; version 4 as revision 8 comes with the split. */
async function serve(
  split: Split,
  signature: Signature = binarySignature,
  candidate: TestRuntime = testRuntime(signature),
) {
  const runtimes = [testRuntime(signature), candidate]
  let loading = 0
  const served = new ServedEndpoints(async () => runtimes[loading] ?? candidate)
  const counted: Counted[] = []
  const news: ShadowNews[] = []
  const traffic = {
    answered: (_: string, revision: number, __: number, bin?: number) =>
      void counted.push({ revision, outcome: 'answered', bin }),
    failed: (_: string, revision: number) => void counted.push({ revision, outcome: 'failed', bin: undefined }),
  }
  const shadows = new ShadowMirror((told) => news.push(...told))
  const app = createInferenceApp(served, traffic, undefined, undefined, { shadows })
  const port = await listen(app, '127.0.0.1', 0)
  close = () => app.close()
  const files = new Map<string, string>()
  await served.load('flights', { model: 'flights', version: 3, files })
  served.activate('flights', 7)
  loading = 1
  await served.load('flights', { model: 'flights', version: 4, files })
  served.startSplit('flights', 8, split)
  const url = `http://127.0.0.1:${port}`
  const predict = (user: string, rows: unknown[] = [{ distance: 75 }]) =>
    send(`${url}/models/flights/predict`, { body: { rows }, headers: { 'x-user': user } })
  return { url, served, counted, news, predict }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10))
}

test('both versions answer, each key always the same one, and the answer says which', async () => {
  const { predict } = await serve(abTest)
  const users = Array.from({ length: 40 }, (_, index) => `user-${index}`)
  const first = await Promise.all(users.map((user) => predict(user)))
  const again = await Promise.all(users.map((user) => predict(user)))
  const said = (answers: typeof first) => answers.map(({ json }) => `${json.version} ${json.revision}`)
  expect(said(again)).toEqual(said(first))
  expect([...new Set(said(first))].sort()).toEqual(['3 7', '4 8'])
})

test('the Open Inference Protocol says which revision answered, describes both, and gives a version that is named', async () => {
  const { url, counted } = await serve(abTest)
  const inputs = [{ name: 'distance', shape: [1, 1], datatype: 'FP64', data: [75] }]
  const infer = (path: string, user: string) =>
    send(`${url}/v2/models/flights${path}/infer`, { body: { inputs }, headers: { 'x-user': user } })
  const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => infer('', `user-${index}`)))
  const said = answers.map(({ text }) => JSON.parse(text))
  for (const { model_version, parameters } of said) expect(parameters).toEqual({ revision: Number(model_version) + 4 })
  expect(new Set(said.map(({ model_version }) => model_version))).toEqual(new Set(['3', '4']))
  expect(JSON.parse((await send(`${url}/v2/models/flights`)).text).versions).toEqual(['3', '4'])
  counted.length = 0
  for (const version of ['3', '4']) {
    expect(JSON.parse((await infer(`/versions/${version}`, 'user-1')).text).model_version).toBe(version)
  }
  // Asked for by name, they say nothing about what the split gives.
  expect(counted.map(({ revision, bin }) => [revision, bin])).toEqual([
    [7, undefined],
    [8, undefined],
  ])
  expect((await infer('/versions/9', 'user-1')).status).toBe(404)
})

test('an explanation comes from the version that answers the key', async () => {
  const { url, predict } = await serve(abTest)
  for (const user of ['user-1', 'user-2', 'user-3', 'user-4', 'user-5', 'user-6']) {
    const { revision } = (await predict(user)).json
    const body = { rows: [{ distance: 75 }], permutations: 2 }
    const explained = await send(`${url}/models/flights/explain`, { body, headers: { 'x-user': user } })
    expect(explained.json).toMatchObject({ revision })
  }
})

test('answers and failures are counted for the version that had the request', async () => {
  const { predict, counted } = await serve({ ...abTest, kind: 'canary', share: 0.999_999, key: undefined })
  await predict('', [{ distance: 75 }])
  await predict('', [{ distance: 'far' }])
  expect(counted).toEqual([
    { revision: 8, outcome: 'answered', bin: 75 },
    { revision: 8, outcome: 'failed', bin: undefined },
  ])
})

test('the metrics tell of each revision and role', async () => {
  const { url, predict } = await serve({ ...abTest, kind: 'canary', share: 0.999_999, key: undefined })
  await predict('', [{ distance: 75 }])
  await predict('', [{ distance: 'far' }])
  const { text } = await send(`${url}/metrics`)
  expect(text).toContain('esteira_rollout_requests_total{endpoint="flights",revision="8",role="candidate"} 2\n')
  expect(text).toContain('esteira_rollout_errors_total{endpoint="flights",revision="8",role="candidate"} 1\n')
  expect(text).toContain('esteira_rollout_share{endpoint="flights",revision="8",kind="canary"} 0.999999\n')
})

test('a promoted candidate answers all, a withdrawn one nothing, and both free the model that leaves', async () => {
  const candidate = testRuntime(binarySignature)
  const { predict, served } = await serve({ ...abTest, share: 0.000_001 }, binarySignature, candidate)
  served.changeSplit('flights', { ...abTest, share: 0.999_999 })
  expect((await predict('user-1')).json.revision).toBe(8)
  served.endSplit('flights', 'withdrawn')
  expect((await predict('user-1')).json.revision).toBe(7)
  await until(() => candidate.disposed === 1)
  await served.load('flights', { model: 'flights', version: 5, files: new Map() })
  served.startSplit('flights', 9, abTest)
  served.endSplit('flights', 'promoted')
  expect((await predict('user-1')).json).toMatchObject({ revision: 9, version: 5 })
  expect(() => served.changeSplit('flights', abTest)).toThrow('No traffic is split')
})

test('a shadow is asked after the answer, compared, and never answers', async () => {
  const shadow = testRuntime(regressionSignature)
  const { url, news } = await serve(
    { ...abTest, kind: 'shadow', share: 1, key: undefined },
    regressionSignature,
    shadow,
  )
  shadow.calls.length = 0
  for (let x = 0; x < 5; x++) {
    const { json } = await send(`${url}/models/flights/predict`, { body: { rows: [{ x }, { x: -x }] } })
    expect(json).toMatchObject({ version: 3, revision: 7 })
  }
  await until(() => news.length > 0 && news.reduce((sum, { figures }) => sum + figures.requests, 0) === 5)
  expect(shadow.calls).toEqual([2, 2, 2, 2, 2])
  const [told] = news
  expect(told).toMatchObject({ endpoint: 'flights', rolloutId: 'r1' })
  expect(told?.figures).toMatchObject({ failed: 0, dropped: 0, differences: [[0, told?.figures.rows]] })
  expect(told?.figures.agreed).toBe(told?.figures.rows)
})

test('a shadow that hangs or fails holds up no answer, and what there is no time for is left out', async () => {
  const shadow = testRuntime(regressionSignature)
  const { url, news } = await serve(
    { ...abTest, kind: 'shadow', share: 1, key: undefined },
    regressionSignature,
    shadow,
  )
  let release = () => {}
  shadow.wait = () =>
    new Promise((_, reject) => {
      release = () => reject(new Error('The shadow breaks.'))
    })
  const ask = () => send(`${url}/models/flights/predict`, { body: { rows: [{ x: 1 }] } })
  const answers = []
  for (let asked = 0; asked < 150; asked++) answers.push((await ask()).status)
  expect(answers.every((status) => status === 200)).toBe(true)
  await until(() => news.some(({ figures }) => figures.dropped > 0))
  // One is under way and 128 wait.
  expect(news.reduce((sum, { figures }) => sum + figures.dropped, 0)).toBe(150 - 129)
  shadow.wait = () => Promise.reject(new Error('The shadow breaks.'))
  release()
  await until(() => news.reduce((sum, { figures }) => sum + figures.failed, 0) === 129)
})
