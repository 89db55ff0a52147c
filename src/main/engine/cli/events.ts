/** The event stream of an engine, as the command line follows it. */
import type { IncomingMessage } from 'node:http'
import { eventsPath } from '#shared/api.ts'
import { type EngineEvent, eventSchema } from '#shared/events.ts'
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

/** Ends when the connection does, for whatever reason. Events that this version does not know are passed over. */
async function* readEvents(response: IncomingMessage): AsyncGenerator<EngineEvent> {
  let rest = ''
  response.setEncoding('utf8')
  try {
    for await (const part of response) {
      const blocks = (rest + String(part)).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const event = parseEvent(block)
        if (event !== undefined) yield event
      }
    }
  } catch {
    // Cut off: whoever listens asks for the present state and listens again.
  }
}

/** Data is one line of JSON, as the engine sends it. */
function parseEvent(block: string): EngineEvent | undefined {
  const data = /^data: (.*)$/m.exec(block)?.[1]
  return data === undefined ? undefined : eventSchema.safeParse(JSON.parse(data)).data
}
