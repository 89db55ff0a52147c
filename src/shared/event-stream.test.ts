import { describe, expect, it } from 'vitest'
import {
  createEventParser,
  type FollowOptions,
  followEvents,
  reconnectDelayMs,
  type StreamState,
  silenceLimitMs,
} from './event-stream.ts'
import type { EngineEvent } from './events.ts'

const event: EngineEvent = { type: 'model-changed', at: 1, model: 'flight-delay' }
const block = `event: model-changed\ndata: ${JSON.stringify(event)}\n\n`

async function* streamOf(text: string) {
  yield text
}

describe('createEventParser', () => {
  it('gives the same events wherever the text is cut', () => {
    const text = `: keep-alive\n\n${block}${block.replaceAll('\n', '\r\n')}`
    for (let cut = 0; cut <= text.length; cut++) {
      const events: EngineEvent[] = []
      const push = createEventParser((each) => events.push(each))
      push(text.slice(0, cut))
      push(text.slice(cut))
      expect(events, `cut at ${cut}`).toEqual([event, event])
    }
  })

  it('passes over what it does not understand', () => {
    const events: EngineEvent[] = []
    const push = createEventParser((each) => events.push(each))
    push(`data: {broken\n\ndata: {"type":"from-the-future"}\n\nid: 4\n\n${block}`)
    expect(events).toEqual([event])
  })
})

describe('followEvents', () => {
  it('opens the stream again after it ends or fails, waiting longer each time, and starts over once connected', async () => {
    const opened: FollowOptions['open'][] = [
      () => Promise.reject(new Error('refused')),
      () => Promise.reject(new Error('refused')),
      async () => ({ texts: streamOf(block), close: () => undefined }),
      async () => 'unauthorized',
    ]
    const states: StreamState[] = []
    const waits: number[] = []
    const events: EngineEvent[] = []
    let attempts = 0
    await followEvents({
      open: () => opened[attempts++]?.() ?? Promise.reject(new Error('no more')),
      onEvent: (each) => events.push(each),
      onState: (state) => states.push(state),
      wait: async (milliseconds) => {
        if (milliseconds === silenceLimitMs) return new Promise(() => undefined)
        waits.push(milliseconds)
      },
      stopped: () => attempts >= opened.length,
    }).catch(() => undefined)
    expect(events).toEqual([event])
    expect(states.slice(0, 4)).toEqual(['unreachable', 'unreachable', 'connected', 'unreachable'])
    expect(waits.slice(0, 3)).toEqual([500, 1_000, 500])
  })

  it('gives a stream up that has fallen silent, and only then', async () => {
    let endWait: () => void = () => undefined
    const wait = (milliseconds: number) =>
      milliseconds === silenceLimitMs
        ? new Promise<void>((resolve) => {
            endWait = resolve
          })
        : Promise.resolve()
    const texts = new TransformStream<string, string>()
    const writer = texts.writable.getWriter()
    const states: StreamState[] = []
    let closed = 0
    const ended = followEvents({
      open: async () => ({
        texts: texts.readable,
        close: () => {
          closed += 1
          void writer.close()
        },
      }),
      onEvent: () => undefined,
      onState: (state) => states.push(state),
      wait,
      stopped: () => states.includes('unreachable'),
    })
    const turn = () => new Promise((resolve) => setTimeout(resolve))
    for (let heartbeat = 0; heartbeat < 3; heartbeat++) {
      await writer.write(': still here\n\n')
      await turn()
      endWait()
      await turn()
      expect(closed).toBe(0)
    }
    endWait()
    await ended
    expect(closed).toBe(1)
    expect(states).toEqual(['connected', 'unreachable'])
  })

  it('never waits longer than ten seconds', () => {
    expect(reconnectDelayMs(0)).toBe(500)
    expect(reconnectDelayMs(1_000)).toBe(10_000)
  })
})
