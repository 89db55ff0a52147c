/** How one route of the control API is described. */
import { z } from 'zod'

export const apiPrefix = '/api/v1'

export interface Route<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** With `:name` for each parameter. */
  readonly path: string
  readonly summary: string
  readonly params: Params
  readonly query: Query
  readonly body: Body
  readonly response: Response
}

const none = z.undefined()
/** The answer of a route that has nothing to tell. */
export const ok = z.object({ ok: z.literal(true) })

export function route<
  Params extends z.ZodType = typeof none,
  Query extends z.ZodType = typeof none,
  Body extends z.ZodType = typeof none,
  Response extends z.ZodType = typeof ok,
>(
  method: Route['method'],
  path: string,
  summary: string,
  parts: { params?: Params; query?: Query; body?: Body; response: Response },
): Route<Params | typeof none, Query | typeof none, Body | typeof none, Response> {
  return {
    method,
    path: `${apiPrefix}${path}`,
    summary,
    params: parts.params ?? none,
    query: parts.query ?? none,
    body: parts.body ?? none,
    response: parts.response,
  }
}

export const idParams = z.object({ id: z.string() })
export const nameParams = z.object({ name: z.string() })
/** A named thing of a project. */
export const projectNameParams = z.object({ id: z.string(), name: z.string() })
