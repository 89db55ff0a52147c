import { describe, expect, it } from 'vitest'
import { canShow, type Form, firstOfVariant, formOf, isExpression, variantOf } from './form-model.ts'
import { readJsonSchema } from './json-schema.ts'

const trainer = {
  oneOf: [
    {
      type: 'object',
      properties: {
        epochs: { type: 'integer', minimum: 1, maximum: 10_000, description: 'Passes over the rows.' },
        trainer: { type: 'string', const: 'linear', description: 'Logistic or linear regression.' },
      },
      required: ['trainer'],
      additionalProperties: false,
    },
    {
      type: 'object',
      properties: {
        hidden: { type: 'array', minItems: 1, items: { type: 'integer', minimum: 1 } },
        trainer: { type: 'string', const: 'neural-network' },
      },
      required: ['trainer'],
      additionalProperties: false,
    },
  ],
}
const form = (schema: unknown): Form => formOf(readJsonSchema(schema) ?? {})
const fieldsOf = (schema: unknown) => {
  const made = form(schema)
  return made.kind === 'object' ? made.fields : []
}

describe('formOf', () => {
  it.each([
    ['a boolean', { type: 'boolean' }, { kind: 'boolean' }],
    ['a text', { type: 'string', minLength: 1 }, { kind: 'text' }],
    ['an enumeration', { type: 'string', enum: ['a', 'b'] }, { kind: 'choice', values: ['a', 'b'] }],
    [
      'an integer without a limit of its own',
      { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
      { kind: 'number', integer: true, min: 1 },
    ],
    [
      'a share',
      { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
      { kind: 'number', integer: false, above: 0, below: 1 },
    ],
    ['a list of texts', { type: 'array', items: { type: 'string' } }, { kind: 'list', item: { kind: 'text' } }],
    ['a pair', { type: 'array', prefixItems: [{ type: 'number' }], items: false }, { kind: 'snippet' }],
    ['a list of lists', { type: 'array', items: { type: 'array', items: { type: 'string' } } }, { kind: 'snippet' }],
    [
      'a mapping with known keys',
      { type: 'object', propertyNames: { enum: ['auc', 'f1'] }, additionalProperties: { type: 'number' } },
      { kind: 'record', keys: ['auc', 'f1'], value: { kind: 'number', integer: false } },
    ],
    [
      'an object with keys of its own',
      { type: 'object', properties: { a: {} }, additionalProperties: {} },
      { kind: 'snippet' },
    ],
    ['anything', {}, { kind: 'snippet' }],
    [
      'two enumerations',
      { anyOf: [{ enum: ['a'] }, { type: 'boolean', const: false }] },
      { kind: 'choice', values: ['a', false] },
    ],
  ])('of %s', (_, schema, expected) => {
    expect(form(schema)).toMatchObject(expected)
    expect(form(schema).kind).toBe(expected.kind)
  })

  it('keeps help, defaults and what is required', () => {
    const schema = {
      type: 'object',
      properties: {
        by: { type: 'string', enum: ['random', 'time'], default: 'random', description: 'How.' },
        target: { type: 'string' },
      },
      required: ['by', 'target'],
      additionalProperties: false,
    }
    expect(
      fieldsOf(schema).map(({ name, required, default: value, description }) => [name, required, value, description]),
    ).toEqual([
      ['by', false, 'random', 'How.'],
      ['target', true, undefined, undefined],
    ])
  })

  it('tells variants apart by their constant, and does not ask for it twice', () => {
    const union = form(trainer)
    if (union.kind !== 'union') throw new Error('Not a union.')
    expect(union.key).toBe('trainer')
    expect(union.variants.map(({ value, description }) => [value, description])).toEqual([
      ['linear', 'Logistic or linear regression.'],
      ['neural-network', undefined],
    ])
    const second = variantOf(union, { trainer: 'neural-network', hidden: [8] })
    expect(second?.form).toMatchObject({ kind: 'object', fields: [{ name: 'hidden' }] })
    expect(variantOf(union, { trainer: 'forest' })).toBeUndefined()
    expect(union.variants.map((variant) => firstOfVariant(union, variant))).toEqual([
      { trainer: 'linear' },
      { trainer: 'neural-network' },
    ])
  })

  it('tells variants without a constant apart by the kind of value', () => {
    const union = form({
      anyOf: [{ type: 'string' }, { type: 'boolean', const: false }, { type: 'array', items: { type: 'string' } }],
    })
    if (union.kind !== 'union') throw new Error('Not a union.')
    expect(union.key).toBeUndefined()
    const kinds = ['champion', false, ['a']].map((value) => variantOf(union, value)?.form.kind)
    expect(kinds).toEqual(['text', 'choice', 'list'])
    expect(variantOf(union, 7)).toBeUndefined()
  })
})

it('knows which values its controls can show', () => {
  const list = form({ type: 'array', items: { type: 'string' } })
  expect([['a', 'b'], ['${{ params.a }}'], [1], 'a'].map((value) => canShow(list, value))).toEqual([
    true,
    false,
    false,
    false,
  ])
  expect(isExpression("date >= '${{ params.from }}'")).toBe(true)
  expect(isExpression('$from')).toBe(false)
})
