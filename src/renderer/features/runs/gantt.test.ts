import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StepExecution } from '#shared/runs.ts'
import { criticalSteps, ganttOf, ticksOf } from './gantt.ts'

const step = (name: string, startedAt: number | null, finishedAt: number | null, dependsOn: string[] = []) =>
  ({ name, startedAt, finishedAt, dependsOn }) as unknown as StepExecution

const run = {
  createdAt: 900,
  startedAt: 1_000,
  finishedAt: 2_000,
  steps: [
    step('extract', 1_000, 1_200),
    step('stats', 1_200, 1_300, ['extract']),
    step('split', 1_300, 1_875, ['extract']),
    step('last', 1_875, 2_000, ['stats', 'split']),
    step('never', null, 2_000, ['last']),
  ],
}

describe('ganttOf', () => {
  it('places each step on the time of the run, and what it waited before', () => {
    const { rows, from, spanMs } = ganttOf(run, 9_999)
    expect([from, spanMs]).toEqual([1_000, 1_000])
    expect(rows.map(({ running, waitedMs }) => [running?.start, running?.length, waitedMs])).toEqual([
      [0, 0.2, 0],
      [0.2, 0.1, 0],
      [0.3, 0.575, 100],
      [0.875, 0.125, 0],
      [undefined, undefined, 0],
    ])
    expect(rows[2]?.waiting).toEqual({ start: 0.2, length: 0.1 })
  })

  it('marks the critical path where there is more than one path', () => {
    const marked = (steps: typeof run.steps) =>
      ganttOf({ ...run, steps }, 0).rows.flatMap(({ step: { name }, critical }) => (critical ? [name] : []))
    expect(marked(run.steps)).toEqual(['extract', 'split', 'last'])
    expect(marked(run.steps.filter(({ name }) => name !== 'stats' && name !== 'never'))).toEqual([])
  })

  it('lets a step under way grow to now', () => {
    const { rows, spanMs } = ganttOf({ ...run, finishedAt: null, steps: [step('a', 1_500, null)] }, 2_000)
    expect(spanMs).toBe(1_000)
    expect(rows[0]?.running).toEqual({ start: 0.5, length: 0.5 })
  })

  it('stays on the axis, whatever the clock did', () => {
    const instant = fc.option(fc.integer({ min: 0, max: 5_000 }), { nil: null })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(instant, instant), { maxLength: 8 }),
        fc.integer({ min: 0, max: 6_000 }),
        (times, now) => {
          const steps = times.map(([start, end], index) =>
            step(`s${index}`, start, end, index > 0 ? [`s${index - 1}`] : []),
          )
          for (const { running, waiting } of ganttOf({ ...run, finishedAt: null, steps }, now).rows) {
            for (const bar of [running, waiting]) {
              if (bar === undefined) continue
              expect(bar.start).toBeGreaterThanOrEqual(0)
              expect(bar.length).toBeGreaterThanOrEqual(0)
              expect(bar.start + bar.length).toBeLessThanOrEqual(1 + 1e-9)
            }
          }
        },
      ),
    )
  })
})

it('criticalSteps goes back along what ended last', () => {
  expect([...criticalSteps(run.steps)]).toEqual(['last', 'split', 'extract'])
  expect(criticalSteps([]).size).toBe(0)
})

describe('ticksOf', () => {
  it('takes round steps', () => {
    expect(ticksOf(1_000, 5)).toEqual([0, 200, 400, 600, 800, 1_000])
    expect(ticksOf(95_000, 6)).toEqual([0, 30_000, 60_000, 90_000])
  })
  it('never makes more than asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e12 }), fc.integer({ min: 1, max: 12 }), (span, most) => {
        expect(ticksOf(span, most).length).toBeLessThanOrEqual(most + 1)
      }),
    )
  })
})
