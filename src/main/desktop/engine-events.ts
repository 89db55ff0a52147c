import { eventsPath } from '#shared/api.ts'
import { followEvents } from '#shared/event-stream.ts'
import type { EngineEvent } from '#shared/events.ts'
import type { EngineRecord } from './engine-record.ts'

/** Follows the events of an engine for the tray and the notifications; the returned function ends it. */
export function followEngine(engine: EngineRecord, onEvent: (event: EngineEvent) => void): () => void {
  const abort = new AbortController()
  void followEvents({
    open: async () => {
      const response = await fetch(engine.controlUrl + eventsPath, {
        headers: { accept: 'text/event-stream', authorization: `Bearer ${engine.token}` },
        signal: abort.signal,
      })
      if (response.status === 401) return 'unauthorized'
      if (!response.ok || response.body === null) throw new Error(`The event stream answered ${response.status}.`)
      return textsOf(response.body)
    },
    onEvent,
    onState: () => undefined,
    wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds).unref()),
    stopped: () => abort.signal.aborted,
  })
  return () => abort.abort()
}

async function* textsOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  for await (const chunk of body) yield decoder.decode(chunk, { stream: true })
}
