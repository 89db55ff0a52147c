/** Sends each request to the version that answers it, and remembers which that was for whoever counts the outcome. */
import type { FastifyRequest } from 'fastify'
import type { Route, ServedEndpoints } from '../served-endpoints.ts'

export class RequestRouter {
  readonly #served: ServedEndpoints
  readonly #taken = new WeakMap<FastifyRequest, Route>()

  constructor(served: ServedEndpoints) {
    this.#served = served
  }

  /**
   * @param rows asked for only where a key is read from them
   * @throws EsteiraError `endpoint-not-found`, `endpoint-not-ready`, and what `rows` throws
   */
  route(request: FastifyRequest, endpoint: string, rows: () => readonly unknown[]): Route {
    const { headers } = request
    return this.take(request, this.#served.route(endpoint, { headers, rows }))
  }

  /** The request is answered in this way, however it was chosen. */
  take(request: FastifyRequest, route: Route): Route {
    this.#taken.set(request, route)
    return route
  }

  /** Undefined for a request that failed before it was clear who answers. */
  of(request: FastifyRequest): Route | undefined {
    return this.#taken.get(request)
  }
}
