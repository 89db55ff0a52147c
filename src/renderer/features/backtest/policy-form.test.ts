import { describe, expect, it } from 'vitest'
import type { Policy } from '#shared/backtest.ts'
import { parsePolicy, policyRuleText } from '#shared/backtest-policy-text.ts'
import { anotherPolicy, conditionsOf, fieldsOf, withRuleText } from './policy-form.ts'

function policy(text: string): Policy {
  const parsed = parsePolicy(text)
  if (!parsed.ok) throw new Error(parsed.message)
  return parsed.policy
}

describe('the fields of a policy', () => {
  it.each([
    'never',
    'every 2',
    'drift > 0.1 or auc < 0.65',
    'every 1 and drift > 0.1 and auc < 0.65',
    'new-data 500 or drift > 0.2',
  ])('say %s and give it back', (text) => {
    const fields = fieldsOf(policy(text), 'auc')
    expect(fields).toBeDefined()
    if (fields !== undefined) expect(conditionsOf(fields, 'auc')).toEqual(policy(text).anyOf)
  })

  it.each(['drift > 0.1 or drift > 0.2', 'every 1 and drift > 0.1 or auc < 0.6', 'rmse > 3', 'every 1 and every 2'])(
    'cannot say %s',
    (text) => {
      expect(fieldsOf(policy(text), 'auc')).toBeUndefined()
    },
  )
})

it('a rule is replaced by text, its name stays', () => {
  const changed = withRuleText(policy('mine: never'), 'every 2; cooldown 1')
  expect(changed).toMatchObject({ name: 'mine', cooldownSpans: 1 })
  expect(changed && policyRuleText(changed)).toBe('every 2; cooldown 1')
  expect(withRuleText(policy('mine: never'), 'sometimes')).toBeUndefined()
})

it('a further policy begins as a copy under another name', () => {
  const first = policy('on drift: drift > 0.1')
  const second = anotherPolicy([first], first)
  expect(second).toEqual({ ...first, name: 'on drift 2' })
  expect(anotherPolicy([first, second], second).name).toBe('on drift 3')
})
