/** From whatever fails while a request is handled to the problem that is answered. */
import type { FastifyReply } from 'fastify'
import type { z } from 'zod'
import type { ErrorCode } from '#shared/errors.ts'
import { asEsteiraError, EsteiraError, toProblem } from '../kernel/errors.ts'
import type { Logger } from '../kernel/logger.ts'
import { type Positions, zodProblems } from '../kernel/yaml-file.ts'

/** A control request names things and brings at most the text of one file, as JSON; data never comes this way. */
export const bodyLimitBytes = 4 * 1_048_576

/** Failures of fastify itself, by its codes. */
const fastifyErrors: Readonly<Record<string, { code: ErrorCode; detail: string; allowed?: string }>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'unsupported-media-type',
    detail: 'The content type of the body is not supported.',
    allowed: 'application/json',
  },
  FST_ERR_CTP_BODY_TOO_LARGE: {
    code: 'body-too-large',
    detail: 'The request body is larger than the limit.',
    allowed: `up to ${bodyLimitBytes} bytes`,
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: { code: 'malformed-json', detail: 'The request body is empty.' },
  FST_ERR_CTP_INVALID_JSON_BODY: { code: 'malformed-json', detail: 'The request body is not JSON.' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: 'invalid-request',
    detail: 'The request body is not as long as its Content-Length says.',
  },
  FST_ERR_BAD_URL: { code: 'invalid-request', detail: 'The address is not a valid URL.' },
  FST_ERR_MAX_PARAM_LENGTH: { code: 'invalid-request', detail: 'A part of the address is too long.' },
}

/** Answers with RFC 9457 problem details. What is our own fault is logged with its stack, which never leaves the engine. */
export function sendProblem(error: unknown, reply: FastifyReply, logger: Logger): FastifyReply {
  const problem = toProblem(toRequestError(error))
  if (problem.status >= 500) logger.error('A request failed.', { code: problem.code, error })
  return reply
    .code(problem.status)
    .type('application/problem+json')
    .serializer((value: unknown) => JSON.stringify(value))
    .send(problem)
}

/** Ours stay as they are; fastify's get a code of the catalogue; anything else is internal. */
function toRequestError(error: unknown): EsteiraError {
  if (error instanceof EsteiraError) return error
  const code = property(error, 'code')
  const known = typeof code === 'string' ? fastifyErrors[code] : undefined
  if (known !== undefined) {
    const allowed = known.allowed !== undefined && { allowed: known.allowed }
    return new EsteiraError(known.code, known.detail, { ...allowed, cause: error })
  }
  const status = property(error, 'statusCode')
  if (error instanceof Error && typeof status === 'number' && status >= 400 && status < 500) {
    return new EsteiraError('invalid-request', error.message, { cause: error })
  }
  return asEsteiraError(error)
}

function property(value: unknown, name: string): unknown {
  return value !== null && typeof value === 'object' ? Reflect.get(value, name) : undefined
}

/** Every problem of one part of a request (`params`, `query` or `body`), each with its path. */
export function partError(part: string, error: z.ZodError, value: unknown, schema: z.ZodType): EsteiraError {
  const problem: Positions['problem'] = (path, details) => ({
    file: part,
    ...(path.length > 0 && { path: path.join('.') }),
    ...details,
  })
  const problems = zodProblems(error, value, { problem, keyProblem: problem }, schema)
  const first = problems[0]
  return new EsteiraError(
    'invalid-request',
    problems.length === 1 && first !== undefined
      ? `The ${part} of the request is not valid: ${first.message}`
      : `The ${part} of the request has ${problems.length} problems.`,
    { where: first?.path === undefined ? part : `${part}.${first.path}`, problems },
  )
}
