/** `POST /models/{name}/feedback`: what turned out to be true. */
import type { FastifyInstance } from 'fastify'
import { type FeedbackAnswer, feedbackBodySchema } from '#shared/requests.ts'
import { EsteiraError } from '../../kernel/errors.ts'
import { safeParseRequest } from '../../kernel/parse-request.ts'
import { endpointNotFound } from '../endpoint-not-found.ts'
import type { ServedEndpoints } from '../served-endpoints.ts'
import type { FeedbackLog } from './feedback-log.ts'

export const feedbackPath = '/models/:name/feedback'
const allowed =
  '{"id": "…", "row": 0, "label": …}, {"entity": {"<input>": …}, "at": "<ISO 8601>", "within": "1d", "label": …}, or {"labels": [ … ]}'

export function addFeedbackRoute(
  app: FastifyInstance,
  served: Pick<ServedEndpoints, 'has' | 'names'>,
  log: Pick<FeedbackLog, 'add'>,
): void {
  app.post<{ Params: { name: string } }>(feedbackPath, async ({ params, body }): Promise<FeedbackAnswer> => {
    if (!served.has(params.name)) throw endpointNotFound(params.name, served.names())
    const read = safeParseRequest(feedbackBodySchema, body)
    if (!read.success) {
      const [issue] = read.error.issues
      throw new EsteiraError('invalid-request', 'The body does not have the form of feedback.', {
        where: issue?.path.join('.') || 'body',
        found: issue?.message.slice(0, 200) ?? '',
        allowed,
      })
    }
    const labels = 'labels' in read.data ? read.data.labels : [read.data]
    await log.add(params.name, labels)
    return { accepted: labels.length }
  })
}
