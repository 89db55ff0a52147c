import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LeafCondition } from '#shared/triggers.ts'
import { nextFiring } from '../kernel/schedule.ts'
import { leafKey, ruleOf } from '../pipelines/trigger-rule.ts'
import { triggerSpecSchema } from '../pipelines/trigger-spec.ts'
import { type Decision, decide } from './decide.ts'
import type { LeafMemory, Memory } from './memory.ts'
import type { LeafSignal, SeenReading, Signals } from './signals.ts'

const at = (text: string) => Date.parse(text)
const dayMs = 86_400_000
const ruleFrom = (spec: object) => ruleOf(triggerSpecSchema.parse({ timeZone: 'UTC', ...spec }))
const nothingSeen: Signals = {
  leaves: new Map(),
  underWay: null,
  lastAt: null,
  usedSince: () => ({ runs: 0, minutes: 0 }),
}

/** Conditions by their keys, with what is remembered and seen of each. */
function world(
  ...parts: readonly (readonly [leaf: LeafCondition | string, memory: LeafMemory, signal?: LeafSignal])[]
): { memory: Memory; signals: Signals } {
  const keyed = parts.map(([leaf, memory, signal]) => ({
    key: typeof leaf === 'string' ? leaf : leafKey(leaf),
    memory,
    signal,
  }))
  return {
    memory: Object.fromEntries(keyed.map(({ key, memory }) => [key, memory])),
    signals: {
      ...nothingSeen,
      leaves: new Map(keyed.flatMap(({ key, signal }) => (signal === undefined ? [] : [[key, signal] as const]))),
    },
  }
}

const shortly = (decision: Decision) =>
  decision.kind === 'measure'
    ? 'measure'
    : decision.kind === 'start'
      ? `start${decision.late ? ' late' : ''}`
      : decision.kind === 'wait'
        ? 'wait'
        : decision.outcome

describe('T2: on a schedule', () => {
  const key = 'schedule 0 3 * * * UTC'
  const due = at('2026-11-23T03:00:00Z')
  const decideAt = (now: number, spec: object = {}, decidedUntil = due - dayMs, signals = nothingSeen) =>
    decide(ruleFrom({ schedule: '0 3 * * *', ...spec }), { [key]: { kind: 'schedule', decidedUntil } }, signals, now)

  test('nothing before the planned time, a run at it, nothing more after it was decided', () => {
    expect(decideAt(due - 1)).toMatchObject({ kind: 'wait', wakeAt: due })
    const decision = decideAt(due)
    expect(decision).toMatchObject({
      kind: 'start',
      plannedAt: due,
      late: false,
      values: { plannedAt: '2026-11-23T03:00:00.000Z' },
    })
    if (decision.kind !== 'start') return
    expect(decision.memoryAfter('r')).toEqual({ [key]: { kind: 'schedule', decidedUntil: due } })
    expect(decideAt(due + 30_000)).toMatchObject({ kind: 'start', late: false })
    expect(shortly(decideAt(due + 30_000, {}, due))).toBe('wait')
  })

  test('of many missed times the latest is made good for once, or skipped', () => {
    const latest = due + 7 * dayMs
    const weekLater = latest + 3_600_000
    expect(decideAt(weekLater)).toMatchObject({ kind: 'start', plannedAt: latest, late: true })
    expect(decideAt(weekLater, { missed: 'skip' })).toMatchObject({
      kind: 'not',
      outcome: 'skipped',
      plannedAt: latest,
      memory: { [key]: { decidedUntil: latest } },
    })
    expect(shortly(decideAt(latest + 1_000, { missed: 'skip' }))).toBe('start')
  })

  test('no run while another one of the pipeline goes on: later once, or not at all', () => {
    const busy = { ...nothingSeen, underWay: 'r' }
    expect(decideAt(due, {}, due - dayMs, busy)).toMatchObject({
      outcome: 'held',
      holds: [{ kind: 'overlap', runId: 'r' }],
      memory: { [key]: { decidedUntil: due - dayMs } },
    })
    expect(decideAt(due, { missed: 'skip' }, due - dayMs, busy)).toMatchObject({ outcome: 'skipped' })
    expect(shortly(decideAt(due, { overlap: 'allow' }, due - dayMs, busy))).toBe('start')
    expect(shortly(decideAt(due - 1, {}, due - dayMs, busy))).toBe('wait')
  })

  test('a clock set back a little waits, one set back a long way plans afresh', () => {
    expect(decideAt(due - dayMs - 60_000)).toMatchObject({
      kind: 'wait',
      memory: { [key]: { decidedUntil: due - dayMs } },
    })
    const longAgo = due - 31 * dayMs
    expect(decideAt(longAgo)).toMatchObject({ kind: 'wait', memory: { [key]: { decidedUntil: longAgo } } })
  })

  test('however often it looks, whatever the clock of the zone does, each planned time starts one run, the latest is never lost', () => {
    const start = at('2026-03-01T00:00:00Z')
    const looks = fc.array(fc.integer({ min: 1, max: 5 * 3_600_000 }), { minLength: 1, maxLength: 60 })
    const zones = fc.constantFrom('America/New_York', 'Australia/Lord_Howe', 'America/Sao_Paulo')
    fc.assert(
      fc.property(fc.constantFrom('*/30 * * * *', '15 2 * * *'), zones, looks, (schedule, timeZone, steps) => {
        const rule = ruleFrom({ schedule, timeZone })
        const zoned = `schedule ${schedule} ${timeZone}`
        let memory: Memory = { [zoned]: { kind: 'schedule', decidedUntil: start } }
        let now = start
        const fired: number[] = []
        for (const step of steps) {
          now += step
          const decision = decide(rule, memory, nothingSeen, now)
          if (decision.kind !== 'start') continue
          fired.push(decision.plannedAt ?? 0)
          memory = decision.memoryAfter('r')
        }
        expect(fired).toEqual([...new Set(fired)].sort((a, b) => a - b))
        const last = memory[zoned]
        expect(last?.kind === 'schedule' && nextFiring(schedule, timeZone, last.decidedUntil)).toBeGreaterThan(now)
      }),
      { numRuns: 60 },
    )
  })
})

