/**
 * The small language of `when` and `${{ }}`: names with dots, numbers, texts, true, false, null, comparison, `!`, `&&`, `||`
 * and parentheses. It has no calls, no loops and no access to anything but the given scope.
 */
import type { Json } from '#shared/runs.ts'

export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'name'; readonly path: readonly string[] }
  | { readonly kind: 'not'; readonly operand: Expression }
  | {
      readonly kind: 'binary'
      readonly operator: BinaryOperator
      readonly left: Expression
      readonly right: Expression
    }

const binaryOperators = ['||', '&&', '==', '!=', '<=', '>=', '<', '>'] as const
type BinaryOperator = (typeof binaryOperators)[number]

/** Weakest first; operators of one level associate to the left. */
const levels: readonly (readonly BinaryOperator[])[] = [['||'], ['&&'], ['==', '!='], ['<', '<=', '>', '>=']]

/** What is wrong with an expression, and at which character (from 0). */
export class ExpressionError extends Error {
  readonly offset: number
  constructor(message: string, offset: number) {
    super(message)
    this.name = 'ExpressionError'
    this.offset = offset
  }
}

interface Token {
  readonly kind: 'name' | 'number' | 'text' | 'symbol' | 'end'
  readonly text: string
  readonly offset: number
}

const tokenPattern =
  /\s*(?:(?<name>[\p{L}_][\p{L}\p{N}_-]*(?:\.[\p{L}\p{N}_-]+)*)|(?<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<text>'[^']*'|"[^"]*")|(?<symbol>\|\||&&|==|!=|<=|>=|[<>!()]))/uy

function tokenize(source: string): Token[] {
  const tokens: Token[] = []
  const end = source.trimEnd().length
  let offset = 0
  while (offset < end) {
    tokenPattern.lastIndex = offset
    const match = tokenPattern.exec(source)
    if (match?.groups === undefined) {
      const at = offset + source.slice(offset).search(/\S/)
      throw new ExpressionError(`"${source.charAt(at)}" is not expected here`, at)
    }
    const { name, number, text, symbol } = match.groups
    const start = tokenPattern.lastIndex - (name ?? number ?? text ?? symbol ?? '').length
    if (name !== undefined) tokens.push({ kind: 'name', text: name, offset: start })
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, offset: start })
    else if (text !== undefined) tokens.push({ kind: 'text', text: text.slice(1, -1), offset: start })
    else tokens.push({ kind: 'symbol', text: symbol ?? '', offset: start })
    offset = tokenPattern.lastIndex
  }
  tokens.push({ kind: 'end', text: '', offset: end })
  return tokens
}

/** Deeper nesting is refused rather than risking the stack. */
const maxDepth = 50

/** @throws ExpressionError */
export function parseExpression(source: string): Expression {
  const tokens = tokenize(source)
  let position = 0
  let depth = 0

  function peek(): Token {
    return tokens[position] ?? { kind: 'end', text: '', offset: source.length }
  }
  function take(): Token {
    const token = peek()
    position++
    return token
  }
  function isSymbol(text: string): boolean {
    return peek().kind === 'symbol' && peek().text === text
  }

  function parseLevel(level: number): Expression {
    const operators = levels[level]
    if (operators === undefined) return parseUnary()
    let left = parseLevel(level + 1)
    for (;;) {
      const operator = operators.find((candidate) => isSymbol(candidate))
      if (operator === undefined) return left
      take()
      left = { kind: 'binary', operator, left, right: parseLevel(level + 1) }
    }
  }

  function parseUnary(): Expression {
    if (++depth > maxDepth) throw new ExpressionError(`the expression is nested deeper than ${maxDepth}`, peek().offset)
    const result = isSymbol('!') ? parseNot() : parsePrimary()
    depth--
    return result
  }

  function parseNot(): Expression {
    take()
    return { kind: 'not', operand: parseUnary() }
  }

  function parsePrimary(): Expression {
    const token = take()
    if (token.kind === 'number') return { kind: 'literal', value: Number(token.text) }
    if (token.kind === 'text') return { kind: 'literal', value: token.text }
    if (token.kind === 'name') return nameOrConstant(token.text)
    if (token.kind === 'symbol' && token.text === '(') {
      const inner = parseLevel(0)
      if (!isSymbol(')')) throw new ExpressionError('a closing ")" is missing', peek().offset)
      take()
      return inner
    }
    throw new ExpressionError(
      token.kind === 'end' ? 'a value is missing at the end' : `"${token.text}" is not expected here`,
      token.offset,
    )
  }

  const expression = parseLevel(0)
  const rest = peek()
  if (rest.kind !== 'end') throw new ExpressionError(`"${rest.text}" is not expected here`, rest.offset)
  return expression
}

function nameOrConstant(text: string): Expression {
  if (text === 'true' || text === 'false') return { kind: 'literal', value: text === 'true' }
  if (text === 'null') return { kind: 'literal', value: null }
  return { kind: 'name', path: text.split('.') }
}

/** Every name that the expression reads. */
export function namesIn(expression: Expression): (readonly string[])[] {
  switch (expression.kind) {
    case 'literal':
      return []
    case 'name':
      return [expression.path]
    case 'not':
      return namesIn(expression.operand)
    case 'binary':
      return [...namesIn(expression.left), ...namesIn(expression.right)]
    default:
      return expression satisfies never
  }
}

/** A name that is not in the scope is null. Comparing values of different types by order is false. */
export function evaluateExpression(expression: Expression, scope: Json): Json {
  switch (expression.kind) {
    case 'literal':
      return expression.value
    case 'name':
      return lookUp(scope, expression.path)
    case 'not':
      return !isTrue(evaluateExpression(expression.operand, scope))
    case 'binary':
      return evaluateBinary(expression.operator, expression.left, expression.right, scope)
    default:
      return expression satisfies never
  }
}

/** null, false, 0 and the empty text count as false. */
export function isTrue(value: Json): boolean {
  return value !== null && value !== false && value !== 0 && value !== ''
}

function evaluateBinary(operator: BinaryOperator, left: Expression, right: Expression, scope: Json): Json {
  const a = evaluateExpression(left, scope)
  if (operator === '&&') return isTrue(a) && isTrue(evaluateExpression(right, scope))
  if (operator === '||') return isTrue(a) || isTrue(evaluateExpression(right, scope))
  const b = evaluateExpression(right, scope)
  if (operator === '==') return JSON.stringify(a) === JSON.stringify(b)
  if (operator === '!=') return JSON.stringify(a) !== JSON.stringify(b)
  const comparable =
    (typeof a === 'number' && typeof b === 'number') || (typeof a === 'string' && typeof b === 'string')
  if (!comparable) return false
  if (operator === '<') return a < b
  if (operator === '<=') return a <= b
  if (operator === '>') return a > b
  return a >= b
}

function lookUp(scope: Json, path: readonly string[]): Json {
  let current: Json = scope
  for (const part of path) {
    if (current === null || typeof current !== 'object' || Array.isArray(current) || !Object.hasOwn(current, part)) {
      return null
    }
    current = current[part] ?? null
  }
  return current
}
