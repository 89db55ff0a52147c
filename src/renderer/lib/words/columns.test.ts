import { expect, it } from 'vitest'
import { columnReasonSchema, leakSchema } from '#shared/column-reasons.ts'
import { columnWords } from './columns.ts'
import { speechOf } from './speech-of.ts'

const english = columnWords(speechOf('en'))
const portuguese = columnWords(speechOf('pt-BR'))

it('a column is left out for a reason in the language of the page', () => {
  const leak = { kind: 'ranking', value: 0.99987 } as const
  expect(english.reason({ kind: 'leak', leak })).toBe(
    'it gives the target away: it alone ranks the classes of the target without fault (AUC 0.99987)',
  )
  expect(portuguese.reason({ kind: 'leak', leak })).toBe(
    'entrega o alvo: sozinha, ordena as classes do alvo sem erro (AUC 0,99987)',
  )
  expect(portuguese.reason({ kind: 'unusable-type', type: 'BLOB' })).toBe(
    'valores do tipo BLOB não podem ser atributos',
  )
})

it('has words for every reason and every leak', () => {
  const leaks = leakSchema.options.map((option) => leakSchema.parse({ kind: option.shape.kind.value, value: 1 }))
  const [leak] = leaks
  const reasons = [
    ...columnReasonSchema.options.map(({ shape }) =>
      columnReasonSchema.parse({ kind: shape.kind.value, type: 'BLOB', leak }),
    ),
    ...leaks.map((each) => ({ kind: 'leak' as const, leak: each })),
  ]
  for (const reason of reasons) {
    expect(english.reason(reason)).not.toMatch(/column(Reason|Leak)|\{\{/)
    expect(portuguese.reason(reason)).not.toMatch(/column(Reason|Leak)|\{\{/)
    expect(portuguese.reason(reason)).not.toBe(english.reason(reason))
  }
})
