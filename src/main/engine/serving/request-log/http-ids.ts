/** Each request has an id: the one that its caller gave, or one made up. Every answer tells it. */
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { givenId, idInHeader, isUsable, requestIdHeader, requestIds } from './request-ids.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** `performance.now()` when its headers were read. */
    arrivedAt: number
  }
}

/** For Fastify, which asks it for each request. */
export function nextRequestId(): (request: IncomingMessage) => string {
  const next = requestIds()
  return ({ headers }) => givenId(headers) ?? next()
}

export function addRequestIds(app: FastifyInstance): void {
  app.decorateRequest('arrivedAt', 0)
  app.addHook('onRequest', (request, reply, done) => {
    request.arrivedAt = performance.now()
    reply.header(requestIdHeader, request.id)
    done()
  })
}

/** Of a request whose body is read: the `id` of the Open Inference Protocol goes before the header. */
export function idOf(request: FastifyRequest): string {
  const { body } = request
  const given = typeof body === 'object' && body !== null && 'id' in body ? body.id : undefined
  return typeof given === 'string' && isUsable(given) ? given : request.id
}

export function tellId(reply: FastifyReply, id: string): void {
  reply.header(requestIdHeader, idInHeader(id))
}
