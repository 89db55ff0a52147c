import { type ClientRequest, type IncomingMessage, request as sendRequest } from 'node:http'
import { connect } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { EventStreamOptions } from './event-stream.ts'
import { runChanged, startTestServer, type TestServer, token, withToken } from './testing/control-server.ts'

let server: TestServer
const open: ClientRequest[] = []
const start = async (eventStream: EventStreamOptions = {}) => {
  server = await startTestServer({ eventStream })
}
afterEach(async () => {
  for (const request of open.splice(0)) request.destroy()
  await server.close()
})

interface Listener {
  readonly response: IncomingMessage
  /** Everything received so far. */
  text(): string
  until(wanted: string): Promise<void>
  ids(): string[]
}

function listen(query = '', headers: Record<string, string> = {}): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const path = `/api/v1/events${query}`
    const request = sendRequest({ port: server.port, host: '127.0.0.1', path, headers: { ...withToken, ...headers } })
    open.push(request)
    request.on('error', reject)
    request.on('response', (response) => {
      let text = ''
      response.on('data', (part: Buffer) => {
        text += part.toString()
      })
      response.on('error', () => {})
      resolve({
        response,
        text: () => text,
        until: async (wanted) => {
          for (let waited = 0; !text.includes(wanted); waited += 5) {
            if (waited > 3_000) throw new Error(`"${wanted}" never came, only:\n${text.slice(-500)}`)
            await new Promise((done) => setTimeout(done, 5))
          }
        },
        ids: () => [...text.matchAll(/^id: (.+)$/gm)].map((match) => match[1] ?? ''),
      })
    })
    request.end()
  })
}

test('events come with id, name and JSON; the guards of every response are on the stream too', async () => {
  await start()
  const listener = await listen()
  expect(listener.response.headers['content-type']).toBe('text/event-stream; charset=utf-8')
  expect(listener.response.headers['x-content-type-options']).toBe('nosniff')
  const event = runChanged('r1')
  server.events.publish(event)
  await listener.until('run-changed')
  expect(listener.text()).toMatch(/id: [0-9a-f]{12}-1\nevent: run-changed\ndata: \{/)
  expect(listener.text()).toContain(`data: ${JSON.stringify(event)}\n\n`)
})

test('a client that asks for one run gets only that', async () => {
  await start()
  const listener = await listen('?runId=r2')
  for (const id of ['r1', 'r2']) server.events.publish(runChanged(id))
  server.events.publish({ type: 'model-changed', at: 1, model: 'm' })
  server.events.publish({ type: 'metrics', at: 1, runId: 'r1', points: [] })
  server.events.publish({ type: 'metrics', at: 1, runId: 'r2', points: [] })
  await listener.until('"type":"metrics"')
  expect(
    listener
      .text()
      .match(/^data: .*/gm)
      ?.map((line) => /"(?:id|runId)":"(r\d)"/.exec(line)?.[1]),
  ).toEqual(['r2', 'r2'])
})

test('a client that comes back gets what it missed, in order and once', async () => {
  await start()
  const first = await listen()
  server.events.publish(runChanged('seen'))
  await first.until('"seen"')
  const lastEventId = first.ids().at(-1) ?? ''
  first.response.destroy()
  for (const id of ['missed-1', 'missed-2']) server.events.publish(runChanged(id))
  const second = await listen('', { 'last-event-id': lastEventId })
  server.events.publish(runChanged('live'))
  await second.until('"live"')
  expect(second.text().match(/"id":"(\w|-)+"/g)).toEqual(['"id":"missed-1"', '"id":"missed-2"', '"id":"live"'])
  expect(second.text()).not.toContain('reset')
})

test('a client cut off before its first event can come back too', async () => {
  await start()
  const first = await listen()
  await first.until('id: ')
  const lastEventId = first.ids().at(-1) ?? ''
  server.events.publish(runChanged('missed'))
  const second = await listen('', { 'last-event-id': lastEventId })
  await second.until('"missed"')
})

test.each([
  ['too long ago', (id: string) => id],
  ['of the engine before', () => 'ffffffffffff-1'],
  ['not ours', () => 'nonsense'],
  ['from the future', (id: string) => id.replace(/-\d+$/, '-99')],
])('an id %s is told to ask afresh', async (_, change) => {
  await start({ remembered: 2 })
  const first = await listen()
  await first.until('id: ')
  const lastEventId = change(first.ids().at(-1) ?? '')
  for (const id of ['1', '2', '3']) server.events.publish(runChanged(id))
  const second = await listen('', { 'last-event-id': lastEventId })
  await second.until('event: reset')
  expect(second.text()).not.toContain('run-changed')
  expect(second.ids().at(-1)).toMatch(/-3$/)
})

test('silence is broken by a heartbeat', async () => {
  await start({ heartbeatMs: 20 })
  const listener = await listen()
  await listener.until(': still here')
})

test('a client that does not read is dropped instead of buffered for', async () => {
  await start({ maxBacklogBytes: 500_000 })
  const socket = connect(server.port, '127.0.0.1')
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()))
  socket.on('error', () => {})
  socket.write(
    `GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nAuthorization: Bearer ${token}\r\n\r\n`,
  )
  await new Promise<void>((resolve) => socket.once('data', () => resolve()))
  socket.pause()
  const fast = await listen()
  const text = 'x'.repeat(50_000)
  const log = (sequence: number) => ({ sequence, step: 's', at: 1, level: 'info' as const, text })
  // More than the sockets of both sides hold.
  for (let sequence = 0; sequence < 300; sequence++) {
    server.events.publish({ type: 'log', at: 1, runId: 'r', lines: [log(sequence)] })
    if (sequence % 4 === 0) await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await fast.until('"sequence":299')
  socket.resume()
  await closed
})

test('closing the server ends the streams', async () => {
  await start()
  const listener = await listen()
  const ended = new Promise((resolve) => listener.response.on('end', resolve))
  await server.close()
  await ended
})
