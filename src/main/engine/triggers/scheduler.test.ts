import { rmSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { EventBus } from '../kernel/events.ts'
import { silentLogger } from '../kernel/logger.ts'
import { createAlertParts } from '../monitoring/alerts/alert-parts.ts'
import { readingAt } from '../monitoring/alerts/testing/readings.ts'
import { openWorkbench, removeWorkbench, type Workbench } from '../pipelines/testing/workbench.ts'
import type { Scheduler } from './scheduler.ts'
import { schedulerOver } from './testing/scheduler.ts'

const at = (text: string) => Date.parse(text)
const dayMs = 86_400_000
const due = at('2026-11-23T03:00:00Z')

let bench: Workbench
let now: number
let scheduler: Scheduler
let changes: number
beforeEach(async () => {
  bench = await openWorkbench()
  now = at('2026-11-22T12:00:00Z')
  changes = 0
  scheduler = newScheduler()
})
afterEach(async () => {
  await scheduler.stop()
  await bench.stop()
  removeWorkbench(bench.path)
})

const newScheduler = () => schedulerOver(bench, { clock: () => now, onEvent: () => changes++ })

function writePipeline(triggers: string, step = '{ uses: test/noop, with: { name: one } }'): void {
  bench.write('pipelines/p.yaml', `name: p\nparameters: { from: a }\nsteps:\n  one: ${step}\ntriggers:${triggers}\n`)
}

async function runs() {
  const { items } = bench.runs.list({ limit: 100 })
  await Promise.all(items.map(({ id }) => bench.runs.ended(id)))
  return bench.runs.list({ limit: 100 }).items.reverse()
}

async function history(index = 0) {
  const { triggers } = await scheduler.list()
  return (await scheduler.history(triggers[index]?.id ?? '', { limit: 1_000 })).items
}

const daily = '\n  - { schedule: "0 3 * * *", timeZone: UTC, parameters: { from: b } }'

test('a run is started at the planned time, once, and says what started it', async () => {
  writePipeline(daily)
  await scheduler.look()
  expect(await runs()).toEqual([])
  expect(await scheduler.list()).toMatchObject({
    paused: false,
    triggers: [{ pipeline: 'p', kind: 'schedule', nextAt: due, lastAt: null, lastRunId: null, decision: null }],
  })
  now = due + 5_000
  await scheduler.look()
  await scheduler.look()
  const [run, ...others] = await runs()
  expect(others).toEqual([])
  expect(run).toMatchObject({ pipeline: 'p', startedBy: 'trigger schedule 0 3 * * *', status: 'succeeded' })
  expect(bench.runs.get(run?.id ?? '').parameters).toEqual({ from: 'b' })
  const { triggers } = await scheduler.list()
  expect(triggers).toMatchObject([
    {
      nextAt: due + dayMs,
      lastAt: now,
      lastRunId: run?.id,
      decision: { plannedAt: due, at: now, outcome: 'started', runId: run?.id, problem: null },
    },
  ])
  expect(changes).toBe(2)
})

test('an engine that was off makes good for what it missed with one run', async () => {
  writePipeline(daily)
  await scheduler.look()
  await scheduler.stop()
  now = due + 5 * dayMs + 3_600_000
  scheduler = newScheduler()
  await scheduler.look()
  await scheduler.look()
  expect(await runs()).toHaveLength(1)
  expect(await history()).toMatchObject([{ plannedAt: due + 5 * dayMs, outcome: 'started-late' }])
})

test('or leaves it, where the file says so', async () => {
  writePipeline('\n  - { schedule: "0 3 * * *", timeZone: UTC, missed: skip }')
  await scheduler.look()
  now = due + 5 * dayMs + 3_600_000
  await scheduler.look()
  expect(await runs()).toEqual([])
  expect(await history()).toMatchObject([{ plannedAt: due + 5 * dayMs, outcome: 'skipped', runId: null }])
})

test('no second run while the first goes on; it follows when that has ended', async () => {
  writePipeline('\n  - { schedule: "* * * * *", timeZone: UTC }', '{ uses: test/behave, with: { waitMs: 700 } }')
  await scheduler.look()
  now += 60_000
  await scheduler.look()
  now += 60_000
  await scheduler.look()
  expect(bench.runs.list({ limit: 10 }).items).toHaveLength(1)
  await runs()
  await scheduler.look()
  expect(bench.runs.list({ limit: 10 }).items).toHaveLength(2)
  await runs()
})

test('while paused nothing starts, and what was planned for that time is left out', async () => {
  writePipeline(daily)
  await scheduler.look()
  expect(await scheduler.setPaused(true)).toMatchObject({ paused: true, triggers: [{ nextAt: null }] })
  now = due + 3_600_000
  await scheduler.look()
  expect(await scheduler.setPaused(false)).toMatchObject({ paused: false, triggers: [{ nextAt: due + dayMs }] })
  await scheduler.look()
  expect(await runs()).toEqual([])
  now = due + dayMs
  await scheduler.look()
  expect(await runs()).toHaveLength(1)
})

test('a pipeline that cannot run says so once for each planned time', async () => {
  writePipeline(daily)
  await scheduler.look()
  writePipeline(daily, '{ uses: test/nothing }')
  now = due
  await scheduler.look()
  await scheduler.look()
  expect(await runs()).toEqual([])
  expect(await history()).toMatchObject([
    { plannedAt: due, outcome: 'failed', runId: null, problem: { code: 'pipeline-invalid' } },
  ])
  // A file that is no YAML any more does not make the schedule be forgotten.
  bench.write('pipelines/p.yaml', 'name: [')
  now = due + dayMs
  await scheduler.look()
  expect((await history()).map(({ plannedAt }) => plannedAt)).toEqual([due + dayMs, due])
})

test('edited files count at the next look: a new schedule from now on, one that is gone no more', async () => {
  writePipeline(daily)
  await scheduler.look()
  now = due + 3_600_000 - 1
  writePipeline('\n  - { schedule: "0 4 * * *", timeZone: UTC }\n  - { schedule: "0 2 * * *", timeZone: UTC }')
  await scheduler.look()
  expect(await runs()).toEqual([])
  expect((await scheduler.list()).triggers.map(({ label, nextAt }) => ({ label, nextAt }))).toEqual([
    { label: 'schedule 0 4 * * *', nextAt: due + 3_600_000 },
    { label: 'schedule 0 2 * * *', nextAt: due + dayMs - 3_600_000 },
  ])
  rmSync(join(bench.projectPath, 'pipelines', 'p.yaml'))
  expect((await scheduler.list()).triggers).toEqual([])
})

test('a file that looks unchanged is read again when asked', async () => {
  const path = join(bench.projectPath, 'pipelines', 'p.yaml')
  writePipeline('\n  - { schedule: "0 3 * * *", timeZone: UTC }')
  utimesSync(path, 1, 1)
  expect((await scheduler.list()).triggers[0]?.label).toBe('schedule 0 3 * * *')
  writePipeline('\n  - { schedule: "0 5 * * *", timeZone: UTC }')
  utimesSync(path, 1, 1)
  expect((await scheduler.list()).triggers[0]?.label).toBe('schedule 0 3 * * *')
  await scheduler.reread()
  expect((await scheduler.list()).triggers[0]?.label).toBe('schedule 0 5 * * *')
})

test('the triggers of a project that was removed are gone, and plan afresh when it is back', async () => {
  writePipeline(daily)
  await scheduler.look()
  bench.projects.remove(bench.projectId)
  expect((await scheduler.list()).triggers).toEqual([])
  now = due + 3_600_000
  await bench.projects.add({ path: bench.projectPath, trust: false })
  await scheduler.look()
  expect(await runs()).toEqual([])
  expect((await scheduler.list()).triggers).toMatchObject([{ nextAt: due + dayMs }])
})

test('the timer starts what is due by itself', async () => {
  now = Date.now()
  writePipeline('\n  - { schedule: "* * * * *", timeZone: UTC }')
  await scheduler.look()
  now += 60_000
  scheduler.start()
  await expect.poll(() => bench.runs.list({ limit: 10 }).items.length, { timeout: 5_000 }).toBe(1)
  await runs()
})

test('L1.11: two triggers that come due at once are served by one run where they ask for the same', async () => {
  writePipeline(
    '\n  - { schedule: "0 3 * * *", timeZone: UTC }\n  - { schedule: "0 */3 * * *", timeZone: UTC }\n  - { schedule: "0 3 * * 1", timeZone: UTC, parameters: { from: b } }',
    '{ uses: test/behave, with: { waitMs: 300 } }',
  )
  await scheduler.look()
  now = due
  await scheduler.look()
  const { triggers } = await scheduler.list()
  const outcomes = triggers.map(({ label, decision }) => [label, decision?.outcome, decision?.runId])
  const [run] = bench.runs.list({ limit: 10 }).items
  expect(outcomes.toSorted()).toEqual([
    ['schedule 0 */3 * * *', 'started', run?.id],
    ['schedule 0 3 * * *', 'started', run?.id],
    ['schedule 0 3 * * 1', 'held', null],
  ])
  // What asks for something else waits for the first to end, and is not lost.
  await runs()
  await scheduler.look()
  const [first, second, ...others] = await runs()
  expect(others).toEqual([])
  expect(bench.runs.get(first?.id ?? '').parameters).toEqual({ from: 'a' })
  expect(bench.runs.get(second?.id ?? '').parameters).toEqual({ from: 'b' })
})

test('T4, T5: an alert starts one run however often it is looked at, and the decision names it', async () => {
  const { store, projects } = bench
  const endpoints = {
    revisions: () => [],
    hasEndedRollout: () => false,
    rollBack: () => Promise.reject(new Error('not in this test')),
  }
  const events = new EventBus(() => undefined)
  const { alerts } = createAlertParts({ store, projects, endpoints, events, clock: () => now, logger: silentLogger })
  scheduler = schedulerOver(bench, { clock: () => now, alerts })
  writePipeline(
    '\n  - { alert: { monitor: flights, severity: critical }, parameters: { from: "${{ trigger.alert }}" } }',
  )
  await scheduler.look()
  expect(await runs()).toEqual([])
  for (let count = 0; count < 2; count++) {
    now += 1_000
    alerts.observe(readingAt(now, 0.5, { projectId: bench.projectId }), { alerts: [] })()
  }
  await scheduler.look()
  await scheduler.look()
  const [alert] = alerts.openOfMonitor(bench.projectId, 'flights')
  const [run, ...others] = await runs()
  expect(others).toEqual([])
  expect(run).toMatchObject({ startedBy: 'trigger alert flights' })
  expect(bench.runs.get(run?.id ?? '').parameters).toEqual({ from: alert?.id })
  expect(scheduler.ofRun(run?.id ?? '')).toMatchObject({
    decision: { outcome: 'started', conditions: [{ kind: 'alert', alert: { id: alert?.id, check: 'auc' } }] },
  })
})

test('after another pipeline: one run for each success, told which, none after a failure', async () => {
  const step = (option: string) => `steps:\n  one: { uses: test/behave, with: { ${option} } }\n`
  bench.write('pipelines/first.yaml', `name: first\n${step('')}`)
  bench.write(
    'pipelines/p.yaml',
    `name: p\nparameters: { from: a }\n${step('')}triggers:\n  - { after: first, parameters: { from: "\${{ trigger.run }}" } }\n`,
  )
  now = Date.now()
  await scheduler.look()
  const done = await bench.run('first')
  now = Date.now() + 1
  await scheduler.look()
  await scheduler.look()
  const followed = () => bench.runs.list({ limit: 10, pipeline: 'p' }).items.map(({ parameters }) => parameters)
  expect(followed()).toEqual([{ from: done.id }])
  bench.write('pipelines/first.yaml', `name: first\n${step('fail: dataset-empty')}`)
  await bench.run('first')
  await runs()
  now = Date.now() + 1
  await scheduler.look()
  expect(followed()).toHaveLength(1)
  expect((await history())[0]).toMatchObject({ outcome: 'started', conditions: [{ kind: 'after', runId: done.id }] })
})

test('L1.11: a daily budget counts the runs that the trigger started, and lets it go on the next day', async () => {
  writePipeline('\n  - { schedule: "0 * * * *", timeZone: UTC, budget: { runs: 2 } }')
  now = due
  await scheduler.look()
  for (let hour = 1; hour <= 4; hour++) {
    now = due + hour * 3_600_000
    await scheduler.look()
    await runs()
  }
  expect(await runs()).toHaveLength(2)
  expect((await history())[0]).toMatchObject({
    outcome: 'held',
    holds: [{ kind: 'budget', unit: 'runs', used: 2, limit: 2, until: at('2026-11-24T00:00:00Z') }],
  })
  now = at('2026-11-24T00:00:00Z')
  await scheduler.look()
  expect(await runs()).toHaveLength(3)
})

test('T1: one trigger is paused alone; fired by hand it starts at once, but not beside a run of the pipeline', async () => {
  writePipeline(daily, '{ uses: test/behave, with: { waitMs: 500 } }')
  await scheduler.look()
  const id = (await scheduler.list()).triggers[0]?.id ?? ''
  expect(await scheduler.setTriggerPaused(id, true)).toMatchObject({ nextAt: null, pausedAt: now })
  now = due
  await scheduler.look()
  expect(await runs()).toEqual([])
  const run = await scheduler.fire(id, 'ana')
  expect(run).toMatchObject({ startedBy: 'trigger schedule 0 3 * * *', parameters: { from: 'b' } })
  await expect(scheduler.fire(id, 'ana')).rejects.toMatchObject({ code: 'conflict' })
  await runs()
  // The planned time that the run by hand came after is not made good for.
  expect(await scheduler.setTriggerPaused(id, false)).toMatchObject({ pausedAt: null, nextAt: due + dayMs })
  await scheduler.look()
  expect(await runs()).toHaveLength(1)
  await expect(scheduler.get('nothing')).rejects.toMatchObject({ code: 'trigger-not-found' })
})

test('T2: the clock set forward and back again fires no planned time twice', async () => {
  writePipeline(daily)
  await scheduler.look()
  now = due
  await scheduler.look()
  now = due - 3_600_000
  await scheduler.look()
  now = due + 1_000
  await scheduler.look()
  expect(await runs()).toHaveLength(1)
  now = due + dayMs
  await scheduler.look()
  expect(await runs()).toHaveLength(2)
})
