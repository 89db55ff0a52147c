/**
 * Ten minutes at 70 % of capacity with logging on, while a canary ramps up and is promoted, and the endpoint is rolled back
 * twice: no request may fail, and the memory of the process must stay flat. `node bench/soak.ts 60` takes a minute instead.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { addProjects } from '../src/main/engine/registry/testing.ts'
import { openTestEngine, registerPackage, type TestEngine } from '../src/main/engine/serving/testing-engine.ts'
import { flightRow, trainFlightModel } from '../src/main/engine/serving/testing-flights.ts'
import { askLoad } from './load.ts'
import { type BenchResult, report } from './result.ts'

const usualSeconds = 600
const capacitySeconds = 8
const ofCapacity = 0.7
const connections = 16
const tickMs = 1_000
const sampleMs = 1_000
/** The first part of the time fills caches and code; growth is looked for after it. */
const settlingShare = 0.3
const maxGrowth = 0.05
const endpoint = 'flights'
const model = 'flight-delay'
const body = JSON.stringify({ rows: [flightRow] })
const by = { actor: 'bench', reason: 'Soak.' }

interface Sample {
  readonly atMs: number
  readonly bytes: number
}

export async function benchSoak(seconds = usualSeconds): Promise<BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'esteira-bench-'))
  const engine = openTestEngine(folder, { requestsPath: join(folder, 'requests') })
  const load = fork(new URL('./load-process.ts', import.meta.url))
  try {
    addProjects(engine.store, ['p1'])
    for (const seed of [1, 2, 3]) {
      await registerPackage(engine, await trainFlightModel(join(folder, `${seed}`), { rows: 20_000, epochs: 2, seed }))
    }
    await engine.deployments.deploy({ endpoint, model, version: 1, ...by })
    const { url } = await engine.server.start({ port: 0 })
    return await soak(engine, load, `${url}/models/${endpoint}/predict`, seconds)
  } finally {
    load.kill()
    await engine.close()
    await rm(folder, { recursive: true })
  }
}

async function soak(engine: TestEngine, load: ChildProcess, url: string, seconds: number): Promise<BenchResult[]> {
  const { requestsPerSecond: capacity } = await askLoad(load, { url, body, connections, seconds: capacitySeconds })
  const rate = Math.floor(ofCapacity * capacity)
  const ending = new AbortController()
  const memory = sampleMemory(ending.signal)
  const ticking = tick(engine, ending.signal)
  const asked = askLoad(load, { url, body, connections, seconds, rate })
  await changes(engine, seconds * 1_000)
  const measured = await asked
  ending.abort()
  await ticking
  const growth = growthOf(await memory)
  return [
    {
      name: 'soak',
      value: measured.failed,
      unit: 'failed requests',
      reference: `of ${Math.round(measured.requestsPerSecond * seconds)} in ${seconds} s at ${rate}/s of ${Math.round(capacity)}/s; ${engine.endpoints.get(endpoint).revision?.number} revisions`,
      ratio: null,
      bar: 'none, with a canary ramp and two roll-backs',
      holds: measured.failed === 0,
    },
    {
      name: 'soak memory',
      value: 100 * growth.share,
      unit: '% growth',
      reference: `fitted over ${Math.round(100 * (1 - settlingShare))} % of the time, of ${Math.round(growth.medianBytes / 2 ** 20)} MB`,
      ratio: null,
      bar: `at most ${100 * maxGrowth} %`,
      holds: growth.share <= maxGrowth,
    },
  ]
}

/** A canary that ramps up to all, a roll-back, another version at once, and a roll-back. */
async function changes(engine: TestEngine, totalMs: number): Promise<void> {
  const part = (share: number) => wait(share * totalMs)
  const holdSeconds = Math.max(1, Math.floor((0.08 * totalMs) / 1_000))
  // The latency of a machine that also makes the load says nothing of the version.
  const stop = { latencyP99: false, predictions: false }
  await part(0.1)
  const spec = { kind: 'canary', steps: [0.1, 0.5], hold: `${holdSeconds}s`, minimumRequests: 100, stop }
  const { id } = await engine.rollouts.start({ endpoint, model, version: 2, spec, ...by })
  await part(0.35)
  const { state } = engine.rollouts.get(endpoint, id).rollout
  if (state !== 'promoted') throw new Error(`The canary is ${state} and should be promoted by now.`)
  await engine.rollouts.rollBack({ endpoint, ...by })
  await part(0.2)
  await engine.deployments.deploy({ endpoint, model, version: 3, ...by })
  await part(0.15)
  await engine.rollouts.rollBack({ endpoint, ...by })
}

async function tick(engine: TestEngine, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await engine.rollouts.tick()
    await wait(tickMs, undefined, { signal }).catch(() => undefined)
  }
}

async function sampleMemory(signal: AbortSignal): Promise<Sample[]> {
  const samples: Sample[] = []
  while (!signal.aborted) {
    samples.push({ atMs: performance.now(), bytes: process.memoryUsage.rss() })
    await wait(sampleMs, undefined, { signal }).catch(() => undefined)
  }
  return samples
}

/** By how much the memory grew after settling: the slope of the least-squares line, over its time, against the median. */
function growthOf(all: readonly Sample[]): { share: number; medianBytes: number } {
  const samples = all.slice(Math.floor(settlingShare * all.length))
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [meanAt, meanBytes] = [mean(samples.map(({ atMs }) => atMs)), mean(samples.map(({ bytes }) => bytes))]
  const covariance = mean(samples.map(({ atMs, bytes }) => (atMs - meanAt) * (bytes - meanBytes)))
  const variance = mean(samples.map(({ atMs }) => (atMs - meanAt) ** 2))
  const lastedMs = (samples.at(-1)?.atMs ?? 0) - (samples[0]?.atMs ?? 0)
  const medianBytes = samples.map(({ bytes }) => bytes).toSorted((a, b) => a - b)[samples.length >> 1] ?? Number.NaN
  return { share: ((covariance / variance) * lastedMs) / medianBytes, medianBytes }
}

if (import.meta.main) report(await benchSoak(process.argv[2] === undefined ? usualSeconds : Number(process.argv[2])))
