import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { entityKey } from './entity-key.ts'
import { OnlineReader } from './online-reader.ts'
import { describeOnlineView, OnlineStore } from './online-store.ts'
import { minuteMs, noon, readingsView, type TestProject, testProject } from './testing/readings.ts'

let project: TestProject
beforeEach(() => {
  project = testProject()
})
afterEach(() => project.remove())

const view = readingsView('ttl: 30m')

function read(...keys: string[]) {
  const reader = OnlineReader.open(project.onlinePath)
  try {
    const stored = reader.findView({ projectId: project.id, view: view.name, version: view.version })
    const found = stored && reader.read(stored.id, entityKey(keys))
    return found && { at: (found.eventTime - noon) / minuteMs, values: found.values, features: found.features }
  } finally {
    reader.close()
  }
}

function state(now: number) {
  const online = OnlineStore.open(project.onlinePath)
  try {
    return online.list({ projectId: project.id }).map((row) => describeOnlineView(row, now))
  } finally {
    online.close()
  }
}

describe('L1.9: materialisation into the online store', () => {
  it('keeps the newest value of every entity and moves the watermark', async () => {
    project.readings('a.csv', [
      { sensor: 'x', at: 1, value: 10 },
      { sensor: 'x', at: 3, value: 30 },
      { sensor: 'x', at: 2, value: 20 },
      { sensor: 'y', at: 1, value: null },
    ])
    expect(await project.materialize(view)).toMatchObject({
      read: true,
      compared: 2,
      written: 2,
      entities: 2,
      watermark: noon + 3 * minuteMs,
    })
    expect(read('x')).toEqual({ at: 3, values: [30], features: ['value'] })
    expect(read('y')).toEqual({ at: 1, values: [null], features: ['value'] })
    expect(read('z')).toBeUndefined()
  })

  it('reads nothing while no file has changed, and writes only what is newer', async () => {
    project.readings('a.csv', [
      { sensor: 'x', at: 1, value: 10 },
      { sensor: 'y', at: 1, value: 11 },
    ])
    await project.materialize(view)
    expect(await project.materialize(view)).toMatchObject({ read: false, written: 0, entities: 2 })
    project.readings('b.csv', [{ sensor: 'x', at: 5, value: 50 }])
    expect(await project.materialize(view)).toMatchObject({ read: true, compared: 2, written: 1, entities: 2 })
    expect(read('x')?.values).toEqual([50])
  })

  it('takes late rows older than the watermark where they are newer than what the entity has', async () => {
    project.readings('a.csv', [
      { sensor: 'x', at: 10, value: 1 },
      { sensor: 'y', at: 2, value: 2 },
    ])
    const { watermark } = await project.materialize(view)
    expect(watermark).toBe(noon + 10 * minuteMs)
    project.readings('late.csv', [
      { sensor: 'x', at: 9, value: 99 },
      { sensor: 'y', at: 5, value: 55 },
      { sensor: 'new', at: 1, value: 7 },
    ])
    expect(await project.materialize(view)).toMatchObject({ written: 2, watermark })
    expect(read('x')).toMatchObject({ at: 10, values: [1] })
    expect(read('y')).toMatchObject({ at: 5, values: [55] })
    expect(read('new')).toMatchObject({ at: 1, values: [7] })
  })

  it('looks no further back than the lateness allows', async () => {
    project.readings('a.csv', [{ sensor: 'x', at: 100, value: 1 }])
    await project.materialize(view)
    project.readings('late.csv', [
      { sensor: 'old', at: 10, value: 2 },
      { sensor: 'recent', at: 95, value: 3 },
    ])
    expect(await project.materialize(view, { latenessMs: 10 * minuteMs })).toMatchObject({ compared: 2, written: 1 })
    expect(read('old')).toBeUndefined()
    expect(read('recent')?.values).toEqual([3])
  })

  it('leaves what is not known yet until it is, although no file changes', async () => {
    project.readings('a.csv', [
      { sensor: 'x', at: 1, value: 10 },
      { sensor: 'x', at: 2, known: 60, value: 20 },
      { sensor: 'x', at: 90, value: 30 },
    ])
    await project.materialize(view, { asOf: noon + 30 * minuteMs })
    expect(read('x')?.values).toEqual([10])
    expect(await project.materialize(view, { asOf: noon + 40 * minuteMs })).toMatchObject({ read: false })
    expect(await project.materialize(view, { asOf: noon + 60 * minuteMs })).toMatchObject({ read: true, written: 1 })
    expect(read('x')?.values).toEqual([20])
    await project.materialize(view, { asOf: noon + 91 * minuteMs })
    expect(read('x')?.values).toEqual([30])
  })

  it('takes a corrected value of the same time, and with "full" one of an earlier time', async () => {
    project.readings('a.csv', [{ sensor: 'x', at: 5, value: 1 }])
    await project.materialize(view)
    project.readings('a.csv', [{ sensor: 'x', at: 5, value: 2 }])
    await project.materialize(view)
    expect(read('x')?.values).toEqual([2])
    project.readings('a.csv', [{ sensor: 'x', at: 4, value: 3 }])
    await project.materialize(view)
    expect(read('x')?.values).toEqual([2])
    await project.materialize(view, { full: true })
    expect(read('x')).toMatchObject({ at: 4, values: [3] })
  })

  it('settles duplicates of one time in the same way every time', async () => {
    const twins = [
      { sensor: 'x', at: 5, value: 1 },
      { sensor: 'x', at: 5, value: null },
      { sensor: 'x', at: 5, value: 3 },
      { sensor: 'x', at: 5, value: 2 },
    ]
    project.readings('a.csv', twins)
    await project.materialize(view)
    const first = read('x')
    expect(first?.values).toEqual([3])
    project.readings('a.csv', twins.toReversed())
    expect(await project.materialize(view)).toMatchObject({ read: true, written: 0 })
    expect(read('x')).toEqual(first)
  })

  it('tells watermark, entities and the share that has gone stale', async () => {
    project.readings('a.csv', [
      { sensor: 'x', at: 0, value: 1 },
      { sensor: 'y', at: 20, value: 1 },
      { sensor: 'z', at: 40, value: 1 },
      { sensor: 'w', at: 40, value: 1 },
    ])
    await project.materialize(view, { now: noon + 41 * minuteMs })
    const [now] = state(noon + 45 * minuteMs)
    expect(now).toMatchObject({ entities: 4, watermark: noon + 40 * minuteMs, staleShare: 0.25, unfinished: false })
    expect(now?.materializedAt).toBe(noon + 41 * minuteMs)
    expect(state(noon + 30 * minuteMs)[0]?.staleShare).toBe(0)
    expect(state(noon + 500 * minuteMs)[0]?.staleShare).toBe(1)
  })

  it('keeps projects and versions of a view apart', async () => {
    project.readings('a.csv', [{ sensor: 'x', at: 1, value: 10 }])
    await project.materialize(view)
    const other = readingsView('ttl: 30m', 'select sensor, moment, known, value * 2 as value from readings')
    await project.materialize(other)
    expect(read('x')?.values).toEqual([10])
    expect(state(noon)).toHaveLength(2)
    const online = OnlineStore.open(project.onlinePath)
    expect(online.list({ projectId: 'p2' })).toEqual([])
    online.close()
  })

  it('goes on after a stop in the middle, at the time at which it began', async () => {
    const rows = Array.from({ length: 9_000 }, (_, index) => ({ sensor: `s${index}`, at: 1, value: index }))
    project.readings('a.csv', rows)
    const stop = new AbortController()
    const reason = new Error('stopped')
    const cut = project.materialize(view, {
      signal: stop.signal,
      onProgress: (fraction) => fraction > 0.4 && stop.abort(reason),
    })
    await expect(cut).rejects.toThrow('stopped')
    expect(state(noon)[0]).toMatchObject({ watermark: null, unfinished: true })
    const report = await project.materialize(view)
    expect(report).toMatchObject({ resumed: true, entities: 9_000, watermark: noon + minuteMs })
    expect(report.compared).toBeLessThan(9_000)
    expect(state(noon)[0]).toMatchObject({ unfinished: false })
  })
})

