import type { RouteName, RouteRequest, RouteResponse } from '#shared/api.ts'
import { ApiError, createClient } from '#shared/client.ts'
import type { Problem } from '#shared/errors.ts'
import { setConnection } from './connection.ts'
import { desktop } from './desktop.ts'
import { currentToken } from './token.ts'

/** In the desktop the shell adds the token. One that is refused is an old one, and the new one comes at once. */
export const tokenComesByItself = desktop !== undefined

export function authorization(): Record<string, string> {
  const token = currentToken()
  return token === undefined ? {} : { authorization: `Bearer ${token}` }
}

const clientWith = (signal: AbortSignal | null) =>
  createClient(async (path, init) => {
    const response = await fetch(path, { ...init, signal, headers: { ...init.headers, ...authorization() } })
    if (response.status === 401 && !tokenComesByItself) setConnection('unauthorized')
    return response
  })

/**
 * Calls the control API. Aborting the signal ends the work in the engine too.
 * @throws ApiError for a problem that the engine reports, TypeError when it does not answer, AbortError when aborted
 */
export function call<Name extends RouteName>(
  name: Name,
  request?: RouteRequest<Name>,
  { signal = null }: { signal?: AbortSignal | null } = {},
): Promise<RouteResponse<Name>> {
  return clientWith(signal).call(name, request)
}

/** Any failure of a call as a problem to show. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem
  const unreachable = error instanceof TypeError
  const aborted = error instanceof DOMException && error.name === 'AbortError'
  const code = unreachable ? 'engine-unreachable' : aborted ? 'cancelled' : 'internal'
  const detail = error instanceof Error ? error.message : String(error)
  return { type: `urn:esteira:problem:${code}`, title: '', status: unreachable ? 503 : 500, code, detail }
}
