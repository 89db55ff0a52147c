import fc from 'fast-check'
import { expect, it } from 'vitest'
import { atOnce } from '../kernel/turns.ts'
import { parseInSteps } from './large-json.ts'

/** Pieces of a few bytes, so that a short text is cut everywhere. */
const pieceBytes = 3
const refuse = (text: string) => {
  const value: unknown = JSON.parse(text, (key, each) => {
    if (key === '__proto__') throw new SyntaxError('forbidden')
    return each
  })
  return value
}
const inPieces = (text: string, bytes = pieceBytes) => atOnce(parseInSteps(Buffer.from(text), refuse, bytes))

/** What a parser makes of a text; its words for what is not valid are not compared. */
function outcome(parse: () => unknown): unknown {
  try {
    return { value: parse() }
  } catch (error) {
    return error instanceof SyntaxError ? 'invalid' : error
  }
}

it('gives what JSON.parse gives, wherever the text is cut', () => {
  const spaced = fc.tuple(fc.json({ maxDepth: 5 }), fc.constantFrom(undefined, 1, '\t'))
  fc.assert(
    fc.property(spaced, fc.integer({ min: 1, max: 40 }), ([json, space], bytes) => {
      const text = JSON.stringify(JSON.parse(json), undefined, space)
      // The order of the members too.
      expect(JSON.stringify(inPieces(text, bytes))).toBe(JSON.stringify(JSON.parse(text)))
    }),
    { numRuns: 2_000 },
  )
})

it('refuses what JSON.parse refuses, and nothing else', () => {
  const bits = [
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"__proto__"',
    '1',
    '-',
    ' ',
    'null',
    '"\\"',
    '\\',
    '"',
    'é',
    '0.5e',
  ]
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...bits), { maxLength: 14 }), (parts) => {
      const text = parts.join('')
      expect(outcome(() => inPieces(text))).toEqual(outcome(() => refuse(text)))
    }),
    { numRuns: 20_000 },
  )
})

it('refuses a valid text with one character put in, left out or changed as JSON.parse does', () => {
  fc.assert(
    fc.property(
      fc.json({ maxDepth: 4 }),
      fc.nat(),
      fc.constantFrom('', ...'[]{},:"1 -'),
      fc.nat({ max: 1 }),
      (json, at, put, out) => {
        const place = at % (json.length + 1)
        const text = json.slice(0, place) + put + json.slice(place + out)
        expect(outcome(() => inPieces(text))).toEqual(outcome(() => refuse(text)))
      },
    ),
    { numRuns: 5_000 },
  )
})

it.each([
  ['an element that is missing', '[[1, 2, 3, 4],,[1, 2, 3, 4]]'],
  ['a comma at the end', '{"rows": [[1, 2, 3, 4],]}'],
  ['only space where an element should be', `[1,${' '.repeat(20)},2]`],
  ['elements without a comma between', '[[1, 2, 3, 4] [1, 2, 3, 4]]'],
  ['a member without a key', '{"a": 1, [1, 2, 3, 4]}'],
  ['two keys for a value', '{"a": "b": [1, 2, 3, 4]}'],
  ['a sign in front of a list', '{"a": -[1, 2, 3, 4]}'],
  ['a number in front of a list', '{"a": 1[1, 2, 3, 4]}'],
  ['a bracket that closes another', '{"a": [1, 2, 3, 4}'],
  ['something behind the end', '[1, 2, 3, 4] 5'],
  ['no end', '{"a": [1, 2, 3, 4]'],
  ['a text without an end', '[1, 2, 3, 4, "'],
])('refuses %s', (_, text) => {
  expect(outcome(() => JSON.parse(text))).toBe('invalid')
  expect(outcome(() => inPieces(text))).toBe('invalid')
})

it('exploit: a prototype changed by a member that is cut', () => {
  const long = JSON.stringify('x'.repeat(50))
  expect(outcome(() => inPieces(`{"__proto__": {"a": ${long}, "b": 1}}`))).toBe('invalid')
  expect(outcome(() => inPieces(`{"\\u005f_proto__": [${long}, 1]}`))).toBe('invalid')
  expect(outcome(() => inPieces(`{"constructor": {"a": ${long}, "prototype": [${long}, 2], "b": 1}}`))).toBe('invalid')
  expect(inPieces(`{"constructor": {"a": ${long}, "b": 1}}`)).toEqual({
    constructor: { a: 'x'.repeat(50), b: 1 },
  })
})

it('takes a byte order mark, the last of members with the same name, and more depth than it cuts', () => {
  expect(inPieces('\u{feff}[1, 2, 3, 4]')).toEqual([1, 2, 3, 4])
  const twice = '{"a": [1, 2, 3], "b": 1, "a": [4, 5, 6]}'
  expect(JSON.stringify(inPieces(twice))).toBe('{"a":[4,5,6],"b":1}')
  const deep = `${'[1,'.repeat(50_000)}[]${']'.repeat(50_000)}`
  let value = atOnce(parseInSteps(Buffer.from(deep), JSON.parse, pieceBytes))
  for (let depth = 0; depth < 50_000; depth++) value = Array.isArray(value) ? value[1] : undefined
  expect(value).toEqual([])
})

it('has many turns for a text that is large', () => {
  const rows = Array.from({ length: 5_000 }, (_, row) => ({
    distance: row,
    origin: 'ORD',
    destination: 'é'.repeat(10),
  }))
  const text = JSON.stringify({ rows, showFeatures: true })
  const steps = parseInSteps(Buffer.from(text), JSON.parse)
  let count = 0
  let step = steps.next()
  for (; step.done !== true; step = steps.next()) count++
  expect(step.value).toEqual({ rows, showFeatures: true })
  expect(count).toBeGreaterThan(text.length / 100_000)
})
