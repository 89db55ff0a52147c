import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextFiring } from '../kernel/schedule.ts'
import { decide, type ScheduleState } from './decide.ts'

const at = (text: string) => Date.parse(text)
const daily: ScheduleState = {
  schedule: '0 3 * * *',
  timeZone: 'UTC',
  missed: 'once',
  decidedUntil: at('2026-11-22T03:00:00Z'),
  runUnderWay: false,
}
const due = at('2026-11-23T03:00:00Z')

test('nothing before the planned time, a run at it, nothing more after it was decided', () => {
  expect(decide(daily, due - 1)).toEqual({ kind: 'wait' })
  expect(decide(daily, due)).toEqual({ kind: 'start', plannedAt: due, late: false })
  expect(decide(daily, due + 30_000)).toEqual({ kind: 'start', plannedAt: due, late: false })
  expect(decide({ ...daily, decidedUntil: due }, due + 30_000)).toEqual({ kind: 'wait' })
})

test('of many missed times the latest is made good for once, or skipped', () => {
  const weekLater = due + 7 * 86_400_000 + 3_600_000
  const latest = due + 7 * 86_400_000
  expect(decide(daily, weekLater)).toEqual({ kind: 'start', plannedAt: latest, late: true })
  expect(decide({ ...daily, missed: 'skip' }, weekLater)).toEqual({ kind: 'skip', plannedAt: latest })
  expect(decide({ ...daily, missed: 'skip' }, latest + 1_000)).toEqual({
    kind: 'start',
    plannedAt: latest,
    late: false,
  })
})

test('no run while the one before goes on: later once, or not at all', () => {
  expect(decide({ ...daily, runUnderWay: true }, due)).toEqual({ kind: 'hold' })
  expect(decide({ ...daily, runUnderWay: true, missed: 'skip' }, due)).toEqual({ kind: 'skip', plannedAt: due })
  expect(decide({ ...daily, runUnderWay: true }, due - 1)).toEqual({ kind: 'wait' })
})

test('a clock set back a little waits, one set back a long way plans afresh', () => {
  expect(decide(daily, daily.decidedUntil - 60_000)).toEqual({ kind: 'wait' })
  expect(decide(daily, daily.decidedUntil - 30 * 86_400_000)).toEqual({ kind: 'rewind' })
})

test('however often it looks, a planned time starts at most one run, and the latest one that passed is never lost', () => {
  const start = at('2026-03-01T00:00:00Z')
  const looks = fc.array(fc.integer({ min: 1, max: 5 * 3_600_000 }), { minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(fc.constantFrom('*/30 * * * *', '15 3 * * *'), looks, (schedule, steps) => {
      let now = start
      let decidedUntil = start
      const fired: number[] = []
      for (const step of steps) {
        now += step
        const decision = decide(
          { schedule, timeZone: 'America/New_York', missed: 'once', decidedUntil, runUnderWay: false },
          now,
        )
        if (decision.kind !== 'start') continue
        fired.push(decision.plannedAt)
        decidedUntil = decision.plannedAt
      }
      expect(fired).toEqual([...new Set(fired)].sort((a, b) => a - b))
      expect(nextFiring(schedule, 'America/New_York', decidedUntil)).toBeGreaterThan(now)
    }),
    { numRuns: 60 },
  )
})
