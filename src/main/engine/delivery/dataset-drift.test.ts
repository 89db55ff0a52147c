import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { computeStatistics } from '../data/statistics.ts'
import { addProjects } from '../registry/testing.ts'
import { openTestEngine, registerPackage, type TestEngine } from '../serving/testing-engine.ts'
import { trainFlightModel } from '../serving/testing-flights.ts'
import { parquetSource, withTables } from '../tables/duckdb.ts'
import { type DriftProject, openDriftProject } from './testing/drift-project.ts'

const flightFiles = join(import.meta.dirname, '../../../../resources/samples/flight-delay/data')
const signal = new AbortController().signal
const importance = {
  metric: 'auc',
  rows: 1,
  repeats: 5,
  inputs: [
    { name: 'distance', mean: 0.02, deviation: 0 },
    { name: 'origin', mean: 0.06, deviation: 0 },
  ],
}
let root = ''
let engine: TestEngine
let project: DriftProject
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'esteira-drift-'))
  engine = openTestEngine(join(root, 'home'))
  addProjects(engine.store, ['p1'])
  project = await openDriftProject(root, engine, importance)
})
afterAll(async () => {
  await project.close()
  await engine.close()
  await rm(root, { recursive: true })
})
let dataset = ''
let datasets = 0
beforeEach(async () => {
  dataset = `d${datasets++}`
  project.spec = { path: `data/${dataset}-*.parquet`, time: 'at' }
})

/** 500 rows of a day (of January 2020), all of one hour. */
function day(number: number, values = 'range % 10 as x', rows = 500): string {
  return `select timestamp '2020-01-01 05:00:00' + to_days(${number - 1}) as at, ${values} from range(${rows})`
}
const write = (name: string, sql: string) => project.write(`${dataset}-${name}`, sql)
const drift = (question: { from?: string; to?: string; against: string }) =>
  project.drifts.drift('p1', dataset, question, signal)
const refresh = () => project.drifts.refresh('p1', dataset, signal)