const now = at('2026-11-23T12:00:00Z')
const performanceSpec = { performance: { model: 'm', dataset: 'd', metric: 'auc', below: 0.6 } }
const driftSpec = { drift: { model: 'm', dataset: 'd', above: 0.1 } }
const acted = (key: string | null = null): LeafMemory => ({ kind: 'measured', actedOn: key })
const champion = { version: 3, key: '3 abc' }
const scored = (value: number | null, rows = 1_000): LeafSignal => ({
  kind: 'performance',
  champion,
  measured: { value: { value, rows, from: '2001-03-01', to: '2001-03-31' } },
})
const drifted = (value: number): LeafSignal => ({
  kind: 'drift',
  champion,
  measured: { value: { value, rows: 1_000, from: null, to: null, columns: [{ column: 'origin', value: 0.4 }] } },
})

describe('T4: when performance falls below a threshold', () => {
  const decideOn = (signal: LeafSignal, memory = acted(), spec: object = performanceSpec) => {
    const metric = spec === performanceSpec ? 'auc' : 'rmse'
    const seen = world([`performance m d ${metric}`, memory, signal])
    return decide(ruleFrom(spec), seen.memory, seen.signals, now)
  }

  test('a run below the limit, with what was measured; none at it or above', () => {
    const decision = decideOn(scored(0.59))
    expect(decision).toMatchObject({
      kind: 'start',
      conditions: [
        { met: true, value: 0.59, limit: 0.6, version: 3, rows: 1_000, from: '2001-03-01', reason: 'beyond' },
      ],
    })
    expect(decideOn(scored(0.6))).toMatchObject({ outcome: 'not-met', conditions: [{ reason: 'within', value: 0.6 }] })
  })

  test('no second run for the same champion and rows, whatever became of the first', () => {
    const decision = decideOn(scored(0.5))
    const after = decision.kind === 'start' ? decision.memoryAfter('r') : {}
    expect(after).toEqual({ 'performance m d auc': { kind: 'measured', actedOn: '3 abc' } })
    expect(decideOn(scored(0.5), acted('3 abc'))).toMatchObject({ conditions: [{ reason: 'acted-on' }] })
    expect(shortly(decideOn(scored(0.5), acted('2 abc')))).toBe('start')
  })

  test('nothing without a champion, with too few rows, or where it cannot be scored; measured only when asked for', () => {
    expect(decideOn({ kind: 'performance', champion: null, measured: undefined })).toMatchObject({
      conditions: [{ reason: 'no-champion', version: null }],
    })
    expect(decideOn(scored(0.1, 20))).toMatchObject({ conditions: [{ reason: 'too-few', rows: 20 }] })
    expect(decideOn({ kind: 'performance', champion, measured: { problem: 'no column' } })).toMatchObject({
      outcome: 'not-met',
      conditions: [{ reason: 'unreadable', problem: 'no column' }],
    })
    expect(decideOn({ kind: 'performance', champion, measured: undefined })).toMatchObject({ kind: 'measure' })
  })

  test('of a metric that is better when lower, above the limit', () => {
    const spec = { performance: { model: 'm', dataset: 'd', metric: 'rmse', above: 2 } }
    expect(shortly(decideOn(scored(2.5), acted(), spec))).toBe('start')
    expect(shortly(decideOn(scored(1.5), acted(), spec))).toBe('not-met')
  })
})

