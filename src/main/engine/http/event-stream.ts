/** Server-sent events: what the engine publishes, to every listening client, with a short memory for reconnects. */
import { randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { EngineEvent } from '#shared/events.ts'
import type { EventBus } from '../kernel/events.ts'

export interface EventStreamOptions {
  /** Keeps proxies and clients from taking silence for a dead connection. */
  readonly heartbeatMs?: number
  /** How many events a client that comes back can be given. */
  readonly remembered?: number
  /** How much may wait for one client; one that reads more slowly is dropped, and may come back with Last-Event-ID. */
  readonly maxBacklogBytes?: number
}

interface Sent {
  readonly number: number
  readonly runId: string | undefined
  readonly text: string
}

interface Client {
  readonly response: ServerResponse
  readonly runId: string | undefined
}

export interface Subscription {
  /** Only the events of this run. */
  readonly runId?: string | undefined
  /** As the client got it with the last event it saw. */
  readonly lastEventId?: string | undefined
}

/** Events remembered are bounded by their size too: a log event can hold many lines. */
const maxRememberedCharacters = 4_000_000

export class EventStream {
  readonly #clients = new Set<Client>()
  readonly #sent: Sent[] = []
  readonly #remembered: number
  readonly #maxBacklogBytes: number
  readonly #unsubscribe: () => void
  readonly #heartbeat: NodeJS.Timeout
  /** Tells the numbers of this engine from those of the one before it. */
  readonly #epoch = randomBytes(6).toString('hex')
  #number = 0
  #characters = 0

  constructor(events: EventBus, options: EventStreamOptions = {}) {
    this.#remembered = options.remembered ?? 1_000
    this.#maxBacklogBytes = options.maxBacklogBytes ?? 1_000_000
    this.#unsubscribe = events.subscribe((event) => this.#send(event))
    this.#heartbeat = setInterval(() => this.#beat(), options.heartbeatMs ?? 15_000)
    this.#heartbeat.unref()
  }

  get clients(): number {
    return this.#clients.size
  }

  /** Begins the stream on a response whose headers are not sent yet. */
  attach(response: ServerResponse, headers: Record<string, string>, { runId, lastEventId }: Subscription): void {
    // The stream lasts as long as its connection. Chunks would be gathered before they are sent, and hide what waits.
    response.useChunkedEncodingByDefault = false
    response.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      connection: 'close',
    })
    const client: Client = { response, runId }
    response.write('retry: 1000\n')
    // A client that is cut off before its first event still has an id to come back with.
    if (lastEventId === undefined) response.write(`id: ${this.#id(this.#number)}\n\n`)
    else response.write(['\n', ...this.#missed(lastEventId, runId)].join(''))
    this.#clients.add(client)
    response.on('close', () => this.#clients.delete(client))
  }

  /** Ends every stream. */
  close(): void {
    this.#unsubscribe()
    clearInterval(this.#heartbeat)
    this.dropClients()
  }

  /** Ends the streams of now; new ones can begin. */
  dropClients(): void {
    for (const { response } of this.#clients) response.end()
    this.#clients.clear()
  }

  #send(event: EngineEvent): void {
    this.#number += 1
    const text = `id: ${this.#id(this.#number)}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
    const sent: Sent = { number: this.#number, runId: runOf(event), text }
    this.#remember(sent)
    for (const client of this.#clients) {
      if (client.runId === undefined || client.runId === sent.runId) this.#write(client, text)
    }
  }

  #remember(sent: Sent): void {
    this.#sent.push(sent)
    this.#characters += sent.text.length
    while (this.#sent.length > this.#remembered || this.#characters > maxRememberedCharacters) {
      this.#characters -= this.#sent.shift()?.text.length ?? 0
    }
  }

  /** What a returning client has not seen; or one `reset`, where that is not known any more: it must ask afresh. */
  #missed(lastEventId: string | undefined, runId: string | undefined): string[] {
    if (lastEventId === undefined) return []
    const last = this.#numberOf(lastEventId)
    const oldest = this.#sent[0]?.number ?? this.#number + 1
    if (last === undefined || last + 1 < oldest) {
      return [`id: ${this.#id(this.#number)}\nevent: reset\ndata: {}\n\n`]
    }
    return this.#sent
      .filter((sent) => sent.number > last && (runId === undefined || runId === sent.runId))
      .map((sent) => sent.text)
  }

  #id(number: number): string {
    return `${this.#epoch}-${number}`
  }

  #numberOf(id: string): number | undefined {
    const [epoch, text = ''] = id.split('-')
    if (epoch !== this.#epoch || !/^\d{1,15}$/.test(text)) return undefined
    const number = Number(text)
    return number <= this.#number ? number : undefined
  }

  #beat(): void {
    for (const client of this.#clients) this.#write(client, ': still here\n\n')
  }

  #write(client: Client, text: string): void {
    client.response.write(text)
    if (client.response.writableLength <= this.#maxBacklogBytes) return
    this.#clients.delete(client)
    client.response.destroy()
  }
}

function runOf(event: EngineEvent): string | undefined {
  if (event.type === 'run-changed') return event.run.id
  return 'runId' in event ? event.runId : undefined
}
