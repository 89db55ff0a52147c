/** Keeps the cache live: follows the events of the engine and applies them a few times a second. */
import { notifyManager, type QueryClient } from '@tanstack/react-query'
import { eventsPath } from '#shared/api.ts'
import { followEvents, type OpenStream } from '#shared/event-stream.ts'
import type { EngineEvent } from '#shared/events.ts'
import { authorization, tokenComesByItself } from './api.ts'
import { applyEvent } from './cache-updates.ts'
import { setConnection } from './connection.ts'

/** Many events arrive together while steps report; a person sees no difference below this. */
const flushIntervalMs = 100

/** Starts following; the returned function stops it. */
export function startLive(client: QueryClient): () => void {
  const abort = new AbortController()
  const flush = createFlusher(client)
  void followEvents({
    open: () => openStream(abort.signal),
    onEvent: flush,
    onState: (state) => {
      setConnection(state)
      // Events were missed while there was no stream, the first moments of the page included.
      if (state === 'connected') client.invalidateQueries()
    },
    wait: (milliseconds) => waitOrRetry(milliseconds, abort.signal),
    stopped: () => abort.signal.aborted,
  })
  return () => abort.abort()
}

/** A page that asks for it, or the network coming back, ends the wait early. */
const retryEvent = 'esteira-retry'
export function retryNow(): void {
  window.dispatchEvent(new Event(retryEvent))
}

function waitOrRetry(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      window.removeEventListener(retryEvent, done)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    window.addEventListener(retryEvent, done)
    signal.addEventListener('abort', done)
  })
}

async function openStream(stop: AbortSignal): Promise<OpenStream | 'unauthorized'> {
  const abort = new AbortController()
  stop.addEventListener('abort', () => abort.abort(), { signal: abort.signal })
  const { signal } = abort
  const response = await fetch(eventsPath, { headers: { accept: 'text/event-stream', ...authorization() }, signal })
  if (response.status === 401 && !tokenComesByItself) return 'unauthorized'
  if (!response.ok || response.body === null) throw new Error(`The event stream answered ${response.status}.`)
  return { texts: textsOf(response.body), close: () => abort.abort() }
}

/** Not every browser lets a stream be iterated over, so its reader is. */
async function* textsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield decoder.decode(value, { stream: true })
    }
  } finally {
    reader.cancel().catch(() => undefined)
  }
}

function createFlusher(client: QueryClient): (event: EngineEvent) => void {
  let waiting: EngineEvent[] = []
  const flush = () => {
    const events = waiting
    waiting = []
    notifyManager.batch(() => {
      for (const event of events) applyEvent(client, event)
    })
  }
  return (event) => {
    if (waiting.length === 0) setTimeout(flush, flushIntervalMs)
    waiting.push(event)
  }
}
