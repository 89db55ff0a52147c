/** The typed client of the control API, for the CLI and the UI alike. */
import { type Route, type RouteName, type RouteRequest, type RouteResponse, routes } from './api.ts'
import { type Problem, problemSchema } from './errors.ts'

/** The little of `fetch` that the client needs: it is passed in, so that this file runs anywhere. */
export interface HttpResponse {
  readonly status: number
  json(): Promise<unknown>
}
export type Send = (
  path: string,
  init: { method: string; headers: Record<string, string>; body?: string },
) => Promise<HttpResponse>

/** The engine answered with a problem. */
export class ApiError extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.detail)
    this.name = 'ApiError'
    this.problem = problem
  }
}

export interface ApiClient {
  /** @throws ApiError when the engine answers with a problem */
  call<Name extends RouteName>(name: Name, request?: RouteRequest<Name>): Promise<RouteResponse<Name>>
}

/** `send` adds the origin and the token. */
export function createClient(send: Send): ApiClient {
  return {
    async call<Name extends RouteName>(name: Name, request: RouteRequest<Name> = {}) {
      const route: Route = routes[name]
      const { params, query, body } = request
      const response = await send(fillPath(route.path, params) + toQueryString(query), {
        method: route.method,
        headers: body === undefined ? {} : { 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const answer = await response.json()
      if (response.status >= 400) throw new ApiError(problemSchema.parse(answer))
      // The route's own schema has just decided the type; the compiler cannot follow a generic key that far.
      return route.response.parse(answer) as RouteResponse<Name>
    },
  }
}

function fillPath(path: string, params: unknown): string {
  const values = new Map(Object.entries(params ?? {}))
  return path.replace(/:([a-zA-Z]+)/g, (_, key: string) => encodeURIComponent(String(values.get(key))))
}

function toQueryString(query: unknown): string {
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined)
  if (given.length === 0) return ''
  return `?${given.map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`).join('&')}`
}
