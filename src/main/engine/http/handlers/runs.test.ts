import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../kernel/clock.ts'
import { RunViews } from '../../pipelines/run-views.ts'
import { openWorkbench, removeWorkbench, type Workbench } from '../../pipelines/testing/workbench.ts'
import { send, startTestServer, type TestServer, withJson, withToken } from '../testing/control-server.ts'

const pipeline = `name: p
parameters: { word: x }
steps:
  a: { uses: test/behave, with: { metrics: { auc: 0.75 } } }
  b: { uses: test/write, with: { text: '\${{ params.word }}' } }
  c: { uses: test/write, in: { from: b } }
`

let bench: Workbench
let server: TestServer

beforeEach(async () => {
  bench = await openWorkbench()
  bench.write('pipelines/p.yaml', pipeline)
  const { runs, artifacts, store } = bench
  server = await startTestServer({ services: { runs, artifacts, runViews: new RunViews(store, systemClock) } })
})
afterEach(async () => {
  await server.close()
  await bench.stop()
  removeWorkbench(bench.path)
})

const get = (path: string) => send(server, `/api/v1${path}`, { headers: withToken })
const ask = (method: string, path: string, body?: unknown) =>
  send(server, `/api/v1${path}`, {
    method,
    headers: body === undefined ? withToken : withJson,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })

describe('over HTTP', () => {
  it('runs are filtered, counted and paged', async () => {
    for (const word of ['one', 'two', 'three']) await bench.run('p', { word })
    const first = (await get('/runs?limit=2&metric=auc%20%3E%3D%200.7&status=succeeded,failed&sort=metric:auc')).json()
    expect(first).toMatchObject({
      total: 3,
      items: [{ parameters: { word: 'three' } }, { parameters: { word: 'two' } }],
    })
    const { nextCursor } = first as { nextCursor: string }
    const rest = (await get(`/runs?limit=2&metric=auc%3E0.7&sort=metric:auc&cursor=${nextCursor}`)).json()
    expect(rest).toMatchObject({ items: [{ parameters: { word: 'one' } }] })
    expect(rest).not.toHaveProperty('nextCursor')
    expect((await get('/runs?search=THRE')).json()).toMatchObject({ total: 1 })
    expect((await get('/run-facets')).json()).toEqual({ metrics: ['auc'], startedBy: ['test'] })
    const refused = await get('/runs?metric=auc&cursor=x')
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('auc > 0.63')])
  })

  it('the plan says options and edges; a comparison brings several runs at once', async () => {
    const one = await bench.run('p')
    const two = await bench.run('p', { word: 'y' })
    expect((await get(`/runs/${two.id}/plan`)).json()).toMatchObject({
      steps: [
        { name: 'a' },
        { name: 'b', options: { text: 'y' } },
        { inputs: { from: [{ step: 'b', output: 'text' }] } },
      ],
    })
    expect((await get(`/run-comparison?ids=${two.id},${one.id}`)).json()).toMatchObject({
      runs: [{ run: { id: two.id } }, { run: { id: one.id } }],
      series: [{ runId: two.id, name: 'auc' }, { runId: one.id }],
    })
    expect((await get(`/run-comparison?ids=${one.id},none`)).json()).toMatchObject({ code: 'run-not-found' })
    expect((await get(`/run-comparison?ids=${Array.from({ length: 51 }, (_, i) => i).join(',')}`)).status).toBe(400)
  })

  it('a run is taken up again from a step', async () => {
    const { id } = await bench.run('p')
    expect((await ask('POST', `/runs/${id}/retry?from=b`)).status).toBe(200)
    const run = await bench.runs.ended(id)
    expect(run.steps.map(({ name, attempt, cached }) => [name, attempt, cached])).toEqual([
      ['a', 1, false],
      ['b', 2, false],
      ['c', 2, true],
    ])
    expect((await ask('POST', `/runs/${id}/retry?from=z`)).status).toBe(404)
  })

  it('views are saved, renamed, removed, and saved again', async () => {
    const filter = { status: 'failed', project: 'all' }
    const path = `/run-views/${encodeURIComponent('Falhas da semana')}`
    const saved = (await ask('PUT', path, { filter })).json()
    expect(saved).toMatchObject({ name: 'Falhas da semana', filter })
    expect((await get('/run-views')).json()).toEqual([saved])
    expect((await ask('POST', `${path}/rename`, { name: 'Falhas' })).json()).toMatchObject({ name: 'Falhas', filter })
    expect((await ask('DELETE', path)).status).toBe(404)
    expect((await ask('DELETE', '/run-views/Falhas')).json()).toEqual({ ok: true })
    expect((await get('/run-views')).json()).toEqual([])
    expect((await ask('PUT', '/run-views/Falhas', { filter })).status).toBe(200)
    expect((await ask('PUT', '/run-views/Falhas', { filter: { status: 1 } })).status).toBe(400)
  })
})
