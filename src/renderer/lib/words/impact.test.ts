import { expect, it } from 'vitest'
import { approximationSchema, staleReasonSchema } from '#shared/lineage.ts'
import { impactWords } from './impact.ts'
import { speechOf } from './speech-of.ts'

const english = impactWords(speechOf('en'))
const portuguese = impactWords(speechOf('pt-BR'))

it('what would be stale is so for a reason in the language of the page', () => {
  const why = { kind: 'option-names-column', step: 'split', option: 'column' } as const
  expect(english.reason(why)).toBe('The option "column" of the step "split" names the column.')
  expect(portuguese.reason(why)).toBe('A opção "column" da etapa "split" nomeia a coluna.')
})

it('has words for every reason and every approximation', () => {
  const values = { step: 'a', dataset: 'b', column: 'c', view: 'd', option: 'e', model: 'f', version: 1 }
  const reasons = staleReasonSchema.options.map((each) =>
    staleReasonSchema.parse({ ...values, kind: each.shape.kind.value }),
  )
  const leanings = approximationSchema.options.map((each) =>
    approximationSchema.parse({ ...values, kind: each.shape.kind.value }),
  )
  const texts = [
    ...reasons.map((why) => [english.reason(why), portuguese.reason(why)]),
    ...leanings.map((each) => [english.leansOn(each), portuguese.leansOn(each)]),
  ]
  for (const [first, second] of texts) {
    expect(`${first} ${second}`).not.toMatch(/stale\.|approximation\.|\{\{/)
    expect(second).not.toBe(first)
  }
})
