/**
 * What the request log costs: the same predictions of a single row with logging on and off, in turns in the same run, so that
 * what else the machine does weighs on both alike. The log is compacted meanwhile.
 */
import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { flightRow, trainFlightModel } from '../src/main/engine/serving/testing-flights.ts'
import { defaultRequestLogSettings } from '../src/shared/requests.ts'
import { putLoad } from './load.ts'
import { endpoint, startLoggedServer } from './logged-server.ts'
import { type BenchResult, median, report } from './result.ts'

const connections = 16
const warmUpSeconds = 3
const roundSeconds = 2
const rounds = 14
const maxCost = 0.1
const body = JSON.stringify({ rows: [flightRow] })

export async function benchLoggingCost(): Promise<BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'esteira-bench-'))
  const files = await trainFlightModel(folder, { rows: 20_000, epochs: 3 })
  const { server, close } = await startLoggedServer(folder)
  const load = fork(new URL('./load-process.ts', import.meta.url))
  try {
    const { url } = await server.start({ port: 0 })
    await server.setRevision(endpoint, { model: 'flight-delay', version: 1, files }, () => 1)
    const measure = async (on: boolean, seconds: number) => {
      await server.setLogging(endpoint, { ...defaultRequestLogSettings, on })
      const { requestsPerSecond } = await putLoad(load, {
        url: `${url}/models/${endpoint}/predict`,
        body,
        connections,
        seconds,
      })
      return requestsPerSecond
    }
    for (const on of [false, true]) await measure(on, warmUpSeconds)
    const off: number[] = []
    const on: number[] = []
    for (let round = 0; round < rounds; round++) {
      // The one that goes first changes, as a machine that warms up or cools down would favour one.
      const order = round % 2 === 0 ? [false, true] : [true, false]
      for (const isOn of order) (isOn ? on : off).push(await measure(isOn, roundSeconds))
    }
    return [result(off, on)]
  } finally {
    load.kill()
    await close()
    await rm(folder, { recursive: true })
  }
}

function result(off: readonly number[], on: readonly number[]): BenchResult {
  const share = median(on.map((rate, round) => rate / (off[round] ?? Number.NaN)))
  const cost = 1 - share
  return {
    name: 'logging-cost',
    value: Math.round(median(on)),
    unit: 'requests/s',
    reference: `logging off: ${Math.round(median(off))} requests/s`,
    ratio: share,
    bar: `at most ${maxCost * 100} % less than the reference`,
    holds: cost <= maxCost,
  }
}

if (import.meta.main) report(await benchLoggingCost())