test('T5: when the weighted drift passes a threshold, with the columns that moved', () => {
  const decideOn = (signal: LeafSignal) => {
    const seen = world(['drift m d', acted(), signal])
    return decide(ruleFrom(driftSpec), seen.memory, seen.signals, now)
  }
  expect(decideOn(drifted(0.2))).toMatchObject({
    kind: 'start',
    conditions: [{ value: 0.2, limit: 0.1, columns: [{ column: 'origin', value: 0.4 }] }],
  })
  expect(decideOn(drifted(0.05))).toMatchObject({ outcome: 'not-met', conditions: [{ reason: 'within' }] })
})

describe('T4, T5: while an alert of a monitor is open', () => {
  const open = (id: string, check = 'auc', severity: 'warning' | 'critical' = 'critical') => ({
    id,
    check,
    severity,
    raisedAt: 1,
    reason: `${check} is bad`,
  })
  const spec = { alert: { monitor: 'flights', check: 'auc', severity: 'critical' } }
  const decideWith = (alerts: ReturnType<typeof open>[], actedOn: string[] = [], rule: object = spec) => {
    const key = leafKey(ruleFrom(rule).condition as LeafCondition)
    const seen = world([key, { kind: 'alert', actedOn }, { kind: 'alert', open: alerts }])
    return decide(ruleFrom(rule), seen.memory, seen.signals, 1_000)
  }

  test('starts a run once for each alert, told which', () => {
    const decision = decideWith([open('a')])
    expect(decision).toMatchObject({
      kind: 'start',
      values: { alert: 'a' },
      conditions: [{ kind: 'alert', met: true, reason: 'open', alert: { id: 'a', reason: 'auc is bad' } }],
    })
    const after = decision.kind === 'start' ? decision.memoryAfter('r') : {}
    expect(after).toEqual({ 'alert flights/auc': { kind: 'alert', actedOn: ['a'] } })
    expect(decideWith([open('a')], ['a'])).toMatchObject({
      kind: 'not',
      outcome: 'not-met',
      conditions: [{ reason: 'acted-on' }],
    })
    expect(shortly(decideWith([open('a'), open('b')], ['a']))).toBe('start')
  })
  test('not for another check, nor for one that is not severe enough; nothing to say where none is open', () => {
    expect(shortly(decideWith([]))).toBe('wait')
    expect(shortly(decideWith([open('a', 'drift')]))).toBe('wait')
    expect(shortly(decideWith([open('a', 'auc', 'warning')]))).toBe('wait')
    const any = { alert: { monitor: 'flights' } }
    expect(shortly(decideWith([open('a', 'drift', 'warning')], [], any))).toBe('start')
  })
  test('is held back as any other, and follows when nothing holds it back any more', () => {
    const key = 'alert flights/auc'
    const seen = world([key, { kind: 'alert', actedOn: [] }, { kind: 'alert', open: [open('a')] }])
    const held = decide(ruleFrom({ ...spec, cooldown: '1h' }), seen.memory, { ...seen.signals, lastAt: 500 }, 1_000)
    expect(held).toMatchObject({ kind: 'not', outcome: 'held', holds: [{ kind: 'cooldown', until: 3_600_500 }] })
    expect(held).toMatchObject({ memory: { [key]: { actedOn: [] } } })
    const later = decide(
      ruleFrom({ ...spec, cooldown: '1h' }),
      seen.memory,
      { ...seen.signals, lastAt: 500 },
      3_600_500,
    )
    expect(shortly(later)).toBe('start')
  })
  test('remembers only what is still open', () => {
    const decision = decideWith([open('b')], ['a'])
    expect(decision.kind === 'start' ? decision.memoryAfter('r') : {}).toEqual({
      'alert flights/auc': { kind: 'alert', actedOn: ['b'] },
    })
  })
})

