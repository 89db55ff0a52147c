/** The event stream of an engine, as the command line follows it. */
import type { IncomingMessage } from 'node:http'
import { eventsPath } from '#shared/api.ts'
import { createEventParser } from '#shared/event-stream.ts'
import type { EngineEvent } from '#shared/events.ts'
import { EsteiraError } from '../kernel/errors.ts'
import type { Connection } from './connect.ts'
import { openResponse } from './http.ts'

/** Three heartbeats: a stream that is silent for longer is dead. */
const silenceMs = 45_000

export interface EventStream extends AsyncIterable<EngineEvent> {
  close(): void
}

/** Begins to listen; what happens after this returns is in the stream. @throws EsteiraError `engine-unreachable` */
export async function openEvents({ controlUrl, token }: Connection): Promise<EventStream> {
  const url = controlUrl + eventsPath
  const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' }
  const response = await openResponse(url, { headers, timeoutMs: silenceMs })
  if (response.statusCode !== 200) {
    response.destroy()
    throw new EsteiraError('engine-unreachable', `The engine refuses its events: status ${response.statusCode}.`, {
      where: url,
    })
  }
  return { [Symbol.asyncIterator]: () => readEvents(response), close: () => response.destroy() }
}

/** Ends when the connection does, for whatever reason: whoever listens asks for the present state and listens again. */
async function* readEvents(response: IncomingMessage): AsyncGenerator<EngineEvent> {
  let arrived: EngineEvent[] = []
  const parse = createEventParser((event) => arrived.push(event))
  response.setEncoding('utf8')
  try {
    for await (const part of response) {
      parse(String(part))
      yield* arrived
      arrived = []
    }
  } catch {
    // Cut off in the middle.
  }
}
