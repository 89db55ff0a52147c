/** Reads the JSON of request bodies: a small one at once, a large one in turns with whoever else asks. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { EsteiraError } from '../kernel/errors.ts'
import { inTurns } from '../kernel/turns.ts'
import { parseInSteps } from './large-json.ts'
import { checkDeadline } from './micro-batcher.ts'

/** What is longer takes longer than a turn to parse. */
const largeBytes = 256 * 1024
/** Of large bodies whose requests are not answered yet: what is made of them takes several times that. */
const maxWaitingBytes = 64 * 1024 * 1024

declare module 'fastify' {
  interface FastifyRequest {
    /** By `performance.now()`: then the work on it is given up. Set once its body has arrived. */
    deadline: number
  }
}

/** The value of a JSON text. @throws where it is not valid, or has keys that would change a prototype */
export type ParseText = (request: FastifyRequest, text: string) => unknown

type Done = (error: Error | null, body?: unknown) => void

export class RequestBodies {
  readonly #deadlineOf: (request: FastifyRequest) => number
  readonly #bytes = new Map<FastifyRequest, number>()
  #waitingBytes = 0

  constructor(deadlineOf: (request: FastifyRequest) => number) {
    this.#deadlineOf = deadlineOf
  }

  /** In place of the parsers that the app has. */
  addParser(app: FastifyInstance): void {
    const parse = textParser(app)
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done: Done) =>
      this.read(request, body, parse, done),
    )
  }

  /** Once the body has arrived it is the server that takes its time. */
  startClock(request: FastifyRequest): void {
    if (request.deadline === Number.POSITIVE_INFINITY) request.deadline = this.#deadlineOf(request)
  }

  /** Of a request whose body has not arrived yet. */
  watch(request: FastifyRequest, reply: FastifyReply): void {
    if (Number(request.headers['content-length']) <= largeBytes) return
    reply.raw.once('close', () => this.#release(request))
  }

  /** Calls `done` with the value, or with what is wrong: `overloaded`, `deadline-passed`, or what `parse` throws. */
  read(request: FastifyRequest, json: Buffer, parse: ParseText, done: Done): void {
    if (json.length > largeBytes) {
      this.#readLarge(request, json, parse).then(
        (value) => done(null, value),
        (error: unknown) => done(asError(error)),
      )
      return
    }
    let value: unknown
    try {
      value = parse(request, json.toString('utf8'))
    } catch (error) {
      done(asError(error))
      return
    }
    done(null, value)
  }

  async #readLarge(request: FastifyRequest, json: Buffer, parse: ParseText): Promise<unknown> {
    this.startClock(request)
    this.#admit(request, json.length)
    try {
      const steps = parseInSteps(json, (text) => parse(request, text))
      return await inTurns(steps, () => checkDeadline(request.deadline))
    } catch (error) {
      // In the words of those who parse small ones.
      if (error instanceof SyntaxError) return parse(request, notJson)
      throw error
    }
  }

  #admit(request: FastifyRequest, bytes: number): void {
    if (this.#waitingBytes > 0 && this.#waitingBytes + bytes > maxWaitingBytes) {
      throw new EsteiraError('overloaded', 'Too many large requests are waiting.', {
        found: `${this.#bytes.size} requests with ${this.#waitingBytes} bytes`,
        allowed: `${maxWaitingBytes} bytes of bodies that are larger than ${largeBytes} bytes`,
        next: 'Try again in a second, or send fewer rows at once.',
      })
    }
    this.#bytes.set(request, bytes)
    this.#waitingBytes += bytes
  }

  #release(request: FastifyRequest): void {
    this.#waitingBytes -= this.#bytes.get(request) ?? 0
    this.#bytes.delete(request)
  }
}

const notJson = '}'

/** The parser of fastify, which refuses keys that would change a prototype. */
export function textParser(app: FastifyInstance): ParseText {
  const parse = app.getDefaultJsonParser('error', 'error')
  return (request, text) => {
    let value: unknown
    parse(request, text, (error, content) => {
      if (error !== null) throw error
      value = content
    })
    return value
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
