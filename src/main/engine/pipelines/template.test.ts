import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json, Parameters } from '#shared/runs.ts'
import { fillTemplate } from './template.ts'

const parameters: Parameters = { from: '2001-01-01', epochs: 20, on: false, list: ['a', 1], nothing: null, $: '$&' }

function filled(value: Json): Json {
  const { value: result, problems } = fillTemplate(value, parameters)
  expect(problems).toEqual([])
  return result
}

describe('a placeholder', () => {
  it.each<[Json, Json]>([
    ['${{ params.epochs }}', 20],
    ['  ${{params.on}}\n', false],
    ['${{ params.list }}', ['a', 1]],
    ['${{ params.nothing }}', null],
    ['${{ params.epochs > 10 }}', true],
    ["date >= '${{ params.from }}' and x < ${{ params.epochs }}", "date >= '2001-01-01' and x < 20"],
    ['${{ params.from }}${{ params.epochs }}', '2001-01-0120'],
    ['list: ${{ params.list }}', 'list: ["a",1]'],
    ['no placeholder ${ params.from } {{ x }}', 'no placeholder ${ params.from } {{ x }}'],
    [7, 7],
    [null, null],
    [{ a: ['${{ params.epochs }}', { b: 'x${{ params.on }}' }] }, { a: [20, { b: 'xfalse' }] }],
  ])('in %j gives %j', (value, expected) => {
    expect(filled(value)).toEqual(expected)
  })

  it('takes a value as it is, even where it looks like a replacement pattern', () => {
    const { value } = fillTemplate('a ${{ params.p }} b', { p: '$& $1 ${{ params.p }}' })
    expect(value).toBe('a $& $1 ${{ params.p }} b')
  })

  it('that is wrong is a problem at its path, and all are told', () => {
    const { problems } = fillTemplate(
      { a: '${{ params.form }}', b: ['x', '${{ steps.a.values.x }}'], c: 'y ${{ 1 + }}', d: '${{ params.__proto__ }}' },
      parameters,
    )
    expect(problems).toEqual([
      { path: ['a'], message: 'The parameter "form" is not declared.', unknownParameter: 'form' },
      { path: ['b', 1], message: '"steps.a.values.x" is not known; only params.name is.' },
      { path: ['c'], message: 'The expression "1 +" cannot be read: "+" is not expected here.' },
      { path: ['d'], message: 'The parameter "__proto__" is not declared.', unknownParameter: '__proto__' },
    ])
  })
})

describe('any value', () => {
  const withPieces = fc.array(
    fc.oneof(fc.string(), fc.constantFrom('${{', '}}', 'params.from', '${{ params.epochs }}', ' ')),
    { maxLength: 8 },
  )

  it('without a placeholder stays as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain: Json = JSON.parse(JSON.stringify(value).replaceAll('${{', ''))
        expect(fillTemplate(plain, parameters)).toEqual({ value: plain, problems: [] })
      }),
    )
  })

  it('is filled or has problems, and never throws', () => {
    fc.assert(
      fc.property(withPieces, (pieces) => {
        const { value, problems } = fillTemplate({ text: pieces.join('') }, parameters)
        expect(value).toHaveProperty('text')
        for (const problem of problems) expect(problem.path).toEqual(['text'])
      }),
    )
  })
})
