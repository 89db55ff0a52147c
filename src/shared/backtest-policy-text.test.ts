import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Policy, type PolicyCondition, policySchema } from './backtest.ts'
import { parsePolicy, policyRuleText, policyText } from './backtest-policy-text.ts'
import { higherIsBetter } from './metrics.ts'

const limits = { cooldownSpans: 0, budget: { retrainings: null, computeSeconds: null } }

describe('parsePolicy', () => {
  it.each([
    ['never', { name: 'never', anyOf: [], ...limits }],
    ['monthly: every 1', { name: 'monthly', anyOf: [[{ kind: 'every', spans: 1 }]], ...limits }],
    ['drift>0.1', { name: 'drift>0.1', anyOf: [[{ kind: 'drift', above: 0.1 }]], ...limits }],
    [
      'both: drift > 0.1 and auc < 0.64 or new-data 5000; cooldown 2; budget 4 runs; budget 600 s',
      {
        name: 'both',
        anyOf: [
          [
            { kind: 'drift', above: 0.1 },
            { kind: 'performance', metric: 'auc', limit: 0.64 },
          ],
          [{ kind: 'new-data', rows: 5_000 }],
        ],
        cooldownSpans: 2,
        budget: { retrainings: 4, computeSeconds: 600 },
      },
    ],
    [
      'rmse > 12.5',
      { name: 'rmse > 12.5', anyOf: [[{ kind: 'performance', metric: 'rmse', limit: 12.5 }]], ...limits },
    ],
  ])('reads %s', (text, policy) => {
    expect(parsePolicy(text)).toEqual({ ok: true, policy })
  })

  it.each([
    ['', 'The condition cannot be read.'],
    ['sometimes', 'The condition cannot be read.'],
    ['every 0', 'The policy is not valid'],
    ['auc > 0.6', 'Of auc, "<" is worse.'],
    ['rmse < 3', 'Of rmse, ">" is worse.'],
    ['drift < 0.1', 'The condition cannot be read.'],
    ['every 1; cool', 'The limit cannot be read.'],
    ['every 1 and ', 'The condition cannot be read.'],
  ])('refuses %j', (text, message) => {
    const parsed = parsePolicy(text)
    expect(parsed).toMatchObject({ ok: false, message: expect.stringContaining(message) })
    expect(parsed.ok || parsed.allowed).not.toBe('')
  })

  it('reads back what it writes', () => {
    const number = fc.double({ min: 0, max: 1e6, noNaN: true }).map((value) => Math.abs(value))
    const condition: fc.Arbitrary<PolicyCondition> = fc.oneof(
      fc.record({ kind: fc.constant('every' as const), spans: fc.integer({ min: 1, max: 36 }) }),
      fc.record({ kind: fc.constant('new-data' as const), rows: fc.integer({ min: 1, max: 1e9 }) }),
      fc.record({ kind: fc.constant('drift' as const), above: number }),
      fc.record({
        kind: fc.constant('performance' as const),
        metric: fc.constantFrom(...Object.keys(higherIsBetter)),
        limit: number,
      }),
    )
    const policies: fc.Arbitrary<Policy> = fc.record({
      name: fc.stringMatching(/^[a-z][a-z0-9 ]{0,20}[a-z]$/),
      anyOf: fc.array(fc.array(condition, { minLength: 1, maxLength: 4 }), { maxLength: 4 }),
      cooldownSpans: fc.integer({ min: 0, max: 36 }),
      budget: fc.record({
        retrainings: fc.option(fc.nat(100), { nil: null }),
        computeSeconds: fc.option(number, { nil: null }),
      }),
    })
    fc.assert(
      fc.property(policies, (policy) => {
        expect(policySchema.parse(policy)).toEqual(policy)
        expect(parsePolicy(policyText(policy))).toEqual({ ok: true, policy })
      }),
    )
  })

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => void parsePolicy(text)))
  })
})

describe('policyRuleText', () => {
  it('says never where nothing is asked', () => {
    expect(policyRuleText({ anyOf: [], ...limits })).toBe('never')
  })
})