describe('T4, T5: when a monitor reads drift or bad performance in production', () => {
  const hourMs = 3_600_000
  const read = (value: number | null, change: Partial<SeenReading> = {}): SeenReading => ({
    ...{ id: 'r1', check: 'auc', endpoint: 'flights', at: 10 * hourMs, from: 8 * hourMs, to: 10 * hourMs },
    ...{ model: 'flight-delay', version: 1, value, metric: 'auc', estimate: false, rows: 500 },
    ...change,
  })
  const auc = { performance: { monitor: 'flights', check: 'auc', below: 0.6 } }
  const decideWith = (latest: SeenReading[], memory?: Memory, rule: object = auc, now = 10 * hourMs) => {
    const key = leafKey(ruleFrom(rule).condition as LeafCondition)
    const fresh = { kind: 'reading' as const, actedOn: [] }
    const seen = world([key, memory?.[key] ?? fresh, { kind: 'reading', latest: { value: latest } }])
    return decide(ruleFrom(rule), seen.memory, seen.signals, now)
  }
  const memoryOf = (decision: ReturnType<typeof decide>) =>
    decision.kind === 'start' ? decision.memoryAfter('run') : {}

  test('starts a run, told which reading, with the evidence', () => {
    expect(decideWith([read(0.55)])).toMatchObject({
      kind: 'start',
      values: { reading: 'r1' },
      conditions: [
        {
          ...{ kind: 'reading', about: 'performance', monitor: 'flights', check: 'auc', limit: 0.6, side: 'below' },
          ...{ met: true, reason: 'beyond', reading: { id: 'r1', value: 0.55, version: 1, rows: 500 } },
        },
      ],
    })
    expect(decideWith([read(0.65)])).toMatchObject({ outcome: 'not-met', conditions: [{ reason: 'within' }] })
    expect(decideWith([read(null)])).toMatchObject({ outcome: 'not-met', conditions: [{ reason: 'no-data' }] })
    expect(shortly(decideWith([]))).toBe('wait')
  })
  test('not twice on the same reading, nor on rows of it again; on new rows, or of another version, it does', () => {
    const memory = memoryOf(decideWith([read(0.55)]))
    expect(memory).toEqual({
      'performance flights/auc': { kind: 'reading', actedOn: [{ check: 'auc', version: 1, to: 10 * hourMs }] },
    })
    const again = (change: Partial<SeenReading>) => decideWith([read(0.55, change)], memory, auc, 13 * hourMs)
    expect(again({})).toMatchObject({ outcome: 'not-met', conditions: [{ reason: 'acted-on' }] })
    const slid = { id: 'r2', from: 9 * hourMs, to: 11 * hourMs }
    expect(again(slid)).toMatchObject({ outcome: 'not-met', conditions: [{ reason: 'acted-on' }] })
    expect(shortly(again({ id: 'r3', from: 10 * hourMs, to: 12 * hourMs }))).toBe('start')
    expect(shortly(again({ ...slid, version: 2 }))).toBe('start')
  })
  test('of several checks the one that is farthest beyond is told, and what it was for does not hide another', () => {
    const drift = { drift: { monitor: 'flights', above: 0.2 } }
    const inputs = read(0.3, { id: 'i', check: 'inputs' })
    const outputs = read(0.5, { id: 'o', check: 'more-inputs' })
    const decision = decideWith([inputs, outputs], undefined, drift)
    expect(decision).toMatchObject({ kind: 'start', values: { reading: 'o' } })
    const later = { ...outputs, value: 0.1 }
    expect(decideWith([inputs, later], memoryOf(decision), drift)).toMatchObject({
      conditions: [{ reason: 'acted-on' }],
    })
    const fresh = { ...later, id: 'o2', value: 0.25, from: 10 * hourMs, to: 11 * hourMs }
    expect(decideWith([inputs, fresh], memoryOf(decision), drift, 11 * hourMs)).toMatchObject({
      kind: 'start',
      values: { reading: 'o2' },
    })
  })
  test('a monitor that cannot be read is told', () => {
    const key = leafKey(ruleFrom(auc).condition as LeafCondition)
    const problem = 'There is no monitor "flights".'
    const seen = world([key, { kind: 'reading', actedOn: [] }, { kind: 'reading', latest: { problem } }])
    expect(decide(ruleFrom(auc), seen.memory, seen.signals, 1_000)).toMatchObject({
      outcome: 'not-met',
      conditions: [{ reason: 'unreadable', problem }],
    })
  })
  test('what was read under a clock that was wrong is not in the way', () => {
    const key = 'performance flights/auc'
    const memory = { [key]: { kind: 'reading' as const, actedOn: [{ check: 'auc', version: 1, to: 1_000 * hourMs }] } }
    expect(shortly(decideWith([read(0.55)], memory))).toBe('start')
  })
})

