import { describe, expect, it } from 'vitest'
import type { GateCheck } from '#shared/gate.ts'
import { type GateFinding, gateFindingSchema } from '#shared/gate-findings.ts'
import { gateWords } from './gate.ts'
import { speechOf } from './speech-of.ts'

const english = gateWords(speechOf('en'))
const portuguese = gateWords(speechOf('pt-BR'))

function check(finding: GateFinding, more: Partial<GateCheck> = {}): GateCheck {
  return { check: 'as stored', passed: false, value: null, limit: null, reason: 'as it was stored', finding, ...more }
}

const both = (given: GateCheck) => [english.reason(given), portuguese.reason(given)]
const champion = { with: 'champion', name: 'flights@champion', alias: 'champion', version: 3 } as const

describe('what a check of a gate found', () => {
  it('thresholds tell as many digits as tell the value from its limit', () => {
    const auc = check({ kind: 'threshold', metric: 'auc', rows: 12_000 }, { value: 0.64123, limit: 0.7 })
    expect(both(auc)).toEqual([
      'AUC 0.6412 on 12,000 rows is below the limit of 0.7.',
      'AUC de 0,6412 em 12.000 linhas: abaixo do limite de 0,7.',
    ])
    const near = check({ kind: 'threshold', metric: 'rmse', rows: 9 }, { value: 0.630004, limit: 0.63 })
    expect(english.reason(near)).toBe('RMSE 0.630004 on 9 rows is above the limit of 0.63.')
    const none = check({ kind: 'threshold', metric: 'accuracy', rows: 9 }, { limit: 0.63 })
    expect(both(none)).toEqual(['These 9 rows have no value of accuracy.', 'Estas 9 linhas não têm valor de acurácia.'])
  })

  it('comparisons tell both scores, the interval, why it is not enough and what is asked for', () => {
    const compared = {
      ...{ kind: 'compared' as const, other: champion, metric: 'auc', rows: 2_000, newest: null },
      require: 'interval' as const,
      ...{ mine: 0.65, theirs: 0.645, interval: { low: -0.002, high: 0.012, confidence: 0.95 } },
    }
    expect(both(check(compared, { value: 0.005, limit: 0.001 }))).toEqual([
      'AUC on the same rows: 0.6450 of champion (version 3), 0.6500 of the candidate (improvement +0.005, 95% interval -0.002 to 0.012), which may be chance, where an improvement of 0.001 is asked for.',
      'AUC nas mesmas linhas: 0,6450 para champion (versão 3), 0,6500 para o candidato (melhora de +0,005, intervalo de 95%: -0,002 a 0,012), o que pode ser acaso, e pede-se uma melhora de 0,001.',
    ])
    const newest = { dataset: 'flights', span: '14d' }
    const worse = check({ ...compared, newest, interval: null }, { value: -0.005, limit: -0.002 })
    expect(portuguese.reason(worse)).toBe(
      'AUC em 2.000 linhas dos últimos 14d de flights: 0,6450 para champion (versão 3), 0,6500 para o candidato, o que é pior, e admite-se uma perda de até 0,002.',
    )
    expect(portuguese.check(worse)).toBe('AUC contra champion (versão 3), últimos 14d de flights')
    const dummy = { with: 'baseline', name: 'dummy', alias: null, version: null } as const
    const without = check({ kind: 'incomparable', other: dummy, metric: 'f1', problem: null })
    expect(both(without)).toEqual([
      'No comparison with the best constant answer: these rows have no value of F1.',
      'Sem comparação com a melhor resposta constante: estas linhas não têm valor de F1.',
    ])
  })

  it('slices tell which one decides, and what chance explains', () => {
    const slice = { metric: 'auc', columns: ['origin', 'hour'], slice: 'ORD, 9', rows: 1_200 }
    const worst = check({ kind: 'worst-slice', ...slice, chance: true }, { value: 0.55, limit: 0.6 })
    expect(both(worst)).toEqual([
      'AUC 0.5500 of the slice origin × hour = ORD, 9 (1,200 rows) is beyond the limit of 0.6 by more than chance explains.',
      'AUC de 0,5500 na fatia origin × hour = ORD, 9 (1.200 linhas) passa do limite de 0,6 mais do que o acaso explica.',
    ])
    const drop = { kind: 'slice-drop', ...slice, confidence: 0.95 } as const
    expect(portuguese.reason(check(drop, { value: 0.03, limit: 0.01 }))).toBe(
      'A fatia origin × hour = ORD, 9 perdeu 0,03000 de AUC em relação ao champion, mais do que 0,01, o permitido, e mais do que o acaso explica (95%).',
    )
    expect(portuguese.reason(check(drop, { passed: true, value: -0.01, limit: 0.01 }))).toBe(
      'Nenhuma fatia de origin × hour perdeu AUC.',
    )
  })

  it('serving tells times, sizes and inputs', () => {
    const served = check({ kind: 'served', requests: 1_000, tries: 2 }, { passed: true, value: 340 })
    expect(both(served)).toEqual([
      'The inference server loads it in 340ms and answers 1,000 requests. It took 2 tries.',
      'O servidor de inferência a carrega em 340 ms e responde 1.000 requisições. Foram 2 tentativas.',
    ])
    const memory = check({ kind: 'memory' }, { value: 2_500_000_000, limit: 1_000_000_000 })
    expect(portuguese.reason(memory)).toBe('O modelo carregado ocupa 2,5 GB, além do limite de 1 GB.')
    const inputs = {
      kind: 'inputs',
      endpoint: 'flights',
      version: 2,
      newInputs: ['a', 'b'],
      removedInputs: ['c'],
    } as const
    expect(portuguese.reason(check({ ...inputs, newInputs: ['a', 'b'], removedInputs: ['c'] }))).toBe(
      'Quem chama flights precisa mudar o que envia hoje à versão 2: acrescentar a, b; deixar de fora c.',
    )
  })

  it('has words for every kind, in both languages', () => {
    const values = {
      ...{ metric: 'accuracy', rows: 10, name: 'flights@champion', other: champion, problem: null, newest: null },
      ...{ mine: 0.6, theirs: 0.7, interval: null, require: 'point', columns: ['origin'], minRows: 100, slice: 'ORD' },
      ...{ question: 'worst', chance: false, slices: 3, seen: null, confidence: null, requests: 5, tries: 1 },
      ...{ endpoint: 'flights', version: 2, newInputs: ['a'], removedInputs: [] },
    }
    for (const option of gateFindingSchema.options) {
      const kind = option.shape.kind.value
      const problem = kind === 'not-served' ? 'As told.' : null
      const given = check(gateFindingSchema.parse({ ...values, problem, kind }), { value: 0.5, limit: 0.4 })
      const [first, second] = both(given)
      const texts = [first, second, english.check(given), portuguese.check(given)]
      expect(texts.filter((text) => text === '' || /gate(Check|Finding)\.|\{\{/.test(text ?? ''))).toEqual([])
      expect(second).not.toBe(first)
      expect(portuguese.check(given)).not.toBe(english.check(given))
    }
  })
})

describe('a verdict', () => {
  const failed = check({ kind: 'threshold', metric: 'auc', rows: 10 }, { value: 0.5, limit: 0.6, kind: 'threshold' })
  const passed = { ...failed, passed: true }

  it('is what failed; or how many checks passed', () => {
    expect(portuguese.verdict({ blessed: false, reason: '', checks: [passed, failed] })).toBe(
      'AUC de 0,5000 em 10 linhas: abaixo do limite de 0,6.',
    )
    expect(portuguese.verdict({ blessed: true, reason: '', checks: [passed, passed] })).toBe(
      'Todas as 2 verificações passaram.',
    )
  })

  it('is the stored sentence where the checks have none of their own', () => {
    const { finding, ...old } = failed
    expect(finding).toBeDefined()
    expect(portuguese.verdict({ blessed: false, reason: 'As it was.', checks: [old] })).toBe('As it was.')
    expect(portuguese.reason(old)).toBe('As it was stored.')
  })
})
