import type { RouteName, RouteRequest, RouteResponse } from '#shared/api.ts'
import { ApiError, createClient } from '#shared/client.ts'
import type { Problem } from '#shared/errors.ts'
import { setConnection } from './connection.ts'
import { currentToken } from './token.ts'

export function authorization(): Record<string, string> {
  const token = currentToken()
  return token === undefined ? {} : { authorization: `Bearer ${token}` }
}

const client = createClient(async (path, init) => {
  const response = await fetch(path, { ...init, headers: { ...init.headers, ...authorization() } })
  if (response.status === 401) setConnection('unauthorized')
  return response
})

/** Calls the control API. @throws ApiError for a problem that the engine reports, TypeError when it does not answer */
export function call<Name extends RouteName>(name: Name, request?: RouteRequest<Name>): Promise<RouteResponse<Name>> {
  return client.call(name, request)
}

/** Any failure of a call as a problem to show. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem
  const unreachable = error instanceof TypeError
  const code = unreachable ? 'engine-unreachable' : 'internal'
  const detail = error instanceof Error ? error.message : String(error)
  return { type: `urn:esteira:problem:${code}`, title: '', status: unreachable ? 503 : 500, code, detail }
}
