import { describe, expect, it } from 'vitest'
import type { Json, StepStatus } from '#shared/runs.ts'
import { hasEnded, retryDelayMs, runEnd, stepDecision } from './readiness.ts'

interface Seen {
  name: string
  status: StepStatus
  values: Record<string, Json>
  reason: string | null
}

function seen(name: string, status: StepStatus, parts: Partial<Seen> = {}): [string, Seen] {
  return [name, { name, status, values: {}, reason: null, ...parts }]
}

describe('a step', () => {
  const step = { dependsOn: ['a', 'b'], when: null }

  it('runs when all it depends on has succeeded', () => {
    const steps = new Map([seen('a', 'succeeded'), seen('b', 'succeeded'), seen('c', 'failed')])
    expect(stepDecision(step, steps, {})).toEqual({ kind: 'run' })
  })

  it.each<[StepStatus, string | null, string]>([
    ['failed', null, 'The step "b" failed.'],
    ['cancelled', null, 'The step "b" was cancelled.'],
    ['skipped', null, 'The step "b" was skipped.'],
    ['skipped', 'No champion yet.', 'The step "b" was skipped: No champion yet.'],
    ['skipped', 'The step "a" failed.', 'The step "a" failed.'],
  ])('is skipped when one %s, with the reason', (status, reason, expected) => {
    const steps = new Map([seen('a', 'succeeded'), seen('b', status, { reason })])
    expect(stepDecision(step, steps, {})).toEqual({ kind: 'skip', reason: expected })
  })

  it.each<[string, boolean]>([
    ['steps.a.values.rows > 10', true],
    ['steps.a.values.rows > 11', false],
    ["steps.a.status == 'succeeded'", true],
    ['params.deploy', false],
    ['!params.deploy && steps.b.values.missing == null', true],
  ])('with the condition %s: %s', (when, holds) => {
    const steps = new Map([seen('a', 'succeeded', { values: { rows: 11 } }), seen('b', 'succeeded')])
    const expected = holds ? { kind: 'run' } : { kind: 'skip', reason: `The condition does not hold: ${when}` }
    expect(stepDecision({ ...step, when }, steps, { deploy: false })).toEqual(expected)
  })
})

it.each<[StepStatus, boolean]>([
  ['waiting', false],
  ['running', false],
  ['succeeded', true],
  ['failed', true],
  ['skipped', true],
  ['cancelled', true],
])('a step that is %s has ended: %s', (status, ended) => {
  expect(hasEnded(status)).toBe(ended)
})

it.each<[StepStatus[], string]>([
  [['succeeded', 'skipped'], 'succeeded'],
  [['skipped'], 'succeeded'],
  [['succeeded', 'cancelled'], 'cancelled'],
  [['cancelled', 'failed', 'succeeded'], 'failed'],
])('a run of steps %j has %s', (statuses, end) => {
  expect(runEnd(statuses.map((status) => ({ status })))).toBe(end)
})

it('the wait before a retry doubles', () => {
  expect([1, 2, 3, 4].map((attempt) => retryDelayMs(1.5, attempt))).toEqual([1_500, 3_000, 6_000, 12_000])
})