describe('after another pipeline', () => {
  const decideOn = (
    successes: { id: string; finishedAt: number }[] | null,
    since = now - 1_000,
    followed: string[] = [],
  ) => {
    const memory: LeafMemory = { kind: 'after', since, followed }
    const seen = world(['after /extract', memory, { kind: 'after', successes }])
    return decide(ruleFrom({ after: 'extract' }), seen.memory, seen.signals, now)
  }

  test('one run for all that succeeded since, and the newest of them is what it is told', () => {
    const decision = decideOn([
      { id: 'b', finishedAt: now - 100 },
      { id: 'a', finishedAt: now - 500 },
      { id: 'old', finishedAt: now - 5_000 },
    ])
    expect(decision).toMatchObject({ kind: 'start', values: { run: 'b' } })
    if (decision.kind !== 'start') return
    expect(decision.memoryAfter('r')).toEqual({
      'after /extract': { kind: 'after', since: now - 100, followed: ['b'] },
    })
    expect(shortly(decideOn([{ id: 'b', finishedAt: now - 100 }], now - 100, ['b']))).toBe('wait')
    expect(
      shortly(
        decideOn(
          [
            { id: 'c', finishedAt: now - 100 },
            { id: 'b', finishedAt: now - 100 },
          ],
          now - 100,
          ['b'],
        ),
      ),
    ).toBe('start')
  })

  test('after the clock was set back, what was followed stays so and what ends from then on counts', () => {
    const future = now + 3_600_000
    const decision = decideOn([{ id: 'b', finishedAt: future }], future, ['b'])
    expect(decision).toMatchObject({ kind: 'wait', memory: { 'after /extract': { since: now, followed: ['b'] } } })
    expect(
      shortly(
        decideOn(
          [
            { id: 'b', finishedAt: future },
            { id: 'c', finishedAt: now },
          ],
          now,
          ['b'],
        ),
      ),
    ).toBe('start')
  })

  test('a project that is not there is said', () => {
    expect(decideOn(null)).toMatchObject({ outcome: 'not-met', conditions: [{ reason: 'no-project' }] })
  })
})

describe('L1.11: conditions combine', () => {
  const schedule = (decidedUntil: number): [string, LeafMemory] => [
    'schedule 0 9 * * * UTC',
    { kind: 'schedule', decidedUntil },
  ]
  const planned = at('2026-11-23T09:00:00Z')
  const both = { all: [{ schedule: '0 9 * * *' }, driftSpec] }

  test('all: what is not needed is not measured, and a planned time passes where the rest was not so then', () => {
    const unknown: LeafSignal = { kind: 'drift', champion, measured: undefined }
    const before = world(schedule(planned), ['drift m d', acted(), unknown])
    expect(shortly(decide(ruleFrom(both), before.memory, before.signals, now))).toBe('wait')
    const due = world(schedule(planned - dayMs), ['drift m d', acted(), unknown])
    expect(decide(ruleFrom(both), due.memory, due.signals, now)).toMatchObject({
      kind: 'measure',
      leaves: [{ kind: 'drift' }],
    })
    const calm = world(schedule(planned - dayMs), ['drift m d', acted(), drifted(0.01)])
    const decision = decide(ruleFrom(both), calm.memory, calm.signals, now)
    expect(decision).toMatchObject({ outcome: 'not-met', plannedAt: planned })
    expect(decision).toMatchObject({ memory: { 'schedule 0 9 * * * UTC': { decidedUntil: planned } } })
    const moved = world(schedule(planned - dayMs), ['drift m d', acted(), drifted(0.5)])
    const start = decide(ruleFrom(both), moved.memory, moved.signals, now)
    expect(start.kind === 'start' && start.memoryAfter('r')).toEqual({
      'schedule 0 9 * * * UTC': { kind: 'schedule', decidedUntil: planned },
      'drift m d': { kind: 'measured', actedOn: '3 abc' },
    })
  })

  test('any: one that is met is enough, and the others are not measured for it', () => {
    const unknown: LeafSignal = { kind: 'drift', champion, measured: undefined }
    const seen = world(['performance m d auc', acted(), scored(0.1)], ['drift m d', acted(), unknown])
    const decision = decide(ruleFrom({ any: [driftSpec, performanceSpec] }), seen.memory, seen.signals, now)
    expect(decision.kind === 'start' && decision.memoryAfter('r')).toEqual({
      'performance m d auc': { kind: 'measured', actedOn: '3 abc' },
      'drift m d': { kind: 'measured', actedOn: null },
    })
  })

  test('whatever the nesting, all and any are what logic says', () => {
    const spec = { all: [performanceSpec, { any: [driftSpec, { after: 'extract' }] }] }
    fc.assert(
      fc.property(fc.boolean(), fc.boolean(), fc.boolean(), (worse, moved, succeeded) => {
        const seen = world(
          ['performance m d auc', acted(), scored(worse ? 0.5 : 0.7)],
          ['drift m d', acted(), drifted(moved ? 0.5 : 0)],
          [
            'after /extract',
            { kind: 'after', since: 0, followed: [] },
            { kind: 'after', successes: succeeded ? [{ id: 'a', finishedAt: 1 }] : [] },
          ],
        )
        const { kind } = decide(ruleFrom(spec), seen.memory, seen.signals, now)
        expect(kind === 'start').toBe(worse && (moved || succeeded))
      }),
    )
  })
})

