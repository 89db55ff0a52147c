import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openWorkbench, removeWorkbench, type Workbench } from '../pipelines/testing/workbench.ts'
import type { Scheduler } from './scheduler.ts'
import { schedulerOver } from './testing/scheduler.ts'

let bench: Workbench
let scheduler: Scheduler
/** What is added to the real time: files carry that of the machine. */
let aheadMs: number
/** The real time at which the clock stands still. */
let stoppedAt: number | undefined
const clock = () => (stoppedAt ?? Date.now()) + aheadMs
beforeEach(async () => {
  bench = await openWorkbench()
  aheadMs = 0
  stoppedAt = undefined
  mkdirSync(join(bench.projectPath, 'data'))
  scheduler = schedulerOver(bench, { clock })
})
afterEach(async () => {
  await scheduler.stop()
  await bench.stop()
  removeWorkbench(bench.path)
})

function project(options: { time?: string; debounce?: string; trigger?: string; step?: string } = {}): void {
  const time = options.time === undefined ? '' : `, time: ${options.time}`
  bench.write('esteira.yaml', `name: test\ndatasets:\n  flights: { path: data/*.csv${time} }\n`)
  bench.write(
    'pipelines/p.yaml',
    `name: p
parameters: { from: start, to: end, rows: 0, files: [] }
steps:
  one: ${options.step ?? '{ uses: test/noop, with: { name: one } }'}
triggers:
  - new-data: flights
    debounce: ${options.debounce ?? '5s'}
    ${options.trigger ?? ''}
    parameters: { from: "\${{ trigger.from }}", to: "\${{ trigger.to }}", rows: "\${{ trigger.rows }}", files: "\${{ trigger.files }}" }
`,
  )
}

const days = (from: string, count: number) =>
  Array.from({ length: count }, (_, day) => new Date(Date.parse(from) + day * 86_400_000).toISOString().slice(0, 10))
const file = (name: string, rows: readonly string[]) =>
  bench.write(`data/${name}.csv`, `date,late\n${rows.map((row, index) => `${row},${index % 2}`).join('\n')}\n`)

/** Files that nobody writes to any more. */
async function settle() {
  await scheduler.lookThrough()
  aheadMs += 6_000
  await scheduler.lookThrough()
}

async function runs() {
  const { items } = bench.runs.list({ limit: 100 })
  await Promise.all(items.map(({ id }) => bench.runs.ended(id)))
  return bench.runs
    .list({ limit: 100 })
    .items.map(({ parameters, status, startedBy }) => ({ parameters, status, startedBy }))
    .reverse()
}

async function history() {
  const { triggers } = await scheduler.list()
  return (await scheduler.history(triggers[0]?.id ?? '', { limit: 1_000 })).items
}
const outcomes = async () => (await history()).map(({ outcome }) => outcome).reverse()

describe('T3: new data, with a column for the time', () => {
  test('what is there counts as known; each row that comes is given to exactly one run', async () => {
    file('2001-01', days('2001-01-01', 31))
    project({ time: 'date' })
    await settle()
    expect(await runs()).toEqual([])
    expect(await outcomes()).toEqual(['watching', 'not-met'])

    file('2001-02', days('2001-02-01', 28))
    await settle()
    file('2001-03', days('2001-03-01', 31))
    await runs()
    await settle()
    await settle()
    const given = (await runs()).map(({ parameters }) => parameters)
    expect(given).toEqual([
      { from: '2001-02-01', to: '2001-03-01', rows: 28, files: [] },
      { from: '2001-03-01', to: '2001-04-01', rows: 31, files: [] },
    ])
    expect((await runs())[0]).toMatchObject({ startedBy: 'trigger new-data flights', status: 'succeeded' })
    const started = (await history()).find(({ outcome }) => outcome === 'started')
    expect(started?.conditions).toMatchObject([
      { kind: 'new-data', met: true, rows: 31, minRows: 1, from: '2001-03-01', to: '2001-04-01', lateRows: 0 },
    ])
  })

  test('rows of a day that was given before take that day along, and are said to be late', async () => {
    file('a', days('2001-01-01', 10))
    project({ time: 'date' })
    await settle()
    file('b', ['2001-01-10', '2001-01-10', '2001-01-11'])
    await settle()
    expect((await runs()).map(({ parameters }) => parameters)).toEqual([
      { from: '2001-01-10', to: '2001-01-12', rows: 3, files: [] },
    ])
    expect((await history()).find(({ outcome }) => outcome === 'started')?.conditions).toMatchObject([{ lateRows: 2 }])
    await settle()
    expect(await runs()).toHaveLength(1)
  })

  test('instants are told to the microsecond', async () => {
    file('a', ['2001-01-01 10:00:00', '2001-01-01 11:30:00.5'])
    project({ time: 'date' })
    await settle()
    file('b', ['2001-01-01 12:00:00', '2001-01-01 12:00:00'])
    await settle()
    expect((await runs()).map(({ parameters }) => parameters)).toMatchObject([
      { from: '2001-01-01 11:30:00.500001', to: '2001-01-01 12:00:00.000001', rows: 2 },
    ])
  })

  test('too few rows wait for more, and then all of them are given', async () => {
    file('a', days('2001-01-01', 3))
    project({ time: 'date', trigger: 'minRows: 5' })
    await settle()
    file('b', days('2001-01-04', 3))
    await settle()
    await settle()
    expect(await runs()).toEqual([])
    const [few] = await history()
    expect(few).toMatchObject({ outcome: 'not-met', conditions: [{ reason: 'too-few', rows: 3, minRows: 5 }] })
    expect(few?.count).toBeGreaterThan(1)
    file('c', days('2001-01-07', 2))
    await settle()
    expect((await runs()).map(({ parameters }) => parameters)).toMatchObject([
      { from: '2001-01-04', to: '2001-01-09', rows: 5 },
    ])
  })

  test('rows given to a run that failed are given again, with what comes; not over and over by themselves', async () => {
    file('a', days('2001-01-01', 3))
    project({ time: 'date', step: '{ uses: test/behave, with: { fail: dataset-empty } }' })
    await settle()
    file('b', days('2001-01-04', 2))
    await settle()
    expect(await runs()).toMatchObject([{ status: 'failed', parameters: { from: '2001-01-04', to: '2001-01-06' } }])
    await settle()
    await settle()
    expect(await runs()).toHaveLength(1)
    expect((await history())[0]).toMatchObject({ outcome: 'not-met', conditions: [{ reason: 'tried', rows: 2 }] })
    project({ time: 'date' })
    file('c', days('2001-01-06', 1))
    await settle()
    const [, second] = await runs()
    expect(second).toMatchObject({ status: 'succeeded', parameters: { from: '2001-01-04', to: '2001-01-07', rows: 3 } })
  })

  test('a column that is no time is said, and nothing starts', async () => {
    file('a', ['soon', 'later'])
    project({ time: 'date' })
    await settle()
    expect((await history())[0]).toMatchObject({
      outcome: 'not-met',
      conditions: [{ reason: 'unreadable', problem: 'The column "date" holds no dates or times.' }],
    })
  })
})

