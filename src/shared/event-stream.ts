/** Reads the event stream of the engine (server-sent events) and keeps reading it: for the UI and the desktop shell. */
import { type EngineEvent, eventSchema } from './events.ts'

/** The longest text kept while waiting for the end of one event: a stream without line ends must not fill the memory. */
const maxPendingCharacters = 4_000_000

/**
 * Takes the text of a stream piece by piece and calls `onEvent` for each whole, valid event. Comments (keep-alives),
 * unknown events and malformed data are passed over: a newer engine may send what this page does not know.
 */
export function createEventParser(onEvent: (event: EngineEvent) => void): (text: string) => void {
  let pending = ''
  return (text) => {
    pending = (pending + text).replaceAll('\r\n', '\n')
    const blocks = pending.split('\n\n')
    pending = (blocks.pop() ?? '').slice(-maxPendingCharacters)
    for (const block of blocks) {
      const event = parseBlock(block)
      if (event !== undefined) onEvent(event)
    }
  }
}

function parseBlock(block: string): EngineEvent | undefined {
  const data = block
    .split('\n')
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).trimStart())
    .join('\n')
  if (data === '') return undefined
  try {
    return eventSchema.safeParse(JSON.parse(data)).data
  } catch {
    return undefined
  }
}

export type StreamState = 'connected' | 'unreachable' | 'unauthorized'

export interface OpenStream {
  readonly texts: AsyncIterable<string>
  /** Gives it up: the texts end or fail. */
  close(): void
}

export interface FollowOptions {
  /** Opens the stream, or tells why there is none. A rejection means that the engine cannot be reached. */
  open(): Promise<OpenStream | 'unauthorized'>
  onEvent(event: EngineEvent): void
  /** Told at every change. After `connected` whatever was known before may be stale. */
  onState(state: StreamState): void
  wait(milliseconds: number): Promise<void>
  stopped(): boolean
}

const firstDelayMs = 500
const longestDelayMs = 10_000
/** The engine says every 15 s that it is still there. One that froze keeps its sockets open, and says nothing. */
export const silenceLimitMs = 40_000

/** The pause before the next attempt: it doubles from half a second up to ten seconds. */
export function reconnectDelayMs(failures: number): number {
  return Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(failures, 10))
}

/** Follows the events until stopped, opening the stream again whenever it ends. */
export async function followEvents(options: FollowOptions): Promise<void> {
  let failures = 0
  while (!options.stopped()) {
    try {
      const stream = await options.open()
      if (options.stopped()) return
      if (stream === 'unauthorized') {
        options.onState('unauthorized')
      } else {
        failures = 0
        options.onState('connected')
        await readStream(stream, options)
        if (!options.stopped()) options.onState('unreachable')
      }
    } catch {
      if (!options.stopped()) options.onState('unreachable')
    }
    await options.wait(reconnectDelayMs(failures))
    failures += 1
  }
}

async function readStream(stream: OpenStream, options: FollowOptions): Promise<void> {
  const push = createEventParser(options.onEvent)
  const watch = { heard: false, ended: false }
  void closeWhenSilent(stream, watch, options)
  try {
    for await (const text of stream.texts) {
      if (options.stopped()) return
      watch.heard = true
      push(text)
    }
  } finally {
    watch.ended = true
  }
}

async function closeWhenSilent(
  stream: OpenStream,
  watch: { heard: boolean; ended: boolean },
  options: FollowOptions,
): Promise<void> {
  do {
    watch.heard = false
    await options.wait(silenceLimitMs)
  } while (watch.heard && !watch.ended)
  if (!watch.ended) stream.close()
}
