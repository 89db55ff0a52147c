import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json } from '#shared/runs.ts'
import { type Expression, ExpressionError, evaluateExpression, isTrue, namesIn, parseExpression } from './expression.ts'

const scope: Json = {
  params: { from: '2001-01-01', rate: 0.5, on: true, empty: '', list: [1, 2], 'with-dash': 7 },
  steps: { gate: { status: 'succeeded', values: { blessed: true, auc: 0.7 } } },
}

function value(source: string): Json {
  return evaluateExpression(parseExpression(source), scope)
}

/** Every operation in parentheses, so that it reads back without knowing precedence. */
function print(expression: Expression): string {
  switch (expression.kind) {
    case 'literal':
      if (typeof expression.value !== 'string') return String(expression.value)
      return expression.value.includes("'") ? `"${expression.value}"` : `'${expression.value}'`
    case 'name':
      return expression.path.join('.')
    case 'not':
      return `!(${print(expression.operand)})`
    case 'binary':
      return `(${print(expression.left)}) ${expression.operator} (${print(expression.right)})`
    default:
      return expression satisfies never
  }
}

describe('an expression', () => {
  it.each<[string, Json]>([
    ['1', 1],
    ['-1.5e3', -1500],
    ["'text'", 'text'],
    ['"it\'s"', "it's"],
    ['true', true],
    ['null', null],
    ['params.rate', 0.5],
    ['params.with-dash', 7],
    ['steps.gate.values.blessed == true', true],
    ["steps.gate.status == 'succeeded' && steps.gate.values.auc > 0.6", true],
    ['steps.gate.values.auc>=0.7', true],
    ['params.rate < 0.5', false],
    ['params.rate != 0.5', false],
    ["params.from < '2001-02-01'", true],
    ['!params.empty', true],
    ['!!params.on', true],
    ['params.missing', null],
    ['params.missing == null', true],
    ['params.from.length', null],
    ['params.list', [1, 2]],
    // Text and number are never ordered, and never equal.
    ["params.rate < 'x'", false],
    ["1 == '1'", false],
    ['null < 1', false],
  ])('%s is %j', (source, expected) => {
    expect(value(source)).toEqual(expected)
  })

  it.each([
    ['true || false && false', true],
    ['(true || false) && false', false],
    ['1 < 2 == true', true],
    ['!false && false', false],
    ['!(false && false)', true],
    ['1 == 1 && 2 > 1 || false', true],
    ['3 > 2 > 1', false],
  ])('%s follows precedence and is %j', (source, expected) => {
    expect(value(source)).toBe(expected)
  })

  it.each([
    ['', 'a value is missing at the end', 0],
    ['1 +  2', '"+" is not expected here', 2],
    ['params.', '"." is not expected here', 6],
    ['a b', '"b" is not expected here', 2],
    ['(a', 'a closing ")" is missing', 2],
    ['a ==', 'a value is missing at the end', 4],
    ["'open", '"\'" is not expected here', 0],
    ['a = 1', '"=" is not expected here', 2],
    ['f(1)', '"(" is not expected here', 1],
    ['a[0]', '"[" is not expected here', 1],
    ['`x`', '"`" is not expected here', 0],
  ])('%s is refused at its place', (source, message, offset) => {
    const error = (() => {
      try {
        return parseExpression(source)
      } catch (thrown) {
        return thrown
      }
    })()
    expect(error).toBeInstanceOf(ExpressionError)
    expect(error).toMatchObject({ message, offset })
  })

  it('nested without bound is refused rather than ending the process', () => {
    for (const source of [`${'('.repeat(100_000)}1${')'.repeat(100_000)}`, `${'!'.repeat(100_000)}1`]) {
      expect(() => parseExpression(source)).toThrow(ExpressionError)
    }
  })

  it('of great length is evaluated', () => {
    expect(value(Array(1_000).fill('true').join(' && '))).toBe(true)
  })

  it.each([
    '__proto__',
    'params.__proto__',
    'params.constructor',
    'params.constructor.constructor',
    'params.toString',
    'params.list.length',
    'steps.gate.values.hasOwnProperty',
  ])('%s reaches nothing beyond the scope', (source) => {
    expect(value(source)).toBeNull()
  })

  it('names what it reads', () => {
    expect(namesIn(parseExpression("!(a.b == 1) && c-d || 'x.y' < e.f.g"))).toEqual([
      ['a', 'b'],
      ['c-d'],
      ['e', 'f', 'g'],
    ])
  })
})

describe('any expression', () => {
  const name = fc
    .array(fc.constantFrom('params', 'steps', 'a', 'b-c', '_x', 'é1', 'trueish'), { minLength: 1, maxLength: 3 })
    .map((path): Expression => ({ kind: 'name', path }))
  const literal = fc
    .oneof(
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)),
      fc.boolean(),
      fc.constant(null),
      fc.string().filter((text) => !(text.includes("'") && text.includes('"'))),
    )
    .map((part): Expression => ({ kind: 'literal', value: part }))
  const expression = fc.letrec<{ node: Expression }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      name,
      literal,
      tie('node').map((operand): Expression => ({ kind: 'not', operand })),
      fc
        .record({
          operator: fc.constantFrom('||', '&&', '==', '!=', '<', '<=', '>', '>='),
          left: tie('node'),
          right: tie('node'),
        })
        .map((parts): Expression => ({ kind: 'binary', ...parts })),
    ),
  })).node

  it('printed and parsed is itself again', () => {
    fc.assert(
      fc.property(expression, (tree) => {
        expect(parseExpression(print(tree))).toEqual(tree)
      }),
    )
  })

  it('evaluates to plain data, over any scope', () => {
    fc.assert(
      fc.property(expression, fc.jsonValue(), (tree, anyScope) => {
        const result = evaluateExpression(tree, JSON.parse(JSON.stringify(anyScope)))
        expect(typeof isTrue(result)).toBe('boolean')
        expect(result).not.toBeUndefined()
      }),
    )
  })

  it('that cannot be read fails as an ExpressionError within the text, never otherwise', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('(', ')', '!', '&&', '==', 'a.b', "'", '"', '-', '1e', ' ', '\n', '.', '${{'),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const source = pieces.join('')
        try {
          parseExpression(source)
        } catch (error) {
          expect(error).toBeInstanceOf(ExpressionError)
          if (error instanceof ExpressionError) expect(error.offset).toBeLessThanOrEqual(source.length)
        }
      }),
      { numRuns: 2_000 },
    )
  })
})
