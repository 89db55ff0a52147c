/** Answers to requests that no route matches: the pages, or a problem that says what there is. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { eventsPath, openApiPath, type Route, routes } from '#shared/api.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { sendUi } from './ui.ts'

export function isApiPath(path: string): boolean {
  return /^\/api(\/|$)/i.test(path)
}

export function pathOf(request: FastifyRequest): string {
  return request.url.split(/[?#]/, 1)[0] ?? '/'
}

/** @throws EsteiraError `method-not-allowed`, `not-found` */
export async function answerUnmatched(
  request: FastifyRequest,
  reply: FastifyReply,
  uiPath: string | undefined,
): Promise<FastifyReply> {
  const path = pathOf(request)
  const methods = methodsOf(path)
  if (methods.length > 0) {
    reply.header('allow', methods.join(', '))
    throw new EsteiraError('method-not-allowed', `${path} does not take ${request.method}.`, {
      found: request.method,
      allowed: methods.join(', '),
    })
  }
  if ((request.method === 'GET' || request.method === 'HEAD') && !isApiPath(path)) {
    const sent = await sendUi(reply, uiPath, path, request.headers.accept)
    if (sent !== undefined) return sent
  }
  throw new EsteiraError('not-found', `There is nothing at ${request.method} ${path}.`, {
    next: `Every route is described at ${openApiPath}.`,
  })
}

const patterns = [
  ...Object.values<Route>(routes),
  ...[eventsPath, openApiPath].map((path) => ({ path, method: 'GET' })),
].map(({ path, method }) => ({ method, pattern: new RegExp(`^${path.replace(/:[a-zA-Z]+/g, '[^/]+')}$`) }))

/** The methods that the routes at this path take; none if there is no route. */
function methodsOf(path: string): string[] {
  return [...new Set(patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))]
}
