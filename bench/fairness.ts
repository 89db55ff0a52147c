/**
 * Single rows at an endpoint, while two connections send bodies of 8 MB to its neighbour one after the other; against the
 * same without them. Logging is on at both, and the load comes from other processes.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { flightRow, trainFlightModel } from '../src/main/engine/serving/testing-flights.ts'
import { flightRows } from './flight-rows.ts'
import { putLoad } from './load.ts'
import type { Measured } from './load-process.ts'
import { endpoint, startLoggedServer } from './logged-server.ts'
import { type BenchResult, median, report } from './result.ts'

const neighbour = 'neighbour'
/** About 8 MB. */
const largeRows = 80_000
const largeConnections = 2
const single = { connections: 4, rate: 200 }
const warmUpSeconds = 2
const roundSeconds = 6
const rounds = 3
const maxP99Ms = 50

export async function benchFairness(): Promise<BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'esteira-bench-'))
  const files = await trainFlightModel(folder, { rows: 20_000, epochs: 3 })
  // Two large bodies at once are more lines than the log keeps in memory: that some are dropped is no failure here.
  const { server, close } = await startLoggedServer(folder, { mayDrop: true })
  const load = fork(new URL('./load-process.ts', import.meta.url))
  const large = fork(new URL('./load-process.ts', import.meta.url))
  try {
    const { url } = await server.start({ port: 0 })
    for (const name of [endpoint, neighbour])
      await server.setRevision(name, { model: 'flight-delay', version: 1, files }, () => 1)
    return await compare({ load, large }, (name) => `${url}/models/${name}/predict`)
  } finally {
    load.kill()
    large.kill()
    await close()
    await rm(folder, { recursive: true })
  }
}

async function compare(
  { load, large }: { load: ChildProcess; large: ChildProcess },
  urlOf: (name: string) => string,
): Promise<BenchResult[]> {
  const body = JSON.stringify({ rows: [flightRow] })
  const many = flightRows(largeRows)
  const measure = (seconds: number) => putLoad(load, { url: urlOf(endpoint), body, seconds, ...single })
  const disturb = (seconds: number) =>
    putLoad(large, { url: urlOf(neighbour), body: many, seconds, connections: largeConnections })
  await Promise.all([measure(warmUpSeconds), disturb(warmUpSeconds)])
  const alone: Measured[] = []
  const beside: Measured[] = []
  const disturbing: Measured[] = []
  for (let round = 0; round < rounds; round++) {
    alone.push(await measure(roundSeconds))
    const [measured, disturbed] = await Promise.all([measure(roundSeconds), disturb(roundSeconds)])
    beside.push(measured)
    disturbing.push(disturbed)
  }
  const rate = median(disturbing.map((each) => each.requestsPerSecond))
  const quietP99Ms = median(alone.map((each) => each.p99Ms))
  const p99Ms = median(beside.map((each) => each.p99Ms))
  const quietP50Ms = median(alone.map((each) => each.p50Ms))
  const p50Ms = median(beside.map((each) => each.p50Ms))
  const size = `${(many.length / 1e6).toFixed(0)} MB`
  return [
    {
      name: 'fairness',
      value: p99Ms,
      unit: 'ms',
      reference: `p99 without large bodies: ${quietP99Ms} ms; p50 ${p50Ms} ms against ${quietP50Ms} ms; ${rate.toFixed(1)} bodies of ${size}/s`,
      ratio: null,
      bar: `p99 at most ${maxP99Ms} ms`,
      holds: p99Ms <= maxP99Ms,
    },
  ]
}

if (import.meta.main) report(await benchFairness())
