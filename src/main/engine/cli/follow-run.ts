/** Starts a run and follows it to its end, wherever it is executed. */
import type { Run, RunStatus } from '#shared/runs.ts'
import { EsteiraError } from '../kernel/errors.ts'
import type { CommandLine } from './command-line.ts'
import { type Connection, connect } from './connect.ts'
import { type EventStream, openEvents } from './events.ts'
import { runAnswer } from './run-answer.ts'
import { RunView } from './run-view.ts'

const endedStatuses: readonly RunStatus[] = ['succeeded', 'failed', 'cancelled']
/** An engine that goes away is replaced, which resumes the run; one that keeps going away is not. */
const maxReconnects = 3
/** The exit code that shells give a command ended by Ctrl-C. */
const interruptedExit = 130

/** Retries a run and follows it. */
export function retry(line: CommandLine, id: string): Promise<void> {
  return startAndFollow(line, ({ client }) => client.call('retryRun', { params: { id } }))
}

/** Answers with the run as it ended. A run that did not succeed fails the command with the run's own problem. */
export async function startAndFollow(
  line: CommandLine,
  start: (connection: Connection) => Promise<Run>,
): Promise<void> {
  const following = new Following(line, await connect(line))
  try {
    const run = await following.follow(start)
    const answer = await runAnswer(following.connection, run)
    line.answer(answer, () => following.view.describeEnd(run, answer.version))
    if (run.status !== 'succeeded') line.failed(run.error)
  } finally {
    await following.close()
  }
}

/** Follows a run that is only a means: answers with what is asked for after its end. */
export async function followRun<Answer>(
  line: CommandLine,
  start: (connection: Connection) => Promise<Run>,
  answer: (connection: Connection, run: Run) => Promise<Answer>,
): Promise<Answer> {
  const following = new Following(line, await connect(line))
  try {
    const run = await following.follow(start)
    return await answer(following.connection, run)
  } finally {
    await following.close()
  }
}

class Following {
  connection: Connection
  readonly view: RunView
  readonly #line: CommandLine
  #runId: string | undefined
  #interrupted = false

  constructor(line: CommandLine, connection: Connection) {
    this.#line = line
    this.connection = connection
    this.view = new RunView(process.stderr)
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, this.#interrupt)
  }

  /** Listens before the run begins, so that nothing is missed. */
  async follow(start: (connection: Connection) => Promise<Run>): Promise<Run> {
    let events = await openEvents(this.connection)
    try {
      let run = await start(this.connection)
      this.#runId = run.id
      if (this.#interrupted) this.#cancel()
      for (let reconnects = 0; ; ) {
        this.view.update(run)
        if (!endedStatuses.includes(run.status)) await this.#untilEnd(run.id, events)
        try {
          run = await this.connection.client.call('getRun', { params: { id: run.id } })
          if (endedStatuses.includes(run.status)) return run
          events.close()
          events = await openEvents(this.connection)
          run = await this.connection.client.call('getRun', { params: { id: run.id } })
        } catch (error) {
          if (!isUnreachable(error) || ++reconnects > maxReconnects) throw error
          this.view.note('The engine has stopped; the run goes on in this process.')
          this.connection = await connect(this.#line)
          events = await openEvents(this.connection)
          run = await this.connection.client.call('getRun', { params: { id: run.id } })
        }
      }
    } finally {
      this.view.close()
      events.close()
    }
  }

  async close(): Promise<void> {
    await this.connection.close()
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, this.#interrupt)
  }

  /** Returns when the run has ended, or the stream has. */
  async #untilEnd(id: string, events: EventStream): Promise<void> {
    for await (const event of events) {
      if (event.type === 'step-changed' && event.runId === id) this.view.step(event.step)
      else if (event.type === 'log' && event.runId === id) this.view.log(event.lines)
      else if (event.type === 'run-changed' && event.run.id === id && endedStatuses.includes(event.run.status)) return
    }
  }

  readonly #interrupt = () => {
    if (this.#interrupted) process.exit(interruptedExit)
    this.#interrupted = true
    this.view.note('Cancelling the run. Once more stops at once; the run then resumes with the next engine.')
    if (this.#runId !== undefined) this.#cancel()
  }

  #cancel(): void {
    const params = { id: this.#runId ?? '' }
    // A run that has just ended cannot be cancelled any more, and need not be.
    this.connection.client.call('cancelRun', { params }).catch(() => {})
  }
}

function isUnreachable(error: unknown): boolean {
  return error instanceof EsteiraError && error.code === 'engine-unreachable'
}
