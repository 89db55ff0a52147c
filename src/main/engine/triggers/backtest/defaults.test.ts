import { describe, expect, it } from 'vitest'
import { coveringHistory, defaultPolicies, gateMetric } from './defaults.ts'

describe('coveringHistory', () => {
  it.each([
    ['2001-01-01', '2001-06-30', { from: '2001-01-01', to: '2001-07-01', span: 'month' }],
    ['2000-11-15', '2001-01-02', { from: '2000-11-01', to: '2001-02-01', span: 'month' }],
    ['1990-02-03', '1999-12-31', { from: '1990-01-01', to: '2000-01-01', span: 'year' }],
    ['1996-01-01', '2000-12-31', { from: '1996-01-01', to: '2001-01-01', span: 'quarter' }],
    ['2001-01-03', '2001-02-20', { from: '2001-01-03', to: '2001-02-21', span: 'week' }],
    ['2001-01-03', '2001-01-09', { from: '2001-01-03', to: '2001-01-10', span: 'day' }],
  ])('of %s to %s', (first, last, history) => {
    expect(coveringHistory(first, last)).toEqual(history)
  })
})

describe('the default policies', () => {
  const gate = (options: Record<string, string | Record<string, number>>) => ({
    steps: [
      {
        name: 'gate',
        component: 'model/gate',
        options,
        inputs: {},
        dependsOn: [],
        when: null,
        retry: null,
        timeoutMs: null,
        cache: true,
      },
    ],
  })

  it('retrain a little before the gate would refuse', () => {
    expect(gateMetric(gate({ thresholds: { auc: 0.6 }, metric: 'auc' }))).toEqual({ metric: 'auc', limit: 0.65 })
    expect(gateMetric(gate({ thresholds: { rmse: 20 } }))).toEqual({ metric: 'rmse', limit: 19 })
    expect(gateMetric({ steps: [] })).toEqual({ metric: 'auc', limit: 0.65 })
  })

  it('compare never, every span, drift, performance and both', () => {
    const policies = defaultPolicies({ metric: 'auc', limit: 0.65 })
    expect(policies.map(({ anyOf }) => anyOf.flat().map(({ kind }) => kind))).toEqual([
      [],
      ['every'],
      ['drift'],
      ['performance'],
      ['drift', 'performance'],
    ])
  })
})
