/** The routes of the catalogue on the server: parsed on the way in, checked on the way out, handled by name. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { serializerCompiler } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { eventsPath, type Route, type RouteName, routes } from '#shared/api.ts'
import { problemSchema } from '#shared/errors.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { safeParseRequest } from '../kernel/parse-request.ts'
import type { EventStream } from './event-stream.ts'
import { operation } from './openapi.ts'
import { partError } from './problems.ts'
import type { HandlerRequest, Handlers } from './requests.ts'

/** The only route that answers without a token: whoever looks for an engine has none yet. */
const openRoute: RouteName = 'getHealth'

export function registerRoutes(app: FastifyInstance, handlers: Handlers): void {
  for (const name of Object.keys(routes)) if (isRouteName(name)) registerRoute(app, name, handlers)
}

/** Requests and responses are checked by the zod schemas of the routes. */
export function compileWithZod(app: FastifyInstance): void {
  app.setValidatorCompiler<z.ZodType>(({ schema, httpPart }) => (value: unknown) => {
    const result = safeParseRequest(schema, value)
    if (result.success) return { value: result.data }
    const part = httpPart === 'querystring' ? 'query' : (httpPart ?? 'request')
    return { error: partError(part, result.error, value, schema) }
  })
  app.setSerializerCompiler(serializerCompiler)
}

function isRouteName(name: string): name is RouteName {
  return Object.hasOwn(routes, name)
}

const problemResponse = {
  description: 'What went wrong, by a stable code.',
  content: { 'application/problem+json': { schema: problemSchema } },
}

function registerRoute<Name extends RouteName>(app: FastifyInstance, name: Name, handlers: Handlers): void {
  const route: Route = routes[name]
  const open = name === openRoute
  const handle = handlers[name]
  app.route({
    method: route.method,
    url: route.path,
    config: { open },
    schema: {
      ...operation(name, route.path, route.summary),
      ...(open && { security: [] }),
      ...part('params', route.params),
      ...part('querystring', route.query),
      ...part('body', route.body),
      response: { 200: route.response, default: problemResponse },
    },
    handler: (request, reply) => handle(parsedParts<Name>(request, signalOf(reply))),
  })
}

/** Absent where the route has no such part. A misspelt key is an error: silently dropped, it would do something else. */
function part(name: 'params' | 'querystring' | 'body', schema: z.ZodType): Record<string, z.ZodType> {
  if (schema instanceof z.ZodUndefined) return {}
  return { [name]: schema instanceof z.ZodObject ? schema.strict() : schema }
}

/** Aborts when the connection ends before the answer was sent. */
function signalOf({ raw }: FastifyReply): AbortSignal {
  const abort = new AbortController()
  raw.once('close', () => {
    if (!raw.writableFinished) abort.abort(new EsteiraError('cancelled', 'The caller went away before the answer.'))
  })
  return abort.signal
}

function parsedParts<Name extends RouteName>(
  { params, query, body }: FastifyRequest,
  signal: AbortSignal,
): HandlerRequest<Name> {
  // The validator has just replaced each part by what the schema of this very route made of it; fastify cannot say so.
  return { params, query, body, signal } as HandlerRequest<Name>
}

const eventsQuery = z.strictObject({ runId: z.string().optional().describe('Only the events of this run.') })

/** Every event of the engine as it happens. Written to the socket by the stream itself, not by fastify. */
export function registerEvents(app: FastifyInstance, stream: EventStream): void {
  app.route<{ Querystring: z.output<typeof eventsQuery> }>({
    method: 'GET',
    url: eventsPath,
    schema: {
      ...operation('streamEvents', eventsPath, 'Server-sent events; Last-Event-ID resumes, `reset` means: ask afresh.'),
      querystring: eventsQuery,
    },
    handler: (request, reply) => {
      const lastEventId = request.headers['last-event-id']
      reply.hijack()
      stream.attach(reply.raw, plainHeaders(reply.getHeaders()), {
        runId: request.query.runId,
        lastEventId: Array.isArray(lastEventId) ? lastEventId[0] : lastEventId,
      })
    },
  })
}

function plainHeaders(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
}
