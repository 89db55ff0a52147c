/**
 * Predictions of a single row over 16 kept-alive connections, with logging on, against a bare fastify route that echoes the same JSON.
 * Both servers run in a thread of their own; the load comes from another process, in turns.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { flightRow, trainFlightModel } from '../src/main/engine/serving/testing-flights.ts'
import { putLoad } from './load.ts'
import type { Measured } from './load-process.ts'
import { endpoint, startLoggedServer } from './logged-server.ts'
import { type BenchResult, median, report } from './result.ts'

const connections = 16
const warmUpSeconds = 3
const roundSeconds = 4
const rounds = 5
const minShare = 0.5
const maxP99Ms = 5
const body = JSON.stringify({ rows: [flightRow] })

export async function benchPredict(): Promise<BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'esteira-bench-'))
  const files = await trainFlightModel(folder, { rows: 20_000, epochs: 3 })
  const { server, close } = await startLoggedServer(folder)
  const echo = new Worker(new URL('./echo-thread.ts', import.meta.url))
  const load = fork(new URL('./load-process.ts', import.meta.url))
  try {
    const [address]: AddressInfo[] = await once(echo, 'message')
    const { url } = await server.start({ port: 0 })
    await server.setRevision(endpoint, { model: 'flight-delay', version: 1, files }, () => 1)
    return await compare(load, `http://127.0.0.1:${address?.port}/echo`, `${url}/models/${endpoint}/predict`)
  } finally {
    load.kill()
    await echo.terminate()
    await close()
    await rm(folder, { recursive: true })
  }
}

async function compare(load: ChildProcess, echoUrl: string, predictUrl: string): Promise<BenchResult[]> {
  const measure = (url: string, seconds: number) => putLoad(load, { url, body, connections, seconds })
  await measure(echoUrl, warmUpSeconds)
  await measure(predictUrl, warmUpSeconds)
  const echo: Measured[] = []
  const predict: Measured[] = []
  for (let round = 0; round < rounds; round++) {
    echo.push(await measure(echoUrl, roundSeconds))
    predict.push(await measure(predictUrl, roundSeconds))
  }
  const rate = median(predict.map((each) => each.requestsPerSecond))
  const echoRate = median(echo.map((each) => each.requestsPerSecond))
  // Of each round by itself, so that what else the machine does weighs on both sides alike.
  const share = median(
    predict.map((each, round) => each.requestsPerSecond / (echo[round]?.requestsPerSecond ?? Number.NaN)),
  )
  const p99Ms = median(predict.map((each) => each.p99Ms))
  const echoP99Ms = median(echo.map((each) => each.p99Ms))
  return [
    {
      name: 'predict',
      value: Math.round(rate),
      unit: 'requests/s',
      reference: `bare fastify echo: ${Math.round(echoRate)} requests/s`,
      ratio: share,
      bar: `at least ${minShare * 100} % of the reference`,
      holds: share >= minShare,
    },
    {
      name: 'predict-p99',
      value: p99Ms,
      unit: 'ms',
      reference: `bare fastify echo: ${echoP99Ms} ms`,
      ratio: null,
      bar: `at most ${maxP99Ms} ms`,
      holds: p99Ms <= maxP99Ms,
    },
  ]
}

if (import.meta.main) report(await benchPredict())
