/** What tray, task bar and notifications make of the events. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Alert } from '#shared/alerts.ts'
import type { Approval } from '#shared/approvals.ts'
import type { EngineEvent } from '#shared/events.ts'
import type { RunStatus, RunSummary, StepExecution } from '#shared/runs.ts'
import type { TriggerState } from '#shared/triggers.ts'
import { readingAt } from '../engine/monitoring/alerts/testing/readings.ts'
import { autostartEntry } from './autostart.ts'
import { bundlePath } from './engine-bundle.ts'
import { menuTemplate, places } from './menu-template.ts'
import { NewsDesk } from './news.ts'
import { QuitGuard, type QuitParts } from './quit-guard.ts'
import { RunList } from './run-list.ts'
import { texts } from './texts.ts'
import { type TrayView, trayMenu } from './tray-menu.ts'

function run(id: string, status: RunStatus, more: Partial<RunSummary> = {}): RunSummary {
  return {
    id,
    projectId: 'p',
    pipeline: 'train',
    pipelineVersion: 'v',
    status,
    startedBy: 'api',
    createdAt: 0,
    startedAt: 0,
    finishedAt: null,
    stepsTotal: 4,
    stepsDone: 0,
    metrics: {},
    error: null,
    ...more,
  }
}
const changed = (each: RunSummary): EngineEvent => ({ type: 'run-changed', at: 0, run: each })

function gate(values: StepExecution['values'], more: Partial<StepExecution> = {}): EngineEvent {
  const step: StepExecution = {
    name: 'gate',
    component: 'model/gate',
    status: 'succeeded',
    cached: false,
    attempt: 1,
    progress: null,
    progressMessage: null,
    startedAt: 0,
    finishedAt: 1,
    dependsOn: [],
    inputs: {},
    outputs: {},
    values,
    reason: null,
    error: null,
    ...more,
  }
  return { type: 'step-changed', at: 0, runId: 'r', step }
}

describe('NewsDesk', () => {
  const tell = (desk: NewsDesk, event: EngineEvent) =>
    desk.take(event, texts.en, () => 'train').map(({ title, path, body }) => [title, body, path])

  it('L1.8: tells once that a person is asked, and not again when the person has answered', () => {
    const approval: Approval = {
      id: 'a1',
      projectId: 'p',
      model: 'flight-delay',
      version: 3,
      alias: 'champion',
      endpoints: [],
      rollouts: {},
      runId: 'r',
      step: 'register',
      verdictHash: 'h',
      reason: 'AUC 0.640 is above the limit.',
      createdAt: 0,
      state: 'pending',
      decision: null,
    }
    const event = (change: Partial<Approval>): EngineEvent => ({
      type: 'approval-changed',
      at: 0,
      approval: { ...approval, ...change },
    })
    const desk = new NewsDesk()
    expect(tell(desk, event({}))).toEqual([
      ['Approval needed: flight-delay, version 3', 'AUC 0.640 is above the limit.', '/models/flight-delay/3'],
    ])
    expect(tell(desk, event({ endpoints: ['flight-delay'] }))).toEqual([])
    expect(tell(desk, event({ state: 'approved' }))).toEqual([])
  })
  it('tells of each failure once, and again after a retry', () => {
    const desk = new NewsDesk()
    expect(tell(desk, changed(run('a', 'running')))).toEqual([])
    const failed = changed(run('a', 'failed', { finishedAt: 1 }))
    expect(tell(desk, failed)).toEqual([['Run of train failed', '', '/runs/a']])
    expect(tell(desk, failed)).toEqual([])
    expect(tell(desk, changed(run('a', 'failed', { finishedAt: 2 })))).toHaveLength(1)
    expect(tell(desk, changed(run('b', 'succeeded')))).toEqual([])
  })
  it('tells of a gate that said no, with its reason', () => {
    const desk = new NewsDesk()
    expect(tell(desk, gate({ blessed: true }))).toEqual([])
    expect(tell(desk, gate({ blessed: false }, { status: 'running' }))).toEqual([])
    const rejected = gate({ blessed: false, reason: 'auc is 0.4' })
    expect(tell(desk, rejected)).toEqual([['The gate of train rejected a model', 'auc is 0.4', '/runs/r']])
    expect(tell(desk, rejected)).toEqual([])
  })
})

describe('news of alerts', () => {
  const { parts: _, ...reading } = readingAt(5_000, 0.5)
  const alert: Alert = {
    id: 'a1',
    projectId: 'p',
    monitor: 'flights',
    check: 'auc',
    endpoint: 'flights',
    state: 'open',
    severity: 'warning',
    worst: 'warning',
    raisedAt: 1,
    changedAt: 1,
    clearedAt: null,
    clearedBecause: null,
    acknowledged: null,
    reading,
    desktop: true,
    deliveries: { pending: 0, failed: 0 },
  }
  const event = (change: Partial<Alert>): EngineEvent => ({
    type: 'alert-changed',
    at: 1,
    change: 'raised',
    alert: { ...alert, ...change },
  })
  const tell = (desk: NewsDesk, change: Partial<Alert>) =>
    desk.take(event(change), texts.en, () => undefined).map(({ title, body, path }) => [title, body, path])

  it('tells once that it was raised, and once more that it is critical', () => {
    const desk = new NewsDesk()
    expect(tell(desk, {})).toEqual([['Alert of flights: auc', 'AUC 0.5 of 500 rows.', '/alerts/a1']])
    expect(tell(desk, { deliveries: { pending: 1, failed: 0 } })).toEqual([])
    expect(tell(desk, { severity: 'critical', worst: 'critical' })).toEqual([
      ['Critical alert of flights: auc', 'AUC 0.5 of 500 rows.', '/alerts/a1'],
    ])
    expect(tell(desk, { severity: 'warning', worst: 'critical' })).toEqual([])
  })
  it('says nothing of one that is over, seen to, or of which the desktop is not to be told', () => {
    const desk = new NewsDesk()
    expect(tell(desk, { state: 'cleared' })).toEqual([])
    expect(tell(desk, { acknowledged: { at: 1, by: 'ana', note: '' } })).toEqual([])
    expect(tell(desk, { desktop: false })).toEqual([])
  })
})

describe('RunList', () => {
  it('knows what is under way, and how far it is', () => {
    const list = new RunList()
    expect(list.progress).toBeUndefined()
    list.replace([run('b', 'succeeded', { createdAt: 2 }), run('a', 'running', { createdAt: 1, stepsDone: 1 })])
    expect([list.underWay, list.progress]).toEqual([1, 0.25])
    list.take(run('c', 'queued', { createdAt: 3 }))
    expect([list.underWay, list.progress]).toEqual([2, 0.125])
    list.take(run('a', 'succeeded', { createdAt: 1 }))
    list.take(run('c', 'cancelled', { createdAt: 3 }))
    expect([list.underWay, list.progress]).toEqual([0, undefined])
    expect(list.latest(2).map(({ id }) => id)).toEqual(['c', 'b'])
    expect(list.pipelineOf('x')).toBeUndefined()
  })
})

describe('trayMenu', () => {
  const trigger = (pipeline: string, nextAt: number | null): TriggerState['triggers'][number] => ({
    id: pipeline,
    projectId: 'p 1',
    pipeline,
    kind: 'schedule',
    label: nextAt === null ? 'new-data flights' : 'schedule 0 3 * * *',
    condition: { kind: 'schedule', schedule: '0 3 * * *', timeZone: 'UTC', missed: 'skip' },
    restraints: { cooldownMs: null, quietHours: null, budget: null, overlap: false, timeZone: 'UTC' },
    parameters: {},
    pausedAt: null,
    nextAt,
    lastAt: null,
    lastRunId: null,
    decision: null,
  })
  const view: TrayView = {
    texts: texts.en,
    language: 'en',
    state: 'idle',
    summary: 'Esteira: idle',
    latest: [run('r1', 'failed')],
    triggers: { paused: false, triggers: [trigger('late', 90_000_000), trigger('soon', 1)] },
  }
  function open(shown: TrayView) {
    const asked: string[] = []
    const items = trayMenu(shown, {
      show: () => asked.push('show'),
      goTo: (path) => asked.push(path),
      pauseTriggers: (paused) => asked.push(`pause ${paused}`),
      quit: () => asked.push('quit'),
    })
    // Electron hands an item to its own listener; these listeners take nothing.
    for (const { click } of items) Reflect.apply(click ?? (() => undefined), undefined, [])
    return { labels: items.map(({ label }) => label?.replace(/ · .*\d.*/, ' · time')), asked }
  }

  it('shows what runs next, the switch for it, and the latest runs', () => {
    expect(open(view)).toEqual({
      labels: [
        'Esteira: idle',
        undefined,
        'Next runs',
        'soon · time',
        'late · time',
        'Pause all triggers',
        undefined,
        'Latest runs',
        'train · failed',
        undefined,
        'Show Esteira',
        'Quit Esteira',
      ],
      asked: ['/triggers/soon', '/triggers/late', 'pause true', '/runs/r1', 'show', 'quit'],
    })
  })
  it('T3: shows triggers whose time is not known by what they wait for, after the others', () => {
    const { labels, asked } = open({
      ...view,
      triggers: { paused: false, triggers: [trigger('train', null), trigger('soon', 1)] },
    })
    expect(labels.slice(3, 5)).toEqual(['soon · time', 'train · new-data flights'])
    expect(asked.slice(0, 2)).toEqual(['/triggers/soon', '/triggers/train'])
  })
  it('offers to resume what is paused, and is short where there is nothing', () => {
    const paused = open({ ...view, triggers: { paused: true, triggers: [trigger('a', null)] } })
    expect(paused.labels).toContain('Triggers are paused')
    expect(paused.asked).toContain('pause false')
    const empty = open({ ...view, latest: [], triggers: { paused: false, triggers: [] } })
    expect(empty.labels).toEqual(['Esteira: idle', undefined, 'Show Esteira', 'Quit Esteira'])
  })
})

