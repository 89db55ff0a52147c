/**
 * Tries a model package in the real serving runtime before it is deployed: an inference server of its own, with the code
 * and the kind of thread that production has, loads it and is asked over HTTP. What TFX calls InfraValidator.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import type { Signature } from '#shared/models.ts'
import { predictionSchema } from '#shared/routes/endpoints.ts'
import { InferenceServer } from './inference-server.ts'
import type { ModelToServe } from './live-model.ts'

export interface TrialRequest {
  readonly source: ModelToServe
  readonly signature: Signature
  /** Rows to ask for, one a request; none: the model is only loaded. */
  readonly rows: readonly Record<string, unknown>[]
  /** What must be answered: per row one value, or one per class in the order of the signature. */
  readonly expected: readonly (readonly number[])[]
  /** After them the same rows are asked again and again, over several connections at once. */
  readonly load?: { readonly requests: number; readonly connections: number }
  /** Of one try, loading and requests together. */
  readonly timeoutMs: number
  readonly tries: number
  readonly signal: AbortSignal
}

export interface TrialResult {
  readonly tries: number
  readonly loadMs: number | null
  readonly latenciesMs: readonly number[]
  readonly loadLatenciesMs: readonly number[]
  readonly memoryBytes: number | null
  /** The largest distance from what was expected. */
  readonly maxDifference: number | null
  /** Why the last try failed. */
  readonly problem: string | null
}

const answerSchema = z.object({ predictions: z.tuple([predictionSchema]) })
const endpoint = 'candidate'

/** Never throws for what is wrong with the model. @throws the reason of the signal */
export async function tryServing(request: TrialRequest): Promise<TrialResult> {
  let problem = ''
  for (let tries = 1; tries <= request.tries; tries++) {
    request.signal.throwIfAborted()
    try {
      return { tries, problem: null, ...(await once(request)) }
    } catch (error) {
      request.signal.throwIfAborted()
      problem = error instanceof Error ? error.message : String(error)
    }
  }
  return {
    tries: request.tries,
    loadMs: null,
    latenciesMs: [],
    loadLatenciesMs: [],
    memoryBytes: null,
    maxDifference: null,
    problem,
  }
}

type Tried = Omit<TrialResult, 'tries' | 'problem'>

async function once(request: TrialRequest): Promise<Tried> {
  const { timeoutMs } = request
  const server = new InferenceServer()
  const ended = new AbortController()
  const late = delay(timeoutMs, undefined, { signal: AbortSignal.any([ended.signal, request.signal]) }).then(() => {
    throw new Error(`It was not done within ${timeoutMs / 1_000} s.`)
  })
  try {
    return await Promise.race([late, loadAndQuery(server, request, ended.signal)])
  } finally {
    ended.abort()
    late.catch(() => undefined)
    await server.close()
  }
}

async function loadAndQuery(server: InferenceServer, request: TrialRequest, ended: AbortSignal): Promise<Tried> {
  const { source, signature, rows, expected } = request
  await server.start({ port: 0 })
  const before = await server.memoryBytes()
  const startedAt = performance.now()
  await server.setRevision(endpoint, source, () => 1)
  const loadMs = performance.now() - startedAt
  const latenciesMs: number[] = []
  let maxDifference: number | null = null
  for (const [index, row] of rows.entries()) {
    const { latencyMs, outputs } = await ask(server, signature, row, ended)
    latenciesMs.push(latencyMs)
    const differences = outputs.map((output, place) => Math.abs(output - (expected[index]?.[place] ?? Number.NaN)))
    maxDifference = Math.max(maxDifference ?? 0, ...differences)
  }
  const loadLatenciesMs = await underLoad(server, request, ended)
  const after = await server.memoryBytes()
  const memoryBytes = before === null || after === null ? null : Math.max(0, after - before)
  return { loadMs, latenciesMs, loadLatenciesMs, memoryBytes, maxDifference }
}

async function underLoad(server: InferenceServer, request: TrialRequest, ended: AbortSignal): Promise<number[]> {
  const { load, rows, signature } = request
  if (load === undefined || rows.length === 0) return []
  const latenciesMs: number[] = []
  let asked = 0
  const connection = async () => {
    while (asked < load.requests) {
      const row = rows[asked++ % rows.length] ?? {}
      latenciesMs.push((await ask(server, signature, row, ended)).latencyMs)
    }
  }
  await Promise.all(Array.from({ length: load.connections }, connection))
  return latenciesMs
}

async function ask(
  server: InferenceServer,
  { task, classes }: Signature,
  row: Record<string, unknown>,
  signal: AbortSignal,
): Promise<{ latencyMs: number; outputs: number[] }> {
  const { url } = server.state(endpoint)
  if (url === null) throw new Error('The inference server ended before it was done.')
  const startedAt = performance.now()
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ rows: [row] }),
    signal,
  })
  const text = await response.text()
  const latencyMs = performance.now() - startedAt
  if (!response.ok)
    throw new Error(`A row of the evaluation was answered with ${response.status}: ${text.slice(0, 500)}`)
  const [{ prediction, probabilities = {} }] = answerSchema.parse(JSON.parse(text)).predictions
  const outputs =
    task === 'regression' ? [Number(prediction)] : classes.map((name) => probabilities[name] ?? Number.NaN)
  return { latencyMs, outputs }
}
