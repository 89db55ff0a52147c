import { describe, expect, it } from 'vitest'
import type { AlertReading } from '#shared/alerts.ts'
import { nothingSchema, sampleOfSchema } from '#shared/reading-words.ts'
import { readingWords } from './readings.ts'
import { speechOf } from './speech-of.ts'

const english = readingWords(speechOf('en'))
const portuguese = readingWords(speechOf('pt-BR'))

function reading(more: Partial<AlertReading>): AlertReading {
  return {
    ...{ id: 'r', projectId: 'p', monitor: 'flights', check: 'errors', kind: 'errors', endpoint: 'flights', at: 1 },
    ...{ from: 0, to: 1, model: null, version: null, value: 0.05, unit: 'share', estimate: false, rows: 100 },
    ...{ status: 'ok', reason: 'As it was stored.', limits: { warning: null, critical: null } },
    ...more,
  }
}

const both = (given: AlertReading) => [english.reason(given), portuguese.reason(given)]

describe('why a reading is what it is', () => {
  it('names what crossed a limit, with units, interval and limit as the language writes them', () => {
    const interval = { low: 0.0215, high: 0.1118, confidence: 0.95 }
    const limits = { warning: { above: 0.02 }, critical: { above: 0.2 } }
    expect(both(reading({ status: 'warning', interval, limits }))).toEqual([
      '5.0% of the requests failed (2.2% to 11.2% with 95% confidence), above the limit of 2.0%.',
      '5,0% das requisições falharam (2,2% a 11,2%, com 95% de confiança), acima do limite de 2,0%.',
    ])
    const auc = reading({
      ...{ kind: 'performance', unit: 'metric', metric: 'auc', value: 0.6123, status: 'critical' },
      limits: { warning: { below: 0.7 }, critical: { below: 0.65 } },
    })
    expect(both(auc)).toEqual(['AUC of 0.6123, below the limit of 0.65.', 'AUC de 0,6123, abaixo do limite de 0,65.'])
    const traffic = reading({
      ...{ kind: 'traffic', unit: 'requests-per-minute', value: 0, rows: 0, status: 'warning' },
      limits: { warning: { above: 5, below: 1 }, critical: null },
    })
    expect(both(traffic)).toEqual([
      '0 requests a minute, below the limit of 1 per min.',
      '0 requisições por minuto, abaixo do limite de 1 por min.',
    ])
  })

  it('says that a value is within its limits, or has none', () => {
    const estimate = { kind: 'estimated-performance', unit: 'metric', metric: 'accuracy', value: 0.8 } as const
    const limits = { warning: { below: 0.7 }, critical: null }
    expect(both(reading({ ...estimate, limits }))).toEqual([
      'Accuracy of 0.8000 by estimate, within the limits.',
      'Acurácia de 0,8000 por estimativa, dentro dos limites.',
    ])
    expect(both(reading({ kind: 'drift', unit: 'count', value: 2 }))).toEqual([
      'Inputs that drifted: 2; there is no limit.',
      'Entradas com drift: 2; não há limite.',
    ])
  })

  it('says what is missing where nothing is concluded', () => {
    const few = { status: 'no-data', value: null, minRows: 1_000 } as const
    expect(both(reading({ ...few, rows: 999 }))).toEqual([
      '999 rows are fewer than the 1,000 that are asked for.',
      '999 linhas são menos que as 1.000 pedidas.',
    ])
    expect(both(reading({ ...few, rows: 1, nothing: { kind: 'no-label' } }))).toEqual([
      '1 row is fewer than the 1,000 that are asked for.',
      '1 linha é menos que as 1.000 pedidas.',
    ])
    const none = reading({ ...few, rows: 0, nothing: { kind: 'no-metric', metric: 'auc' } })
    expect(both(none)).toEqual([
      '0 rows are fewer than the 1,000 that are asked for. These rows have no value of AUC.',
      '0 linha é menos que as 1.000 pedidas. Estas linhas não têm valor de AUC.',
    ])
    const sample = { kind: 'training', model: 'flights', version: 3 } as const
    expect(both(reading({ ...few, minRows: 0, nothing: { kind: 'no-reference', sample } }))).toEqual([
      'There are no rows to compare with: training data of flights 3.',
      'Não há linhas com que comparar: dados de treino de flights 3.',
    ])
  })

  it('is the stored sentence of an old reading that does not tell what it lacks', () => {
    expect(both(reading({ status: 'no-data', value: null }))).toEqual(['As it was stored.', 'As it was stored.'])
  })

  it('has words for everything that can be missing, and for every sample', () => {
    const values = { model: 'flights', version: 3, metric: 'auc', file: 'schemas/flights.yaml', environment: 'SERVING' }
    const sample = { kind: 'requests' as const }
    for (const option of nothingSchema.options) {
      const nothing = nothingSchema.parse({ ...values, sample, problem: 'As told.', kind: option.shape.kind.value })
      const [first, second] = both(reading({ status: 'no-data', value: null, nothing }))
      expect([first, second].filter((text) => text === '' || text?.includes('reading.'))).toEqual([])
      if (nothing.kind !== 'problem') expect(second).not.toBe(first)
    }
    for (const option of sampleOfSchema.options) {
      const of = sampleOfSchema.parse({ ...values, kind: option.shape.kind.value })
      expect(portuguese.sample(of)).not.toBe(english.sample(of))
    }
  })
})

it('the note on a part is worded by its kind', () => {
  const part = { name: 'distance', value: 0.3, bad: true, detail: 'As it was stored.' }
  const drift = { kind: 'drift', measure: 'kolmogorov-smirnov', value: 0.0123, limit: 0.05 } as const
  expect(english.detail({ ...part, note: drift })).toBe('Kolmogorov–Smirnov p-value 0.0123, limit 0.05')
  expect(portuguese.detail({ ...part, note: drift })).toBe('Valor-p de Kolmogorov–Smirnov 0,0123, limite 0,05')
  const reads = { kind: 'reads', fresh: 1_200, stale: 3, missing: 0 } as const
  expect(portuguese.detail({ ...part, note: reads })).toBe('1.200 em dia, 3 desatualizados, 0 ausentes')
  const anomaly = { kind: 'anomaly', type: 'ENUM_TYPE_INVALID_UTF8' } as const
  expect(portuguese.detail({ ...part, note: anomaly })).not.toBe(english.detail({ ...part, note: anomaly }))
  expect(portuguese.detail(part)).toBe('As it was stored.')
})
