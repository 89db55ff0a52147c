/**
 * Predictions of 1,000 rows a request through the inference server, against the runtime called directly in a process of
 * its own: the rows as the JSON text of a request in, the outputs out, without HTTP. In turns, over a few connections.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InferenceServer } from '../src/main/engine/serving/inference-server.ts'
import { trainFlightModel } from '../src/main/engine/serving/testing-flights.ts'
import type { DirectLoad, DirectMeasured } from './direct-process.ts'
import { flightRows } from './flight-rows.ts'
import type { Load, Measured } from './load-process.ts'
import { type BenchResult, median, report } from './result.ts'

const batchRows = 1_000
const connections = 2
const warmUpSeconds = 2
const roundSeconds = 3
const rounds = 5
const minShare = 0.6

export async function benchPredictBatch(): Promise<BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'esteira-bench-'))
  const files = await trainFlightModel(folder, { rows: 20_000, epochs: 3 })
  const server = new InferenceServer()
  const load = fork(new URL('./load-process.ts', import.meta.url))
  const direct = fork(new URL('./direct-process.ts', import.meta.url), { serialization: 'advanced' })
  try {
    const { url } = await server.start({ port: 0 })
    await server.setRevision('flight-delay', { model: 'flight-delay', version: 1, files }, () => 1)
    return await compare({ load, direct, files, url: `${url}/models/flight-delay/predict` })
  } finally {
    load.kill()
    direct.kill()
    await server.close()
    await rm(folder, { recursive: true })
  }
}

interface Parts {
  readonly load: ChildProcess
  readonly direct: ChildProcess
  readonly files: ReadonlyMap<string, string>
  readonly url: string
}

async function compare({ load, direct, files, url }: Parts): Promise<BenchResult[]> {
  const body = flightRows(batchRows)
  const served = async (seconds: number) => {
    const { requestsPerSecond, failed } = await ask<Load, Measured>(load, { url, body, connections, seconds })
    if (failed > 0) throw new Error(`${failed} requests failed.`)
    return requestsPerSecond * batchRows
  }
  const called = async (seconds: number) =>
    (await ask<DirectLoad, DirectMeasured>(direct, { files, body, seconds })).rowsPerSecond
  await called(warmUpSeconds)
  await served(warmUpSeconds)
  const rates: { served: number; called: number }[] = []
  for (let round = 0; round < rounds; round++) {
    rates.push({ called: await called(roundSeconds), served: await served(roundSeconds) })
  }
  const rate = median(rates.map((each) => each.served))
  const reference = median(rates.map((each) => each.called))
  // Of each round by itself, so that what else the machine does weighs on both sides alike.
  const share = median(rates.map((each) => each.served / each.called))
  return [
    {
      name: 'predict-batch',
      value: Math.round(rate),
      unit: 'rows/s',
      reference: `the runtime called in process: ${Math.round(reference)} rows/s`,
      ratio: share,
      bar: `at least ${minShare * 100} % of the reference`,
      holds: share >= minShare,
    },
  ]
}

async function ask<Request extends object, Answer>(child: ChildProcess, request: Request): Promise<Answer> {
  child.send(request)
  const [answer]: Answer[] = await once(child, 'message')
  if (answer === undefined) throw new Error('The process gave no answer.')
  return answer
}

if (import.meta.main) report(await benchPredictBatch())
