import { expect, it } from 'vitest'
import { checkedDatasets } from './dataset-schemas.ts'

function step(name: string, component: string, options: Record<string, string>, from: string[] = []) {
  return { name, component, options, inputs: { in: from.map((one) => ({ step: one, output: 'data' })) } }
}

it('finds the datasets whose data reaches a check, by whatever way', () => {
  const steps = [
    step('a', 'data/extract', { dataset: 'flights' }),
    step('b', 'data/extract', { dataset: 'weather' }),
    step('join', 'script', {}, ['a', 'b']),
    step('stats', 'data/statistics', {}, ['join']),
    step('check', 'data/validate', { schema: 'schemas/joined.yaml' }, ['stats']),
    step('again', 'data/validate', { schema: 'schemas/other.yaml' }, ['stats']),
    step('c', 'data/extract', { dataset: 'unchecked' }),
  ]
  expect([...checkedDatasets(steps)]).toEqual([
    ['flights', 'schemas/joined.yaml'],
    ['weather', 'schemas/joined.yaml'],
  ])
})