describe('L1.7, T5: drift of any window', () => {
  it('is told from the sketches of its days against any other', async () => {
    for (const number of [1, 2, 3]) await write(String(number), day(number))
    await write('4', day(4, 'range % 10 + 20 as x'))
    const same = await drift({ from: '2020-01-02', to: '2020-01-04', against: '..2020-01-02' })
    expect(same).toMatchObject({ spans: 2, report: { currentRows: 1_000, referenceRows: 500 } })
    expect(same.report.results).toMatchObject([{ feature: 'x', value: 0, drifted: false }])
    const moved = await drift({ from: '2020-01-04', against: '2020-01-01..2020-01-03' })
    expect(moved.report.results).toMatchObject([{ feature: 'x', value: expect.closeTo(1, 9), drifted: true }])
    expect(moved.report.summary).toMatchObject({ verdict: 'retrain', weightedDrift: expect.closeTo(1, 9) })
    const history = await project.drifts.history('p1', dataset, {}, signal)
    expect(history).toMatchObject({ by: 'day', against: '2020-01-01..2020-01-02', time: 'at', rowsWithoutTime: 0 })
    expect(history.spans.map(({ from, verdict }) => [from, verdict])).toEqual([
      ['2020-01-01', 'stable'],
      ['2020-01-02', 'stable'],
      ['2020-01-03', 'stable'],
      ['2020-01-04', 'retrain'],
    ])
    expect((await project.drifts.history('p1', dataset, { by: 'month' }, signal)).spans).toMatchObject([
      { from: '2020-01-01', to: '2020-02-01', rows: 2_000 },
    ])
  })

  it('reads a file again only when it changed, and forgets one that is gone', async () => {
    await write('1', day(1))
    await write('2', day(2))
    expect(await refresh()).toEqual({ units: 2, read: 2 })
    expect(await refresh()).toEqual({ units: 2, read: 0 })
    await write('2', day(2, 'range % 10 as x', 700))
    expect(await refresh()).toEqual({ units: 2, read: 1 })
    expect((await drift({ against: '2020-01-01..2020-01-02' })).report.currentRows).toBe(1_200)
    await project.remove(`${dataset}-1`)
    expect(await refresh()).toEqual({ units: 1, read: 0 })
    expect((await drift({ against: '..' })).report.currentRows).toBe(700)
  })

  it('takes days in any order, over several files, twice, empty, and rows without a time', async () => {
    await write('a', `${day(3)} union all ${day(1)}`)
    await write('b', `${day(1)} union all select null::timestamp as at, 5 as x from range(30)`)
    await write('c', day(2, 'range % 10 as x', 0))
    const all = await drift({ against: '..' })
    expect(all).toMatchObject({ spans: 3, report: { currentRows: 1_530 } })
    const first = await drift({ from: '2020-01-01', to: '2020-01-02', against: '2020-01-03..' })
    expect(first.report).toMatchObject({ currentRows: 1_000, referenceRows: 500, summary: { weightedDrift: 0 } })
    await expect(drift({ from: '2020-01-02', to: '2020-01-03', against: '..' })).rejects.toMatchObject({
      code: 'dataset-empty',
      context: { allowed: 'days from 2020-01-01 to 2020-01-03' },
    })
    expect((await project.drifts.history('p1', dataset, {}, signal)).rowsWithoutTime).toBe(30)
  })

  it('tells columns that appear, vanish and change their type', async () => {
    await write('1', day(1, "range % 10 as x, 'a' as gone, range as changed"))
    await write('2', day(2, "range % 10 as x, 1.5 as added, 'now ' || range as changed"))
    const { report } = await drift({ from: '2020-01-02', against: '..2020-01-02' })
    expect(report.summary).toMatchObject({ appeared: ['added'], vanished: ['gone'], changedType: ['changed'] })
    expect(report.results.find(({ feature }) => feature === 'changed')).toMatchObject({ value: null, drifted: false })
  })

  it('reads all files together where rows depend on each other, and a dataset without time as one span', async () => {
    await write('1', day(1))
    await write('2', day(2))
    project.spec = { path: `data/${dataset}-*.parquet`, query: 'select x, count(*) as n from source group by x' }
    expect(await refresh()).toEqual({ units: 1, read: 1 })
    const { report, spans } = await drift({ against: '..' })
    expect([report.currentRows, spans]).toEqual([10, 1])
    await expect(drift({ from: '2020-01-01', against: '..' })).rejects.toMatchObject({ code: 'dataset-empty' })
    project.spec = {
      path: `data/${dataset}-*.parquet`,
      query: 'select x + 1 as y, "at" from source where x > 1',
      time: 'at',
    }
    expect(await refresh()).toEqual({ units: 2, read: 2 })
    expect((await drift({ against: '..' })).report.currentRows).toBe(800)
  })

  it('names a wrong column of time, a wrong day and a wrong window', async () => {
    await write('1', day(1))
    await expect(drift({ from: '2020-02-30', against: '..' })).rejects.toMatchObject({ code: 'invalid-usage' })
    await expect(drift({ against: '2020-01-02..2020-01-01' })).rejects.toMatchObject({ code: 'invalid-usage' })
    project.spec = { ...project.spec, time: 'ad' }
    await expect(refresh()).rejects.toMatchObject({ code: 'column-not-found', context: { nearest: 'at' } })
    project.spec = { ...project.spec, time: 'x' }
    await expect(refresh()).rejects.toMatchObject({ code: 'invalid-usage', context: { found: 'BIGINT' } })
  })

  it('two who ask at once have each file read once', async () => {
    await write('1', day(1))
    const answers = await Promise.all([refresh(), refresh(), refresh()])
    expect(answers.reduce((sum, { read }) => sum + read, 0)).toBe(1)
  })

  it('compares with the training data of a model, weighted by what it leans on', async () => {
    const packaged = await trainFlightModel(join(root, 'model'), { rows: 300, epochs: 1 })
    const statistics = join(root, 'training-statistics.json')
    const trained = await withTables((tables) =>
      computeStatistics(
        tables,
        `select date, distance, origin, destination, delay >= 15 as late from ${parquetSource(join(flightFiles, 'flights-2001-01.parquet'))}`,
      ),
    )
    await writeFile(statistics, JSON.stringify(trained))
    await registerPackage(engine, new Map([...packaged, ['training-statistics.json', statistics]]))
    for (const month of [1, 2]) {
      await write(
        String(month),
        `select *, delay >= 15 as late from ${parquetSource(join(flightFiles, `flights-2001-0${month}.parquet`))}`,
      )
    }
    project.spec = { path: `data/${dataset}-*.parquet`, time: 'date' }
    const same = await drift({ from: '2001-01-01', to: '2001-02-01', against: 'flight-delay@latest' })
    expect(same.report).toMatchObject({ reference: 'training data of flight-delay 1', currentRows: 40_000 })
    expect(same.report.summary).toMatchObject({ weightedDrift: 0, verdict: 'stable', appeared: ['delay'] })
    expect(same.report.results.map(({ feature, value, weight }) => [feature, value, weight])).toEqual([
      ['distance', 0, expect.closeTo(0.25, 9)],
      ['origin', 0, expect.closeTo(0.75, 9)],
      ['destination', 0, 0],
      ['late', 0, null],
    ])
    const next = await drift({ from: '2001-02-01', against: 'flight-delay/1' })
    expect(next.report.results.every(({ value }) => value !== null && value > 0)).toBe(true)
    await expect(drift({ against: 'flight-delay@nobody' })).rejects.toMatchObject({ code: 'model-version-not-found' })
  }, 60_000)
})