it('L1.9: values keep their types, and keys of several columns their digits', async () => {
  project.readings('a.csv', [{ sensor: 'x', at: 1, value: 1 }])
  const wide = readingsView(
    '',
    `select 9007199254740993::BIGINT as sensor, moment, known, true as flag, 'ü"' as name, moment as since, 'nan'::DOUBLE as hole,
       1.5 as number, 7 as whole from readings`,
  )
  await project.materialize(wide)
  const reader = OnlineReader.open(project.onlinePath)
  const stored = reader.findView({ projectId: project.id, view: wide.name, version: wide.version })
  expect(stored?.keys).toEqual([{ name: 'sensor', type: 'integer' }])
  const found = reader.read(stored?.id ?? 0, entityKey(['9007199254740993']))
  expect(found?.values).toEqual([true, 'ü"', noon + minuteMs, null, 1.5, 7])
  expect(found?.features).toEqual(['flag', 'name', 'since', 'hole', 'number', 'whole'])
  reader.close()
})

it('L1.9: a view whose query lacks its entity is refused with the nearest column', async () => {
  project.readings('a.csv', [{ sensor: 'x', at: 1, value: 1 }])
  const broken = readingsView('', 'select sensor as sensors, moment, known, value from readings')
  await expect(project.materialize(broken)).rejects.toMatchObject({
    code: 'feature-view-invalid',
    context: { where: 'features/levels.yaml', problems: [{ path: 'entity', nearest: 'sensors' }] },
  })
})
