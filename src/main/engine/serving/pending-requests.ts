/** The requests that wait for their answer, so that none is left without one when the thread is about to end. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { EsteiraError } from '../kernel/errors.ts'

/** The caller shall come back when the thread was started again. */
export class PendingRequests {
  readonly #replies = new Set<FastifyReply>()
  #ending = false

  add(app: FastifyInstance): void {
    app.addHook('onRequest', (_, reply, done) => {
      if (this.#ending) throw ending()
      this.#replies.add(reply)
      // Also told where the caller went away.
      reply.raw.once('close', () => this.#replies.delete(reply))
      done()
    })
  }

  /** Answers all that wait, and whatever still comes, with 503. */
  refuseAll(): void {
    this.#ending = true
    for (const reply of this.#replies) {
      if (!reply.sent) reply.header('connection', 'close').send(ending())
    }
  }
}

function ending(): EsteiraError {
  return new EsteiraError('endpoint-not-ready', 'The inference server ends unexpectedly and is started again.', {
    next: 'Try again in a moment.',
  })
}
