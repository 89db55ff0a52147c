/** How problems are answered: as problem details, or in the form of the Open Inference Protocol. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Problem } from '#shared/errors.ts'
import { describeProblem, EsteiraError } from '../kernel/errors.ts'

/** About 100,000 rows of ten values: more belongs in several requests. */
export const maxBodyBytes = 16 * 1024 * 1024
const retryAfterSeconds = 1

export function notFound(request: FastifyRequest): EsteiraError {
  return new EsteiraError('not-found', 'Nothing is found at this address.', {
    found: `${request.method} ${request.url.slice(0, 200)}`,
    allowed:
      'POST /models/{name}/predict, explain and feedback, GET /metrics, and the Open Inference Protocol under /v2',
  })
}

/** Fastify's own errors as ours. */
export function classify(error: unknown): unknown {
  if (error instanceof EsteiraError || !isFastifyError(error)) return error
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new EsteiraError('body-too-large', 'The request body is larger than the limit.', {
      allowed: `${maxBodyBytes} bytes`,
      next: 'Send the rows in several requests.',
    })
  }
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new EsteiraError('invalid-request', 'The body is not declared as JSON.', {
      where: 'Content-Type',
      allowed: 'application/json',
    })
  }
  const isTheirs = (error.statusCode ?? 500) < 500
  return isTheirs ? new EsteiraError('invalid-request', `The request cannot be read: ${error.message}.`) : error
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && 'statusCode' in error
}

export function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  // Fastify closes the connection on a body that is too large, and its client may then never read the answer.
  // Left open, Node reads the rest and throws it away.
  if (problem.code === 'body-too-large') reply.removeHeader('connection')
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer')
  if (problem.status === 429 || problem.status === 503) reply.header('retry-after', retryAfterSeconds)
  if (request.url.startsWith('/v2')) return sendProtocolError(problem, reply)
  return reply.code(problem.status).type('application/problem+json; charset=utf-8').send(JSON.stringify(problem))
}

/** The error of the Open Inference Protocol, which knows 400 for whatever is wrong with an input. */
function sendProtocolError(problem: Problem, reply: FastifyReply): FastifyReply {
  const problems = (problem.problems ?? []).map(({ path, message, nearest }) => {
    const hint = nearest === undefined ? '' : ` Did you mean "${nearest}"?`
    return `${path ? `${path}: ` : ''}${message}${hint}`
  })
  const error = [describeProblem(problem), ...problems].join('\n')
  return reply.code(problem.status === 422 ? 400 : problem.status).send({ error, code: problem.code })
}
