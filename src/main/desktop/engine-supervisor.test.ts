import { describe, expect, it } from 'vitest'
import type { EngineRecord } from './engine-record.ts'
import { type EngineChild, type EngineState, EngineSupervisor } from './engine-supervisor.ts'

const engine: EngineRecord = { pid: 1, controlUrl: 'http://127.0.0.1:1', token: 't' }

/** A world in which time passes by turns of the event loop, and a started engine answers after some of them. */
function createWorld({ answersAfter = 2, dies = 0, attachOnly = false } = {}) {
  const states: EngineState[] = []
  const waits: number[] = []
  const order: string[] = []
  let found: EngineRecord | undefined
  let launches = 0
  const launch = (): EngineChild => {
    launches += 1
    let end: () => void = () => undefined
    const ended = new Promise<void>((resolve) => {
      end = resolve
    })
    if (launches <= dies) setTimeout(end)
    else {
      let turns = answersAfter
      const later = () => {
        turns -= 1
        if (turns > 0) setTimeout(later)
        else found = engine
      }
      later()
    }
    return {
      ended,
      log: () => `log of start ${launches}`,
      kill: () => {
        order.push('killed')
        found = undefined
        end()
      },
    }
  }
  const supervisor = new EngineSupervisor({
    find: async () => found,
    launch: attachOnly ? undefined : launch,
    askToStop: async () => {
      order.push('asked to stop')
    },
    onState: (state) => states.push(state),
    wait: (milliseconds) => {
      waits.push(milliseconds)
      return new Promise((resolve) => setTimeout(resolve))
    },
  })
  const until = async (condition: () => boolean) => {
    for (let turn = 0; turn < 500 && !condition(); turn++) await new Promise((resolve) => setTimeout(resolve))
    expect(condition()).toBe(true)
  }
  return {
    supervisor,
    states,
    waits,
    order,
    until,
    launches: () => launches,
    setFound: (record: EngineRecord | undefined) => {
      found = record
    },
  }
}
const kinds = (states: EngineState[]) => states.map(({ kind }) => kind)

describe('EngineSupervisor', () => {
  it('attaches to a running engine, starts none, and leaves it running', async () => {
    const world = createWorld()
    world.setFound(engine)
    const done = world.supervisor.run()
    await world.until(() => world.supervisor.state.kind === 'ready')
    await world.supervisor.stop()
    await done
    expect(world.launches()).toBe(0)
    expect(world.order).toEqual([])
  })

  it('starts an engine where none runs, and stops it in order', async () => {
    const world = createWorld()
    const done = world.supervisor.run()
    await world.until(() => world.supervisor.state.kind === 'ready')
    expect(world.launches()).toBe(1)
    await world.supervisor.stop()
    await done
    expect(world.order[0]).toBe('asked to stop')
  })

  it('starts it again when it dies, waiting longer each time, and shows its log meanwhile', async () => {
    const world = createWorld({ dies: 3 })
    const done = world.supervisor.run()
    await world.until(() => world.supervisor.state.kind === 'ready')
    expect(world.launches()).toBe(4)
    expect(world.states).toContainEqual({ kind: 'lost', log: 'log of start 1', starts: 1 })
    expect(world.waits.filter((wait) => wait >= 500).slice(0, 3)).toEqual([1_000, 2_000, 4_000])
    await world.supervisor.stop()
    await done
  })

  it('kills an engine that has frozen, and starts another', async () => {
    const world = createWorld()
    const done = world.supervisor.run()
    await world.until(() => world.supervisor.state.kind === 'ready')
    expect(world.supervisor.hosts).toBe(true)
    world.setFound(undefined)
    await world.until(() => world.launches() === 2)
    expect(world.order).toEqual(['killed'])
    await world.until(() => world.supervisor.state.kind === 'ready')
    await world.supervisor.stop()
    await done
  })

  it('finds an engine again that it only attaches to, at its new address', async () => {
    const world = createWorld({ attachOnly: true })
    world.setFound(engine)
    const done = world.supervisor.run()
    await world.until(() => world.supervisor.state.kind === 'ready')
    world.setFound(undefined)
    await world.until(() => world.supervisor.state.kind === 'lost')
    const moved = { ...engine, controlUrl: 'http://127.0.0.1:2' }
    world.setFound(moved)
    await world.until(() => world.supervisor.state.kind === 'ready')
    expect(world.supervisor.state).toEqual({ kind: 'ready', engine: moved })
    expect(kinds(world.states).filter((kind) => kind === 'ready')).toHaveLength(2)
    await world.supervisor.stop()
    await done
    expect(world.launches()).toBe(0)
  })
})
