/** Answers on the port of the inference server while its thread is started again: come back in a moment, and not a closed door. */
import { createServer, type Server } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { describeProblem, EsteiraError, toProblem } from '../kernel/errors.ts'

const retryAfterSeconds = 1
/** The thread that ended may hold the port a moment longer. */
const openTries = 5
const openEveryMs = 20

export class StandIn {
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
  }

  /** Undefined where the port cannot be had. */
  static async open(address: { host: string; port: number }): Promise<StandIn | undefined> {
    for (let tries = 0; tries < openTries; tries++) {
      const standIn = await StandIn.#tryOpen(address)
      if (standIn !== undefined) return standIn
      await delay(openEveryMs, undefined, { ref: false })
    }
    return undefined
  }

  static async #tryOpen({ host, port }: { host: string; port: number }): Promise<StandIn | undefined> {
    const problem = toProblem(
      new EsteiraError('endpoint-not-ready', 'The inference server is being started again.', {
        next: 'Try again in a moment.',
      }),
    )
    const plain = JSON.stringify(problem)
    const protocol = JSON.stringify({ error: describeProblem(problem), code: problem.code })
    const server = createServer((request, response) => {
      const isProtocol = request.url?.startsWith('/v2') === true
      response.writeHead(problem.status, {
        'content-type': isProtocol ? 'application/json; charset=utf-8' : 'application/problem+json; charset=utf-8',
        'retry-after': String(retryAfterSeconds),
        connection: 'close',
      })
      response.end(isProtocol ? protocol : plain)
      // What is left of the body is read and thrown away, or the client would not come to read the answer.
      request.resume()
    })
    return new Promise((resolve) => {
      server.once('error', () => resolve(undefined))
      server.listen({ host, port }, () => resolve(new StandIn(server)))
    })
  }

  /** The port is free once this resolves; whoever is being answered still is. */
  async close(): Promise<void> {
    this.#server.close()
    this.#server.closeIdleConnections()
    setTimeout(() => this.#server.closeAllConnections(), 1_000).unref()
    // Node lets go of the port by then.
    await new Promise(setImmediate)
  }
}
