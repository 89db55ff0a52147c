import { expect, it } from 'vitest'
import { actRefusalSchema } from '#shared/alerts.ts'
import { ledgerText } from '#shared/ledger-reasons.ts'
import type { RolloutCheck } from '#shared/rollout.ts'
import { checkNameSchema } from '#shared/rollout.ts'
import { ledgerWords } from './ledger.ts'
import { rolloutWords } from './rollouts.ts'
import { speechOf } from './speech-of.ts'

const english = ledgerWords(speechOf('en'))
const portuguese = ledgerWords(speechOf('pt-BR'))
const both = (reason: string) => [english.reason({ reason }), portuguese.reason({ reason })]

it('a reason of the engine is said in the language of the page, with what a person added to it', () => {
  expect(both(ledgerText({ kind: 'no-gate' }))).toEqual(['The pipeline has no gate.', 'O pipeline não tem validação.'])
  expect(both('Rolled back to revision 3. Vermelho demais.')).toEqual([
    'Rolled back to revision 3. Vermelho demais.',
    'Revertido à revisão 3. Vermelho demais.',
  ])
  const alert = ledgerText({
    kind: 'alert',
    monitor: 'flights',
    check: 'auc',
    read: 'auc of 0.5, below the limit of 0.6.',
  })
  expect(
    portuguese.reason({ reason: ledgerText({ kind: 'taken-back', version: 4, endpoint: 'flights', more: alert }) }),
  ).toBe('A versão 4 foi retirada do endpoint flights. Um alerta do monitor flights, verificação auc, pediu isso.')
  expect(both('Porque sim.')).toEqual(['Porque sim.', 'Porque sim.'])
})

it('a reason of the gate is what its checks found', () => {
  const finding = { kind: 'threshold', metric: 'auc', rows: 100 } as const
  const check = { check: 'auc minimum', passed: false, value: 0.5, limit: 0.6, reason: 'in English', finding }
  expect(portuguese.reason({ reason: 'In English.', gate: { blessed: false, checks: [check] } })).toBe(
    'AUC de 0,5000 em 100 linhas: abaixo do limite de 0,6.',
  )
})

it('has words for everything that an act is refused for', () => {
  const values = { model: 'flights', version: 3, revision: 5, read: 2 }
  for (const option of actRefusalSchema.options) {
    const refusal = actRefusalSchema.parse({ ...values, kind: option.shape.kind.value })
    const [first, second] = [english, portuguese].map((words) => words.act({ reason: '', refusal }))
    expect(first).not.toMatch(/actRefusal|\{\{/)
    expect(second).not.toMatch(/actRefusal|\{\{/)
    expect(second).not.toBe(first)
  }
  expect(portuguese.act({ reason: 'Rolled back to revision 3.' })).toBe('Revertido à revisão 3.')
})

const check = (more: Partial<RolloutCheck>): RolloutCheck => ({
  ...{ check: 'error-rate', status: 'stop', value: 0.25, stable: 0.01, limit: 0.01, bound: 0.1 },
  ...more,
})

it('what the engine did with a rollout is said from what it decided by', () => {
  const words = rolloutWords(speechOf('pt-BR'))
  const entry = { actor: 'engine', action: 'roll-back', reason: 'In English.' } as const
  expect(words.reason({ ...entry, evidence: { checks: [check({})], result: null } })).toBe(
    'Das requisições, 25,0% falharam, 1,0% na versão estável: com certeza mais do que 1,0% acima.',
  )
  const hold = check({ check: 'hold', status: 'passed', value: 605_000, stable: null })
  const requests = check({ check: 'requests', status: 'passed', value: 1_234 })
  expect(words.reason({ ...entry, action: 'step', evidence: { checks: [hold, requests], result: null } })).toBe(
    'O passo durou 10 min 5 s com 1.234 requisições da nova versão, e nenhuma condição o interrompeu.',
  )
  const result = {
    ...{ metric: 'accuracy', stable: null, candidate: null, looks: 1, atRows: 10, verdict: 'worse' as const },
    difference: { value: -0.05, low: -0.08, high: -0.02 },
  }
  expect(words.reason({ ...entry, evidence: { checks: [], result } })).toBe(
    'Acurácia da nova versão é pior: difere em -0,05 (-0,08 a -0,02).',
  )
  // Nothing in the evidence says it.
  expect(words.reason({ ...entry, evidence: { checks: [], result: null } })).toBe('In English.')
  expect(
    words.reason({ ...entry, actor: 'api', reason: 'Basta.', evidence: { checks: [check({})], result: null } }),
  ).toBe('Basta.')
})

it('has words for every check that stops a rollout', () => {
  const [first, second] = [rolloutWords(speechOf('en')), rolloutWords(speechOf('pt-BR'))]
  for (const name of checkNameSchema.options) {
    const entry = { actor: 'engine', action: 'roll-back', reason: 'stored' } as const
    const evidence = { checks: [check({ check: name })], result: null }
    const texts = [first.reason({ ...entry, evidence }), second.reason({ ...entry, evidence })]
    expect(texts.filter((text) => /rolloutReason|\{\{|stored/.test(text))).toEqual([])
    expect(texts[1]).not.toBe(texts[0])
  }
})
