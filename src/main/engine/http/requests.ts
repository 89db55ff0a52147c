/** What a handler of a route is given and gives back. */
import type { z } from 'zod'
import type { RouteName, RouteResponse, routes } from '#shared/api.ts'

type Routes = typeof routes

/** The parts of a request as the schemas of the route let them through: defaults filled in. A part it lacks is `never`. */
export interface HandlerRequest<Name extends RouteName> {
  readonly params: NonNullable<z.output<Routes[Name]['params']>>
  readonly query: NonNullable<z.output<Routes[Name]['query']>>
  readonly body: NonNullable<z.output<Routes[Name]['body']>>
  /** Aborts when the caller goes away before the answer: long work ends then. */
  readonly signal: AbortSignal
}

export type Handlers = {
  readonly [Name in RouteName]: (request: HandlerRequest<Name>) => RouteResponse<Name> | Promise<RouteResponse<Name>>
}

/** The handlers of some routes: those of one noun. */
export type HandlersOf<Name extends RouteName> = Pick<Handlers, Name>

export interface PageRequest {
  readonly limit: number
  readonly cursor?: string | undefined
}
