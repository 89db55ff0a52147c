/** Asks the inference server on behalf of those who speak with the control API alone. */
import { z } from 'zod'
import type { RouteResponse } from '#shared/api.ts'
import { problemSchema } from '#shared/errors.ts'
import { predictionSchema } from '#shared/routes/endpoints.ts'
import { EsteiraError, fromProblem } from '../kernel/errors.ts'
import type { Endpoints } from './endpoints.ts'

const answerSchema = z.object({
  model: z.string(),
  version: z.number(),
  revision: z.number(),
  predictions: z.array(predictionSchema),
})

export interface PredictRequest {
  readonly endpoint: string
  readonly rows: readonly unknown[]
  readonly signal: AbortSignal
}

export class Predictions {
  readonly #endpoints: Pick<Endpoints, 'get'>

  constructor(endpoints: Pick<Endpoints, 'get'>) {
    this.#endpoints = endpoints
  }

  /** @throws EsteiraError `endpoint-not-found`, `endpoint-not-ready`, `input-invalid`, and what the inference server says */
  async predict({ endpoint, rows, signal }: PredictRequest): Promise<RouteResponse<'predict'>> {
    const { url, message } = this.#endpoints.get(endpoint)
    if (url === null) throw notReady(endpoint, message)
    const startedAt = performance.now()
    const { ok, text } = await ask(endpoint, url, JSON.stringify({ rows }), signal)
    const latencyMs = performance.now() - startedAt
    if (!ok) throw fromProblem(problemSchema.parse(JSON.parse(text)))
    return { ...answerSchema.parse(JSON.parse(text)), latencyMs }
  }
}

async function ask(endpoint: string, url: string, body: string, signal: AbortSignal) {
  try {
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body, signal })
    return { ok: response.ok, text: await response.text() }
  } catch (cause) {
    signal.throwIfAborted()
    throw notReady(endpoint, cause instanceof Error ? cause.message : String(cause), cause)
  }
}

function notReady(endpoint: string, found: string | undefined, cause?: unknown): EsteiraError {
  return new EsteiraError('endpoint-not-ready', `The endpoint "${endpoint}" does not answer.`, {
    where: endpoint,
    ...(found !== undefined && { found }),
    next: 'Try again in a moment; deploy a version if it has none.',
    cause,
  })
}
