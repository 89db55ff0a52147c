import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AlertBench, openAlertBench } from './testing/alert-bench.ts'
import { monitorWith, readingAt } from './testing/readings.ts'

let bench: AlertBench
beforeEach(() => {
  bench = openAlertBench()
})
afterEach(() => bench.close())

const changes = () => bench.events.flatMap((event) => (event.type === 'alert-changed' ? [event.change] : []))

describe('an alert', () => {
  it('keeps its whole history: raised, escalated, acknowledged, eased, cleared', () => {
    bench.read([0.59, 0.59, 0.5, 0.5], {})
    bench.parts.alerts.acknowledge(bench.last().id, { by: 'ana', note: 'Known: the new flight plan.' })
    bench.read([0.59, 0.59, 0.59, 0.7, 0.7, 0.7], {})
    const { events, ...alert } = bench.last()
    expect(events.map(({ kind }) => kind)).toEqual(['raised', 'escalated', 'acknowledged', 'eased', 'cleared'])
    expect(alert).toMatchObject({
      state: 'cleared',
      severity: 'warning',
      worst: 'critical',
      clearedBecause: 'recovered',
      acknowledged: { by: 'ana', note: 'Known: the new flight plan.' },
      reading: { value: 0.7, reason: 'AUC 0.7 of 500 rows.' },
    })
    expect(changes()).toEqual(['raised', 'escalated', 'acknowledged', 'eased', 'cleared'])
  })
  it('is never open twice for one check, and the next one is another', () => {
    bench.read([0.59, 0.59, 0.59, 0.59, 0.7, 0.7, 0.7, 0.59, 0.59], {})
    const { items, counts } = bench.parts.alerts.list({ limit: 10, state: 'all' })
    expect(items.map(({ state }) => state)).toEqual(['open', 'cleared'])
    expect(counts).toEqual({ open: 1, critical: 0, unacknowledged: 1, undelivered: 0 })
  })
  it('follows from a reading once, whatever is told twice', () => {
    bench.read([0.59], {})
    const reading = readingAt(bench.now + 1, 0.59)
    for (let time = 0; time < 3; time++) bench.parts.alerts.observe(reading, monitorWith())()
    expect(bench.last().events).toHaveLength(1)
  })
  it('is as if it had never been where the reading is not stored', () => {
    bench.read([0.59], {})
    const store = () =>
      bench.store.transaction(() => {
        bench.parts.alerts.observe(readingAt(bench.now + 1, 0.59), monitorWith({ notify: [{ webhook: 'ops' }] }))
        throw new Error('the disk is full')
      })
    expect(store).toThrow('the disk is full')
    expect(bench.parts.alerts.list({ limit: 10, state: 'all' }).items).toEqual([])
    bench.read([0.59], {})
    expect(bench.last().state).toBe('open')
  })
  it('ends when its check is asked no more, and those who were told are told', () => {
    bench.read([0.59, 0.59], { notify: [{ webhook: 'ops' }] })
    bench.parts.alerts.forgetGone('p1', () => true)
    expect(bench.last().state).toBe('open')
    bench.parts.alerts.forgetGone('p1', (monitor, check) => `${monitor} ${check}` !== 'flights auc')
    expect(bench.last()).toMatchObject({ state: 'cleared', clearedBecause: 'gone' })
    expect(bench.last().history.map(({ about }) => about)).toEqual(['raised', 'cleared'])
  })
  it('that is over, or is not there, is not acknowledged', () => {
    const acknowledge = (id: string) => () => bench.parts.alerts.acknowledge(id, { by: 'ana', note: '' })
    expect(acknowledge('nope')).toThrow(expect.objectContaining({ code: 'alert-not-found' }))
    bench.read([0.59, 0.59, 0.7, 0.7, 0.7], {})
    expect(acknowledge(bench.last().id)).toThrow(expect.objectContaining({ code: 'conflict' }))
  })
  it('is found by state, severity, endpoint, monitor and whether someone has seen to it, page by page', () => {
    for (let round = 0; round < 3; round++) bench.read([0.5, 0.5, 0.7, 0.7, 0.7], {})
    bench.read([0.59, 0.59], {})
    const { alerts } = bench.parts
    const count = (query: Parameters<typeof alerts.list>[0]) => alerts.list(query).items.length
    expect(count({ limit: 10, state: 'open' })).toBe(1)
    expect(count({ limit: 10, state: 'cleared' })).toBe(3)
    expect(count({ limit: 10, state: 'all', severity: 'critical' })).toBe(3)
    expect(count({ limit: 10, state: 'all', endpoint: 'flights', monitor: 'flights', project: 'p1' })).toBe(4)
    expect(count({ limit: 10, state: 'all', endpoint: 'other' })).toBe(0)
    expect(count({ limit: 10, state: 'open', acknowledged: 'yes' })).toBe(0)
    const first = alerts.list({ limit: 3, state: 'all' })
    const rest = alerts.list({ limit: 3, state: 'all', cursor: first.nextCursor })
    expect([first.items.length, rest.items.length, rest.nextCursor]).toEqual([3, 1, undefined])
    expect(new Set([...first.items, ...rest.items].map(({ id }) => id)).size).toBe(4)
  })
  it('its history cannot be changed afterwards', () => {
    bench.read([0.59, 0.59], {})
    expect(() => bench.store.run("UPDATE alert_event SET detail = '{}'")).toThrow('append-only')
  })
})

describe('a roll-back by an alert', () => {
  const revision = (number: number, version: number) => ({
    id: `v${number}`,
    endpoint: 'flights',
    number,
    model: 'flights',
    version,
    createdAt: number,
    actor: 'run r',
    reason: '',
  })
  const acted = () => bench.last().events.filter((event) => event.kind === 'acted')

  it('puts the revision before back once it is critical, with the alert in the ledger, and once only', async () => {
    bench.revisions.push(revision(2, 2), revision(1, 1))
    bench.parts.start()
    bench.read([0.59, 0.59], { act: 'roll-back' })
    expect(bench.revisions).toHaveLength(2)
    bench.read([0.5, 0.5, 0.59, 0.59, 0.59, 0.5, 0.5], { act: 'roll-back' })
    await expect.poll(() => acted().length).toBe(1)
    expect(acted()).toMatchObject([{ outcome: 'done', revision: 3 }])
    expect(bench.revisions[0]).toMatchObject({
      number: 3,
      version: 1,
      actor: `alert ${bench.last().id}`,
      reason: 'Monitor flights, check auc: AUC 0.5 of 500 rows.',
    })
    expect(bench.revisions).toHaveLength(3)
  })
  it('that took a rollout back before a kill is not followed by another', async () => {
    bench.revisions.push(revision(2, 2), revision(1, 1))
    bench.read([0.5, 0.5], { act: 'roll-back' })
    bench.endedRollout = `alert ${bench.last().id}`
    bench.parts.start()
    await expect.poll(() => acted().length).toBe(1)
    expect(acted()).toMatchObject([{ outcome: 'done', revision: 2, reason: 'The rollout was taken back.' }])
    expect(bench.revisions).toHaveLength(2)
  })
  it('that is impossible is refused, and the history says why', async () => {
    bench.revisions.push(revision(1, 2))
    bench.parts.start()
    bench.read([0.5, 0.5], { act: 'roll-back' })
    await expect.poll(() => acted().length).toBe(1)
    expect(acted()).toMatchObject([{ outcome: 'refused', reason: 'No other version has answered here before.' }])
  })
})
