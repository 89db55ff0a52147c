import { eventsPath } from '#shared/api.ts'
import { followEvents, type OpenStream } from '#shared/event-stream.ts'
import type { EngineEvent } from '#shared/events.ts'
import type { EngineRecord } from './engine-record.ts'

export interface EngineListener {
  onEvent(event: EngineEvent): void
  /** The stream is open: whatever was known before may be stale. */
  onConnected(): void
}

/** Follows the events of an engine for the tray and the notifications; the returned function ends it. */
export function followEngine(engine: EngineRecord, { onEvent, onConnected }: EngineListener): () => void {
  const stop = new AbortController()
  void followEvents({
    open: () => openStream(engine, stop.signal),
    onEvent,
    onState: (state) => {
      if (state === 'connected') onConnected()
    },
    wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds).unref()),
    stopped: () => stop.signal.aborted,
  })
  return () => stop.abort()
}

async function openStream(engine: EngineRecord, stop: AbortSignal): Promise<OpenStream | 'unauthorized'> {
  const abort = new AbortController()
  stop.addEventListener('abort', () => abort.abort(), { signal: abort.signal })
  const response = await fetch(engine.controlUrl + eventsPath, {
    headers: { accept: 'text/event-stream', authorization: `Bearer ${engine.token}` },
    signal: abort.signal,
  })
  if (response.status === 401) return 'unauthorized'
  if (!response.ok || response.body === null) throw new Error(`The event stream answered ${response.status}.`)
  return { texts: textsOf(response.body), close: () => abort.abort() }
}

async function* textsOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  for await (const chunk of body) yield decoder.decode(chunk, { stream: true })
}
