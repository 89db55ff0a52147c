/** Asks the inference server on behalf of those who speak with the control API alone. */
import { z } from 'zod'
import type { RouteResponse } from '#shared/api.ts'
import { problemSchema } from '#shared/errors.ts'
import { type ExplainBody, type ExplanationAnswer, explanationAnswerSchema } from '#shared/explanations.ts'
import { featureReadSchema } from '#shared/online.ts'
import { type FeedbackAnswer, feedbackAnswerSchema } from '#shared/requests.ts'
import { predictionSchema } from '#shared/routes/endpoints.ts'
import { EsteiraError, fromProblem } from '../kernel/errors.ts'
import type { Endpoints } from './endpoints.ts'

const answerSchema = z.object({
  model: z.string(),
  version: z.number(),
  revision: z.number(),
  predictions: z.array(predictionSchema),
  features: z.array(z.array(featureReadSchema)).optional(),
})

export interface ExplainRequest {
  readonly endpoint: string
  readonly body: ExplainBody
  readonly signal: AbortSignal
}

export interface FeedbackRequest {
  readonly endpoint: string
  readonly body: unknown
  readonly signal: AbortSignal
}

export interface PredictRequest {
  readonly endpoint: string
  readonly rows: readonly unknown[]
  readonly signal: AbortSignal
}

export class Predictions {
  readonly #endpoints: Pick<Endpoints, 'get'>
  readonly #engineKey: string

  /** @param engineKey passes where an endpoint asks for a key: who may use the control API may ask */
  constructor(endpoints: Pick<Endpoints, 'get'>, engineKey: string) {
    this.#endpoints = endpoints
    this.#engineKey = engineKey
  }

  /** @throws EsteiraError `endpoint-not-found`, `endpoint-not-ready`, `input-invalid`, and what the inference server says */
  async predict({ endpoint, rows, signal }: PredictRequest): Promise<RouteResponse<'predict'>> {
    const startedAt = performance.now()
    const text = await this.#ask(endpoint, this.#url(endpoint), { rows, showFeatures: true }, signal)
    return { ...answerSchema.parse(JSON.parse(text)), latencyMs: performance.now() - startedAt }
  }

  /** @throws EsteiraError as `predict`, and `model-unusable` where the model cannot be explained */
  async explain({ endpoint, body, signal }: ExplainRequest): Promise<ExplanationAnswer> {
    const url = this.#url(endpoint).replace(/predict$/, 'explain')
    return explanationAnswerSchema.parse(JSON.parse(await this.#ask(endpoint, url, body, signal)))
  }

  /** @throws EsteiraError `endpoint-not-found`, `endpoint-not-ready`, `disk-full` */
  async feedback({ endpoint, body, signal }: FeedbackRequest): Promise<FeedbackAnswer> {
    const url = this.#url(endpoint).replace(/predict$/, 'feedback')
    return feedbackAnswerSchema.parse(JSON.parse(await this.#ask(endpoint, url, body, signal)))
  }

  #url(endpoint: string): string {
    const { url, message } = this.#endpoints.get(endpoint)
    if (url === null) throw notReady(endpoint, message)
    return url
  }

  /** The text of a good answer. */
  async #ask(endpoint: string, url: string, content: unknown, signal: AbortSignal): Promise<string> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${this.#engineKey}` }
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(content), signal })
      .then(async (response) => ({ ok: response.ok, text: await response.text() }))
      .catch((cause: unknown) => {
        signal.throwIfAborted()
        throw notReady(endpoint, cause instanceof Error ? cause.message : String(cause), cause)
      })
    if (!answer.ok) throw fromProblem(problemSchema.parse(JSON.parse(answer.text)))
    return answer.text
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