describe('L1.11: what holds a run back', () => {
  const seen = world(['drift m d', acted(), drifted(0.5)])
  const decideWith = (spec: object, signals: Partial<Signals> = {}, time = now) =>
    decide(ruleFrom({ ...driftSpec, ...spec }), seen.memory, { ...seen.signals, ...signals }, time)

  test('a cool-down after the last run, and not for ever where the clock was wrong', () => {
    const lastAt = now - 3_600_000
    expect(decideWith({ cooldown: '2h' }, { lastAt })).toMatchObject({
      outcome: 'held',
      holds: [{ kind: 'cooldown', until: now + 3_600_000 }],
      wakeAt: now + 3_600_000,
    })
    expect(shortly(decideWith({ cooldown: '1h' }, { lastAt }))).toBe('start')
    expect(shortly(decideWith({ cooldown: '2h' }, { lastAt: now + 2 * dayMs }))).toBe('start')
  })

  test('quiet hours of a time zone, across midnight and across a change of daylight saving', () => {
    const quietHours = { from: '22:00', to: '06:00' }
    const zone = 'America/New_York'
    const quiet = (text: string) => decideWith({ quietHours, timeZone: zone }, {}, at(text))
    // 21:59 and 22:00 in New York; the night of 14 March 2027 lacks the hour from two to three.
    expect(shortly(quiet('2027-03-14T02:59:00Z'))).toBe('start')
    expect(quiet('2027-03-14T03:00:00Z')).toMatchObject({
      holds: [{ kind: 'quiet-hours', until: at('2027-03-14T10:00:00Z') }],
    })
    expect(shortly(quiet('2027-03-14T09:59:00Z'))).toBe('held')
    expect(shortly(quiet('2027-03-14T10:00:00Z'))).toBe('start')
    expect(shortly(decideWith({ quietHours: { from: '11:00', to: '13:00' } }))).toBe('held')
    expect(shortly(decideWith({ quietHours: { from: '13:00', to: '11:00' } }))).toBe('start')
  })

  test('a budget of runs or minutes, from midnight of the time zone on', () => {
    const asked: number[] = []
    const usedSince = (since: number) => {
      asked.push(since)
      return { runs: 2, minutes: 45.5 }
    }
    expect(
      decideWith({ budget: { runs: 2, minutes: 60 }, timeZone: 'America/Sao_Paulo' }, { usedSince }),
    ).toMatchObject({
      outcome: 'held',
      holds: [{ kind: 'budget', unit: 'runs', used: 2, limit: 2, until: at('2026-11-24T03:00:00Z') }],
    })
    expect(asked).toEqual([at('2026-11-23T03:00:00Z')])
    expect(decideWith({ budget: { minutes: 45 } }, { usedSince })).toMatchObject({
      holds: [{ unit: 'minutes', used: 45.5 }],
    })
    expect(shortly(decideWith({ budget: { runs: 3 } }, { usedSince }))).toBe('start')
  })

  test('all that holds back is said at once, and the data stays to be acted on', () => {
    const decision = decideWith(
      { cooldown: '2h', quietHours: { from: '11:00', to: '13:00' } },
      { lastAt: now - 1, underWay: 'r' },
    )
    expect(decision).toMatchObject({
      holds: [{ kind: 'overlap' }, { kind: 'cooldown' }, { kind: 'quiet-hours' }],
      memory: seen.memory,
    })
  })
})