describe('menuTemplate', () => {
  const actions = {
    goTo: () => undefined,
    command: () => undefined,
    openProject: () => undefined,
    openDataFile: () => undefined,
    back: () => undefined,
    forward: () => undefined,
    openDocumentation: () => undefined,
    openLogs: () => undefined,
    about: () => undefined,
    quit: () => undefined,
  }
  const labels = (platform: NodeJS.Platform) => menuTemplate(texts.en, platform, actions).map(({ label }) => label)

  it('begins with the menu of the app on macOS alone', () => {
    expect(labels('darwin')).toEqual(['Esteira', 'File', 'Edit', 'View', 'Go', 'Window', 'Help'])
    expect(labels('linux')).toEqual(['File', 'Edit', 'View', 'Go', 'Window', 'Help'])
  })
  it('gives no key twice', () => {
    for (const platform of ['darwin', 'linux', 'win32'] as const) {
      const keys = JSON.stringify(menuTemplate(texts.en, platform, actions)).match(/"accelerator":"[^"]+"/g) ?? []
      expect(new Set(keys).size).toBe(keys.length)
    }
  })
  it('has the pages of the rail, in its order', () => {
    const rail = readFileSync(new URL('../../renderer/app/places.ts', import.meta.url), 'utf8')
    expect([...rail.matchAll(/href: '([^']+)'/g)].map(([, href]) => href)).toEqual(places.map(([, path]) => path))
  })
})

describe('QuitGuard', () => {
  function guard(answer: 'keep' | 'quit' | 'cancel', endsRuns = true) {
    const done: string[] = []
    const parts: QuitParts = {
      endsRuns: () => endsRuns,
      ask: async () => {
        done.push('asked')
        return answer
      },
      quit: () => done.push('quit'),
      stayInTray: () => done.push('tray'),
    }
    return { guard: new QuitGuard(parts), done }
  }
  const turn = () => new Promise((resolve) => setTimeout(resolve))

  it('lets go at once where no run ends', () => {
    const { guard: each, done } = guard('cancel', false)
    expect(each.mayQuit()).toBe(true)
    expect(done).toEqual([])
  })
  it.each([
    ['keep', ['asked', 'tray'], false],
    ['quit', ['asked', 'quit'], true],
    ['cancel', ['asked'], false],
  ] as const)('asks once, and does as told: %s', async (answer, expected, decided) => {
    const { guard: each, done } = guard(answer)
    expect([each.mayQuit(), each.mayQuit()]).toEqual([false, false])
    await turn()
    expect(done).toEqual(expected)
    expect(each.decided).toBe(decided)
  })
  it('asks nobody when the system ends', () => {
    const { guard: each, done } = guard('cancel')
    each.quitUnasked()
    expect(each.mayQuit()).toBe(true)
    expect(done).toEqual(['quit'])
  })
})

it('finds the bundle of the engine beside the archive', () => {
  expect(bundlePath('/opt/Esteira/resources/app.asar/out/main')).toBe(
    '/opt/Esteira/resources/app.asar.unpacked/out/main/engine/cli/esteira.js',
  )
  expect(bundlePath('/work/esteira/out/main')).toBe('/work/esteira/out/main/engine/cli/esteira.js')
})

it('quotes what starts with the session', () => {
  expect(autostartEntry(['/opt/My App/100%', '--hidden', 'a"$b\\'])).toContain(
    'Exec="/opt/My App/100%%" "--hidden" "a\\\\"\\\\$b\\\\\\\\"\n',
  )
})
