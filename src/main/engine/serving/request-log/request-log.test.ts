import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultRequestLogSettings, type RequestLogState } from '#shared/requests.ts'
import { isSampled } from './request-ids.ts'
import { RequestLog } from './request-log.ts'
import { answeredRequest, servedModel } from './testing.ts'

const row = { distance: 862.5, hour: 17, origin: 'ORD', weekend: false, date: '2001-03-05T17:30:00Z' }
let path: string

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'esteira-request-log-'))
})
afterEach(() => rmSync(path, { recursive: true, force: true }))

function lines(kind = 'r1'): Record<string, unknown>[] {
  const folder = join(path, 'flights')
  const files = readdirSync(folder).filter((name) => name.includes(`.${kind}.`) && name.endsWith('.jsonl'))
  const texts = files.sort().map((name) => readFileSync(join(folder, name), 'utf8'))
  return texts.flatMap((text) => text.split('\n').filter((line) => line !== '')).map((line) => JSON.parse(line))
}

describe('the request log', () => {
  it('holds one line for each row, with what the model took and said', async () => {
    const log = new RequestLog({ path })
    log.answered(servedModel(), answeredRequest({ id: 'a', rows: [row, { distance: 5 }], outputs: [0.25, 0.75, 1, 0] }))
    log.failed({ id: 'b', endpoint: 'flights', at: 7, latencyMs: 0.1234, revision: 1, code: 'input-invalid' })
    await log.flush()
    const common = { id: 'a', at: 1_000_000_000_000, latencyMs: 1.5 }
    expect(lines()).toEqual([
      { ...common, prediction: 'true', probabilities: [0.25, 0.75], inputs: { ...row, date: Date.parse(row.date) } },
      {
        ...common,
        row: 1,
        prediction: 'false',
        probabilities: [1, 0],
        inputs: { distance: 5, hour: null, origin: null, weekend: null, date: null },
      },
    ])
    expect(lines('failed')).toEqual([{ id: 'b', at: 7, latencyMs: 0.123, revision: 1, code: 'input-invalid' }])
    expect(log.state).toEqual({ trouble: null, dropped: 0 })
    expect(log.written).toBe(3)
  })

  it('never writes the value of a redacted input, nor a key that is that value', async () => {
    const log = new RequestLog({ path })
    log.set('flights', { ...defaultRequestLogSettings, redact: ['origin', 'hour'] })
    const read = {
      view: 'airport',
      viewVersion: '1',
      entity: { origin: 'ORD', carrier: 'AA' },
      status: 'fresh',
      gap: null,
      asOf: 1,
      eventTime: 1,
      knownAt: 1,
      ageMs: 0,
      values: { hour: 17, distance: 862.5 },
    } as const
    log.answered(
      servedModel(),
      answeredRequest({ id: 'a', rows: [row], outputs: [0, 1], key: 'ORD', arm: 'x', reads: [[read]] }),
    )
    log.answered(servedModel(), answeredRequest({ id: 'b', rows: [row], outputs: [0, 1], key: 'other' }))
    await log.flush()
    const [first, second] = lines()
    expect(first).toMatchObject({ arm: 'x', features: [{ entity: { carrier: 'AA' }, values: { distance: 862.5 } }] })
    expect(first).not.toHaveProperty('key')
    expect(second).toMatchObject({ key: 'other' })
    expect(JSON.stringify(lines())).not.toMatch(/ORD|17\b/)
  })

  it('is silent where it is off, and for what is not in the sample', async () => {
    const log = new RequestLog({ path })
    log.set('flights', { ...defaultRequestLogSettings, on: false })
    log.answered(servedModel(), answeredRequest({ id: 'a', rows: [row], outputs: [0, 1] }))
    log.set('flights', { ...defaultRequestLogSettings, sampleRate: 0.5 })
    const ids = Array.from({ length: 400 }, (_, index) => `abc-${index}`)
    for (const id of ids) log.answered(servedModel(), answeredRequest({ id, rows: [row], outputs: [0, 1] }))
    await log.flush()
    const kept = lines().map(({ id }) => id)
    expect(kept).toEqual(ids.filter((id) => isSampled(id, 0.5)))
    expect(kept.length).toBeGreaterThan(140)
    expect(kept.length).toBeLessThan(260)
  })

  it('begins another segment when one is large or old enough, and finishes what a kill left open', async () => {
    let now = 1_000_000_000_000
    mkdirSync(join(path, 'flights'))
    writeFileSync(join(path, 'flights', '999999999999-0.r1.open.jsonl'), '{"id":"cut')
    const log = new RequestLog({ path, now: () => now, limits: { bytes: 250, ageMs: 60_000 } })
    const add = async (id: string) => {
      log.answered(servedModel(), answeredRequest({ id, rows: [row], outputs: [0, 1] }))
      await log.flush()
    }
    await add('a')
    await add('b')
    await add('c')
    now += 60_000
    await log.flush()
    await add('d')
    const names = readdirSync(join(path, 'flights')).filter((name) => name.endsWith('.jsonl'))
    expect(names.filter((name) => name.endsWith('.open.jsonl'))).toHaveLength(1)
    // The one of the killed server; a and b; c; d.
    expect(names).toHaveLength(4)
    await log.close()
    expect(readdirSync(join(path, 'flights')).filter((name) => name.includes('.open.'))).toEqual([])
  })

  it('drops and counts where the folder cannot be written, says it once, and recovers by itself', async () => {
    let now = 1_000_000_000_000
    const states: RequestLogState[] = []
    writeFileSync(join(path, 'flights'), 'a file where the folder should be')
    const log = new RequestLog({ path, now: () => now, onState: (state) => states.push(state) })
    const add = async (id: string) => {
      log.answered(servedModel(), answeredRequest({ id, rows: [row], outputs: [0, 1] }))
      await log.flush()
    }
    for (const id of ['a', 'b', 'c']) {
      await add(id)
      now += 2_000
    }
    expect(states).toEqual([{ trouble: expect.objectContaining({ kind: 'unwritable' }), dropped: 1 }])
    expect(log.state.dropped).toBe(3)
    rmSync(join(path, 'flights'))
    await add('d')
    now += 5_000
    await add('e')
    expect(states.slice(1)).toEqual([{ trouble: null, dropped: 3 }])
    expect(lines().map(({ id }) => id)).toEqual(['d', 'e'])
  })

  it('goes on in a new folder when the one it wrote to was removed', async () => {
    const log = new RequestLog({ path })
    for (const id of ['a', 'b']) {
      log.answered(servedModel(), answeredRequest({ id, rows: [row], outputs: [0, 1] }))
      await log.flush()
      if (id === 'a') rmSync(join(path, 'flights'), { recursive: true })
    }
    expect(lines().map(({ id }) => id)).toEqual(['b'])
    expect(log.state.dropped).toBe(0)
  })

  it('bounds what waits in memory', async () => {
    const log = new RequestLog({ path, limits: { waitingBytes: 1_000 } })
    for (let index = 0; index < 100; index++)
      log.answered(servedModel(), answeredRequest({ id: `${index}`, rows: [row], outputs: [0, 1] }))
    expect(log.state).toMatchObject({ trouble: { kind: 'slow' } })
    await log.flush()
    expect(log.written).toBeLessThan(10)
    expect(log.written + log.state.dropped).toBe(100)
  })

  it('writes any text and number so that it reads as it was', async () => {
    const anything = [fc.string({ unit: 'binary' }), fc.double({ noNaN: true, noDefaultInfinity: true })] as const
    await fc.assert(
      fc.asyncProperty(...anything, async (origin, distance) => {
        rmSync(join(path, 'flights'), { recursive: true, force: true })
        const log = new RequestLog({ path })
        log.answered(servedModel(), answeredRequest({ id: 'a', rows: [{ distance, origin }], outputs: [0, 1] }))
        await log.close()
        expect(lines()[0]?.inputs).toMatchObject({ distance: distance + 0, origin: origin.toWellFormed() })
      }),
    )
  })
})
