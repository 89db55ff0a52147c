import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { policyRuleText } from '#shared/backtest-policy-text.ts'
import { triggerSpecSchema } from '../../pipelines/trigger-spec.ts'
import { filePolicies } from './file-policies.ts'
import { cutSpans } from './spans.ts'

const months = cutSpans({ from: '2001-01-01', to: '2001-07-01', span: 'month' })

function read(yaml: string, spans = months) {
  const triggers = z.array(triggerSpecSchema).parse(parse(yaml))
  const { policies, notes } = filePolicies(triggers, spans)
  return { rules: policies.map((policy) => `${policy.name}: ${policyRuleText(policy)}`), notes }
}

describe('the triggers of a file as a policy', () => {
  it.each([
    ['- { schedule: "0 3 1 * *", timeZone: UTC }', 'every 1'],
    ['- { schedule: "0 3 * * 1", timeZone: UTC }', 'every 1'],
    ['- { schedule: "0 3 1 */3 *", timeZone: UTC }', 'every 3'],
    ['- { new-data: flights, minRows: 500 }', 'new-data 500'],
    ['- { drift: { model: m, dataset: flights, above: 0.1 } }', 'drift > 0.1'],
    ['- { performance: { model: m, dataset: flights, metric: auc, below: 0.6 } }', 'auc < 0.6'],
    ['- { performance: { model: m, dataset: flights, metric: rmse, above: 4 } }', 'rmse > 4'],
    [
      '- { all: [{ schedule: "0 3 1 * *" }, { any: [{ drift: { model: m, dataset: d, above: 0.1 } }, { new-data: d }] }] }',
      'every 1 and drift > 0.1 or every 1 and new-data 1',
    ],
    ['- { new-data: d }\n- { drift: { model: m, dataset: d, above: 0.2 } }', 'new-data 1 or drift > 0.2'],
    ['- { new-data: d, cooldown: 45d }', 'new-data 1; cooldown 2'],
    ['- { new-data: d, cooldown: 12h }', 'new-data 1'],
  ])('%s', (yaml, rule) => {
    expect(read(yaml)).toEqual({ rules: [`the file's triggers: ${rule}`], notes: [] })
  })

  it('are policies of their own where they are held back differently', () => {
    const { rules } = read('- { new-data: d }\n- { drift: { model: m, dataset: d, above: 0.2 }, cooldown: 90d }')
    expect(rules).toEqual(["the file's trigger 1: new-data 1", "the file's trigger 2: drift > 0.2; cooldown 3"])
  })

  it('say what cannot be replayed', () => {
    expect(read('- { after: ingest }')).toEqual({
      rules: [],
      notes: ['What follows the pipeline "ingest" cannot be replayed.'],
    })
    expect(
      read('- { new-data: d, budget: { runs: 1 }, quietHours: { from: "22:00", to: "06:00" } }').notes,
    ).toHaveLength(2)
    // The 29th of February comes in leap years alone.
    expect(read('- { schedule: "0 3 29 2 *", timeZone: UTC }')).toMatchObject({
      rules: [],
      notes: [expect.stringContaining('no time')],
    })
  })
})