describe('T3: new data, without a column for the time', () => {
  test('new and changed files are named, with the rows that are more than before', async () => {
    project()
    await settle()
    file('a', days('2001-01-01', 3))
    await settle()
    await runs()
    file('a', days('2001-01-01', 4))
    file('b', days('2001-01-01', 2))
    await settle()
    expect((await runs()).map(({ parameters }) => parameters)).toEqual([
      { from: 'start', to: 'end', rows: 3, files: ['data/a.csv'] },
      { from: 'start', to: 'end', rows: 3, files: ['data/a.csv', 'data/b.csv'] },
    ])
    rmSync(join(bench.projectPath, 'data', 'b.csv'))
    await settle()
    expect(await runs()).toHaveLength(2)
  })
})

test('T3: a storm of 1,000 files in a second gives one debounced decision, heard of without waiting for the next regular look', async () => {
  project({ debounce: '1s' })
  await settle()
  scheduler.start()
  const folder = join(bench.projectPath, 'data')
  for (let index = 0; index < 1_000; index++) writeFileSync(join(folder, `${index}.csv`), 'date,late\n2001-01-01,1\n')
  // Until the test has seen that they settle.
  stoppedAt = Date.now()
  await expect
    .poll(async () => (await history())[0]?.conditions[0], { timeout: 20_000 })
    .toMatchObject({ reason: 'settling' })
  aheadMs += 2_000
  await expect.poll(async () => (await runs()).length, { timeout: 60_000 }).toBe(1)
  const [run] = await runs()
  expect(run?.parameters).toMatchObject({ rows: 1_000 })
  const decisions = await outcomes()
  expect(decisions.filter((outcome) => outcome === 'started')).toHaveLength(1)
  expect(decisions.length).toBeLessThanOrEqual(5)
}, 120_000)

test('T1: fired by hand, a trigger gives its run all that is new, without waiting for more or for the files to settle', async () => {
  file('a', days('2001-01-01', 3))
  project({ time: 'date', trigger: 'minRows: 100' })
  await settle()
  file('b', days('2001-01-04', 2))
  const { triggers } = await scheduler.list()
  const { id } = await scheduler.fire(triggers[0]?.id ?? '', 'ana')
  await bench.runs.ended(id)
  await settle()
  expect((await runs()).map(({ parameters }) => parameters)).toMatchObject([
    { from: '2001-01-04', to: '2001-01-06', rows: 2 },
  ])
  const fired = scheduler.ofRun(id)
  expect(fired).toMatchObject({
    label: 'new-data flights',
    exists: true,
    decision: { outcome: 'fired', actor: 'ana', runId: id },
  })
  expect((await history())[0]).toMatchObject({ outcome: 'not-met', conditions: [{ rows: 0 }] })
  // Once more: there is nothing new to refer to, so that the pipeline's own parameters stand.
  const again = await scheduler.fire(triggers[0]?.id ?? '', 'ana')
  expect(bench.runs.get(again.id).parameters).toEqual({ from: 'start', to: 'end', rows: 0, files: [] })
  await runs()
})

test('L1.11: a dry run says what would be decided and why, starts nothing and remembers nothing', async () => {
  file('a', days('2001-01-01', 3))
  project({ time: 'date' })
  await settle()
  file('b', days('2001-01-04', 2))
  await scheduler.list()
  const { triggers } = await scheduler.list()
  const id = triggers[0]?.id ?? ''
  await scheduler.check(id)
  aheadMs += 6_000
  const check = await scheduler.check(id)
  expect(check).toMatchObject({
    outcome: 'start',
    paused: false,
    parameters: { from: '2001-01-04', to: '2001-01-06', rows: 2 },
    conditions: [{ met: true, rows: 2 }],
  })
  expect(await scheduler.check(id)).toEqual(check)
  expect(await runs()).toEqual([])
  await scheduler.setTriggerPaused(id, true)
  expect(await scheduler.check(id)).toMatchObject({ outcome: 'start', paused: true })
})
