import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EngineEvent } from '#shared/events.ts'
import type { Reading } from '#shared/monitors.ts'
import { addProjects } from '../registry/testing.ts'
import { RequestLog } from '../serving/request-log/request-log.ts'
import { answeredRequest, servedModel } from '../serving/request-log/testing.ts'
import { openTestEngine, type TestEngine } from '../serving/testing-engine.ts'
import { HourStore } from './hour-store.ts'
import { hourMs } from './looks/windows.ts'
import type { Monitors } from './monitors.ts'
import { keptEvidence, ReadingStore } from './reading-store.ts'
import { openMonitors, start, writeMonitor } from './testing/monitor-bench.ts'

let folder: string
let engine: TestEngine
let monitors: Monitors
let now: number
let events: EngineEvent[]
let observed: Reading[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'esteira-monitors-'))
  engine = openTestEngine(join(folder, 'home'))
  addProjects(engine.store, ['p1'])
  writeMonitor(folder)
  now = start + 10 * hourMs + 1_000
  events = []
  observed = []
  monitors = open()
})
afterEach(async () => {
  await monitors.stop()
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

function open(): Monitors {
  return openMonitors(folder, engine.store, {
    clock: () => now,
    onEvent: (event) => events.push(event),
    onReading: (reading) => observed.push(reading),
  })
}

const readings = () => events.flatMap((event) => (event.type === 'reading' ? [event.reading] : []))
const history = () => monitors.history('p1', 'watch', 'traffic', { points: 100 })
const iso = (ms: number) => new Date(ms).toISOString().slice(11, 19)

describe('planned looks', () => {
  it('come once for each planned time, and what was missed is made up by one', async () => {
    await monitors.lookAtDue()
    await monitors.lookAtDue()
    expect(readings().map(({ check }) => check)).toEqual(['traffic', 'drift'])
    now += 5 * hourMs
    // Another engine on the same home, after five hours of nothing.
    monitors = open()
    await monitors.lookAtDue()
    await monitors.lookAtDue()
    const { points } = await history()
    expect(points.map(({ from, to }) => [iso(from), iso(to)])).toEqual([
      ['09:00:00', '10:00:00'],
      ['14:00:00', '15:00:00'],
    ])
    expect(await monitors.get('p1', 'watch')).toMatchObject({
      status: 'warning',
      lastLookAt: now,
      nextLookAt: start + 16 * hourMs,
      looking: null,
    })
  })

  it('are told after they are stored, to alerts in their transaction, and how far they are', async () => {
    await monitors.lookAtDue()
    expect(observed).toEqual(readings())
    expect(readings()[0]).toMatchObject({
      status: 'warning',
      value: 0,
      reason: '0 requests a minute, below the limit of 1.',
    })
    expect(readings()[1]).toMatchObject({ status: 'no-data', value: null })
    expect(events.filter(({ type }) => type === 'monitors-changed').length).toBeGreaterThanOrEqual(3)
  })

  it('wait for each other; one by hand looks at what ends now and moves no plan', async () => {
    const signal = new AbortController().signal
    const [made] = await Promise.all([monitors.check('p1', 'watch', signal), monitors.lookAtDue()])
    expect(made.map(({ to }) => to)).toEqual([now, now])
    expect(readings()).toHaveLength(4)
    expect((await history()).points.map(({ to }) => to).sort()).toEqual([start + 10 * hourMs, now])
  })

  it('can be given up, and leave nothing behind', async () => {
    const abort = new AbortController()
    const looking = monitors.check('p1', 'watch', abort.signal)
    abort.abort(new Error('enough'))
    await expect(looking).rejects.toThrow('enough')
    expect(readings()).toEqual([])
    expect(await monitors.get('p1', 'watch')).toMatchObject({ looking: null, lastLookAt: null, latest: [{}, {}] })
  })

  it('of an endpoint that was not there yet say nothing', async () => {
    now = start - hourMs
    await monitors.lookAtDue()
    expect(readings().map(({ status }) => status)).toEqual(['no-data', 'no-data'])
    expect(readings()[0]?.reason).toContain('The endpoint was not there yet.')
  })

  it('keep the sketches of whole hours for the next look', async () => {
    const log = new RequestLog({ path: join(folder, 'requests'), now: () => start })
    const endpointRow = { endpoint: 'flights', from: start, to: now }
    for (let hour = 8; hour < 10; hour++) {
      const at = start + hour * hourMs + 5
      log.answered(servedModel(), answeredRequest({ id: `r${hour}`, at, rows: [{ distance: hour }], outputs: [0, 1] }))
    }
    await log.flush()
    now += hourMs
    await monitors.lookAtDue()
    // Nothing answers at the endpoint of this test, so that what drift compares is not concluded; but it was sketched.
    const hours = new HourStore(engine.store).hours('flights', endpointRow)
    // Rows may still come to the hour that has just ended.
    expect(hours.map(({ hour, rows }) => [iso(hour), rows])).toEqual([['09:00:00', 1]])
  })
})

describe('readings', () => {
  it('are thinned to the worst of each stretch of time, and pruned, their evidence first', async () => {
    const store = new ReadingStore(engine.store)
    await monitors.lookAtDue()
    const [reading] = readings()
    if (reading === undefined) throw new Error('no reading')
    const evidence = { current: '', reference: '', currentRows: 0, referenceRows: 0, distributions: [], figures: {} }
    const look = { projectId: 'p1', monitor: 'watch', plannedAt: null, at: 0 }
    engine.store.transaction(() => {
      for (let index = 0; index < keptEvidence + 100; index++) {
        const status = index === 77 ? ('critical' as const) : ('ok' as const)
        const one = { ...reading, id: `more-${String(index).padStart(4, '0')}`, at: start + index, status }
        store.add(look, [{ reading: one, evidence }], () => undefined)
      }
    })
    const of = { projectId: 'p1', monitor: 'watch', check: 'traffic' }
    const thin = store.history(of, { to: start + hourMs, points: 10 })
    expect(thin.readings).toBe(600)
    expect(thin.points.map(({ status }) => status)).toEqual([
      'ok',
      'critical',
      ...Array.from({ length: 8 }, () => 'ok'),
    ])
    expect(thin.points[0]?.id).toBe('more-0059')
    expect(store.history(of, { from: start + 70, to: start + 80, points: 10 }).points).toHaveLength(10)
    expect(store.evidence('more-0599').reading.id).toBe('more-0599')
    expect(() => store.evidence('more-0000')).toThrow('no longer kept')
    expect(() => store.evidence('never')).toThrow('There is no reading')
  })
})
