import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AlertRule, alertRuleOf } from '#shared/alert-rules.ts'
import { type AlertChange, type AlertMemory, freshAlertMemory, takeReading } from './hysteresis.ts'
import { monitorWith, readingAt } from './testing/readings.ts'

const rule = (entry: Record<string, unknown> = {}) => alertRuleOf(monitorWith(entry).alerts, 'auc')

/** The changes that readings of these values bring, each with the number of the reading. */
function changesOf(values: readonly (number | null)[], by: AlertRule = rule()): string[] {
  let memory = freshAlertMemory
  return values.flatMap((value, index) => {
    const step = takeReading(memory, readingAt(index, value), by)
    memory = step.memory
    return step.change === null ? [] : [`${index} ${step.change} ${memory.open}`]
  })
}

describe('takeReading', () => {
  it('raises after bad readings in a row, and clears after good ones in a row', () => {
    expect(changesOf([0.59, 0.7, 0.59, 0.58, 0.7, 0.7, 0.59, 0.7, 0.7, 0.7])).toEqual([
      '3 raised warning',
      '9 cleared null',
    ])
  })
  it('takes a reading that concluded nothing for neither', () => {
    expect(changesOf([0.59, null, 0.59, 0.7, null, 0.7, null, 0.7])).toEqual(['2 raised warning', '7 cleared null'])
  })
  it('clears only beyond the margin: 0.612 is 2 % from 0.6', () => {
    expect(changesOf([0.5, 0.5, 0.61, 0.61, 0.61, 0.611])).toEqual(['1 raised critical', '4 eased warning'])
    expect(changesOf([0.59, 0.59, 0.612, 0.612, 0.612])).toEqual(['1 raised warning', '4 cleared null'])
  })
  it('lets the severity rise and fall', () => {
    expect(changesOf([0.59, 0.54, 0.54, 0.59, 0.59, 0.59, 0.53, 0.53])).toEqual([
      '1 raised warning',
      '2 escalated critical',
      '5 eased warning',
      '7 escalated critical',
    ])
  })
  it('where only critical readings raise, a warning is nothing', () => {
    const critical = rule({ severity: 'critical', after: 1, 'clear-after': 1 })
    expect(changesOf([0.59, 0.58, 0.54, 0.555, 0.58], critical)).toEqual(['2 raised critical', '4 cleared null'])
  })
  it('takes limits on the upper side as well, and a limit of nothing', () => {
    const limits = { warning: { above: 0 }, critical: null }
    let memory = freshAlertMemory
    const changes = [2, 1, 0, 0, 0].map((value, at) => {
      const step = takeReading(memory, readingAt(at, value, { limits, status: value > 0 ? 'warning' : 'ok' }), rule())
      memory = step.memory
      return step.change
    })
    expect(changes).toEqual([null, 'raised', null, null, 'cleared'])
  })
  it('takes a reading in once, and none that is older', () => {
    const first = takeReading(freshAlertMemory, readingAt(5, 0.5), rule())
    expect(takeReading(first.memory, readingAt(5, 0.5), rule())).toEqual({ memory: first.memory, change: null })
    expect(takeReading(first.memory, readingAt(4, 0.5), rule())).toEqual({ memory: first.memory, change: null })
  })
})

const anyRule = fc
  .record({
    severity: fc.constantFrom('warning' as const, 'critical' as const),
    after: fc.integer({ min: 1, max: 4 }),
    'clear-after': fc.integer({ min: 1, max: 4 }),
    margin: fc.constantFrom(0, 0.02, 0.1),
  })
  .map((entry) => rule(entry))
const anyValues = fc.array(fc.option(fc.double({ min: 0.5, max: 0.7, noNaN: true }), { freq: 8 }), { maxLength: 60 })

interface Taken {
  readonly value: number | null
  readonly change: AlertChange | null
  readonly before: AlertMemory
  readonly after: AlertMemory
}

function walk(values: readonly (number | null)[], by: AlertRule): Taken[] {
  let memory = freshAlertMemory
  return values.map((value, at) => {
    const before = memory
    const step = takeReading(memory, readingAt(at, value), by)
    memory = step.memory
    return { value, change: step.change, before, after: memory }
  })
}

describe('whatever the readings', () => {
  it('an alert is raised only where none is open, and changed or cleared only where one is', () => {
    fc.assert(
      fc.property(anyValues, anyRule, (values, by) => {
        for (const { change, before, after } of walk(values, by)) {
          if (change === 'raised') expect([before.open, after.open !== null]).toEqual([null, true])
          if (change === 'cleared') expect([before.open !== null, after.open]).toEqual([true, null])
          if (change === 'escalated') expect([before.open, after.open]).toEqual(['warning', 'critical'])
          if (change === 'eased') expect([before.open, after.open]).toEqual(['critical', 'warning'])
          if (change === null) expect(after.open).toBe(before.open)
        }
      }),
    )
  })
  it('it never flaps: each change needs as many readings of its kind in a row as the rule says', () => {
    fc.assert(
      fc.property(anyValues, anyRule, (values, by) => {
        const telling = walk(values, by).filter(({ value }) => value !== null)
        const limit = by.severity === 'critical' ? 0.55 : 0.6
        telling.forEach(({ change }, index) => {
          const last = (count: number) =>
            telling.slice(Math.max(0, index - count + 1), index + 1).map(({ value }) => value ?? 0)
          if (change === 'raised') expect(last(by.after).filter((value) => value < limit)).toHaveLength(by.after)
          if (change === 'escalated') expect(last(by.after).filter((value) => value < 0.55)).toHaveLength(by.after)
          if (change === 'cleared') {
            const good = last(by.clearAfter).filter((value) => value >= limit + limit * by.margin)
            expect(good).toHaveLength(by.clearAfter)
          }
        })
      }),
    )
  })
  it('good readings between the limit and the margin never clear it', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.6, max: 0.6119, noNaN: true }), { maxLength: 40 }), (near) => {
        const changes = changesOf([0.59, 0.59, ...near])
        expect(changes).toEqual(['1 raised warning'])
      }),
    )
  })
})
