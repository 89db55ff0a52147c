/** Keeps the requests of an endpoint to its access rules: key, origin, size. Lives in the inference thread. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { type Readable, Transform } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type AccessRules, defaultAccessRules } from '#shared/access.ts'
import { EsteiraError } from '../kernel/errors.ts'

/** What there is to keep to at an endpoint. */
export interface EnforcedAccess extends AccessRules {
  /** Of the keys that hold: see `digestOf`. */
  readonly digests: readonly string[]
}

const open: EnforcedAccess = { ...defaultAccessRules, digests: [] }
const preflightSeconds = 600

export class AccessGuard {
  readonly #access = new Map<string, EnforcedAccess>()
  /** Passes without a key: the engine asks on behalf of those who may use the control API. */
  readonly #engineDigest: string | undefined

  constructor(engineSecret?: string) {
    this.#engineDigest = engineSecret && digestOf(engineSecret)
  }

  set(endpoint: string, access: EnforcedAccess): void {
    this.#access.set(endpoint, access)
  }

  allowsOrigin(endpoint: string | undefined, origin: string): boolean {
    return this.#of(endpoint).origins.includes(origin.toLowerCase())
  }

  /**
   * @param fromOutside whether another machine asks, which no endpoint answers without keys
   * @throws EsteiraError `unauthorized`
   */
  checkKey(endpoint: string, headers: FastifyRequest['headers'], fromOutside = false): void {
    const { keysRequired, digests } = this.#of(endpoint)
    if (!keysRequired && !fromOutside) return
    const given = keyOf(headers)
    if (given !== undefined && this.#holds(given, digests)) return
    throw new EsteiraError('unauthorized', `The endpoint "${endpoint}" asks for a key.`, {
      where: 'header Authorization',
      found: given === undefined ? 'no key' : 'a key that does not hold here',
      allowed: 'Bearer and one of the keys of the endpoint; or the key alone as X-API-Key',
      next: 'Keys are made on the page of the endpoint, or with "esteira endpoints add-key".',
    })
  }

  /** When the work on a request that has arrived is given up; both by `performance.now()`. */
  deadlineOf(endpoint: string, arrivedAt: number): number {
    return arrivedAt + this.#of(endpoint).timeLimitMs
  }

  /** Refuses a body that says it is too large, and ends one that turns out to be. */
  limitBody(endpoint: string, request: FastifyRequest, payload: Readable): Readable {
    const { maxBodyBytes } = this.#of(endpoint)
    if (maxBodyBytes >= defaultAccessRules.maxBodyBytes) return payload
    if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) throw tooLarge(maxBodyBytes)
    let bytes = 0
    const limited = new Transform({
      transform(chunk: Buffer, _, done) {
        bytes += chunk.length
        if (bytes > maxBodyBytes) done(tooLarge(maxBodyBytes))
        else done(null, chunk)
      },
    })
    return payload.pipe(limited)
  }

  #holds(key: string, digests: readonly string[]): boolean {
    const digest = digestOf(key)
    if (this.#engineDigest !== undefined && isSame(digest, this.#engineDigest)) return true
    return digests.some((stored) => isSame(digest, stored))
  }

  #of(endpoint: string | undefined): EnforcedAccess {
    return (endpoint === undefined ? undefined : this.#access.get(endpoint)) ?? open
  }
}

/** The answers to what a browser asks before it sends a request of a page of another origin. */
export function addPreflightRoutes(app: FastifyInstance): void {
  for (const path of ['/models/:name/*', '/v2/models/:name', '/v2/models/:name/*']) {
    app.options(path, (request, reply) => {
      if (request.headers.origin === undefined) {
        throw new EsteiraError('method-not-allowed', 'This address answers OPTIONS to browsers alone.', {
          found: 'no Origin header',
        })
      }
      return reply
        .header('access-control-allow-methods', 'GET, POST')
        .header('access-control-allow-headers', 'content-type, authorization, x-api-key')
        .header('access-control-max-age', String(preflightSeconds))
        .code(204)
        .send()
    })
  }
}

/** On whatever is answered to a page of an allowed origin, errors too. */
export function allowOrigin(reply: FastifyReply, origin: string): void {
  reply.header('access-control-allow-origin', origin).header('vary', 'Origin')
}

function keyOf(headers: FastifyRequest['headers']): string | undefined {
  const bearer = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1]
  const plain = headers['x-api-key']
  return bearer ?? (typeof plain === 'string' && plain !== '' ? plain : undefined)
}

function isSame(digest: string, other: string): boolean {
  return digest.length === other.length && timingSafeEqual(Buffer.from(digest), Buffer.from(other))
}

function tooLarge(maxBodyBytes: number): EsteiraError {
  return new EsteiraError('body-too-large', 'The request body is larger than the endpoint takes.', {
    allowed: `${maxBodyBytes} bytes`,
    next: 'Send the rows in several requests.',
  })
}

export function digestOf(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}
