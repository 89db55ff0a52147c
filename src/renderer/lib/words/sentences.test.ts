import { expect, it } from 'vitest'
import { sentence } from '#shared/sentences.ts'
import { en, ptBR } from '../i18n/texts/sentences.ts'
import { sentenceWords } from './sentences.ts'
import { speechOf } from './speech-of.ts'

const english = sentenceWords(speechOf('en'))
const portuguese = sentenceWords(speechOf('pt-BR'))

it('a stored sentence is said in the language of the page, and so is one within it', () => {
  const failed = sentence('step-failed', { step: 'train' })
  const skipped = sentence('step-skipped-because', { step: 'gate', more: failed })
  expect(portuguese.text(skipped)).toBe('A etapa "gate" foi pulada: A etapa "train" falhou.')
  expect(english.text(skipped)).toBe(skipped)
  expect(portuguese.text('Voos de março.')).toBe('Voos de março.')
})

it('what would change in a schema, and what a check found, are said in the language of the page', () => {
  const column = 'delay'
  const bound = sentence('accept-bound', {
    key: 'threshold',
    more: sentence('comparator-of', { comparator: 'drift', column }),
    value: 0.25,
  })
  expect(bound).toBe('Sets "threshold" of the drift of "delay" to 0.25.')
  expect(portuguese.text(bound)).toBe('Define "threshold" de drift de "delay" como 0,25.')
  const unique = sentence('accept-bound', {
    key: 'min',
    more: sentence('different-values-of', { column }),
    value: 12000,
  })
  expect(portuguese.text(unique)).toBe('Define "min" de valores distintos de "delay" como 12.000.')
  const type = { column, before: 'integer', type: 'text' }
  expect(portuguese.text(sentence('accept-type-without', { ...type, keys: '"min", "max"' }))).toBe(
    'Muda o tipo de "delay" de integer para text e retira "min", "max".',
  )
  expect(portuguese.text(sentence('accept-type', type))).toBe('Muda o tipo de "delay" de integer para text.')
  const inner = sentence('doctor-no-run', {})
  expect(portuguese.text(sentence('doctor-made-of', { hash: 'abc', more: inner }))).toBe(
    'É feito de abc, que não se pode obter: Nenhuma execução que o fez está guardada.',
  )
})

it('numbers and measures in it are those of the language', () => {
  expect(portuguese.text('at least 12000 rows')).toBe('ao menos 12.000 linhas')
  expect(portuguese.text('a share of different values of at least 0.95')).toBe(
    'uma parcela de valores distintos de ao menos 0,95',
  )
  expect(portuguese.text('jensen-shannon-divergence of at most 0.05')).toBe(
    'Divergência de Jensen–Shannon de no máximo 0,05',
  )
})

it('names in Portuguese no value that the English does not name', () => {
  const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
  for (const [key, text] of Object.entries(ptBR.sentence)) {
    const known = new Map<string, string>(Object.entries(en.sentence)).get(key) ?? ''
    expect(names(known)).toEqual(expect.arrayContaining(names(text)))
  }
})
