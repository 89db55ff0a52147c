import { describe, expect, it } from 'vitest'
import { draftSchema } from './schema-draft.ts'

const text = `# Flights
columns:
  # Where from.
  origin:
    type: text
    domain: { values: [ATL] }

  "delay time": { type: integer }
  late:
    type: boolean # the target
`

describe('a schema draft', () => {
  it('says where each column stands, and what it means', () => {
    const draft = draftSchema(text, 'schemas/flights.yaml', [])
    expect(draft).toMatchObject({ text, problems: [] })
    expect(Object.keys(draft.schema?.columns ?? {})).toEqual(['origin', 'delay time', 'late'])
    expect(draft.lines).toEqual({
      origin: { from: 4, to: 6 },
      'delay time': { from: 8, to: 8 },
      late: { from: 9, to: 10 },
    })
  })

  it('is edited with all else as it was', () => {
    const draft = draftSchema(text, 'x.yaml', [
      { kind: 'set', path: ['columns', 'late', 'presence'], value: { minFraction: 1 } },
      { kind: 'rename', path: ['columns', 'delay time'], key: 'delay' },
    ])
    expect(draft.text).toContain('# Where from.\n  origin:')
    expect(draft.schema?.columns).toMatchObject({ delay: { type: 'integer' }, late: { presence: { minFraction: 1 } } })
  })

  it('that is not whole is read as far as it goes', () => {
    const draft = draftSchema('columns:\n  a: { type: txt }\n  b:\n    type: integer\n', 'x.yaml', [])
    expect(draft.schema).toBeNull()
    expect(draft.lines).toEqual({ a: { from: 2, to: 2 }, b: { from: 3, to: 4 } })
    expect(draft.problems).toMatchObject([{ file: 'x.yaml', line: 2, path: 'columns.a.type', nearest: 'text' }])
    expect(draftSchema('columns: [', 'x.yaml', []).problems).toHaveLength(1)
    expect(draftSchema('', 'x.yaml', [])).toMatchObject({ schema: null, lines: {} })
  })

  it('that contradicts itself is shown with its problems', () => {
    const draft = draftSchema('columns:\n  a: { type: integer, domain: { min: 2, max: 1 } }\n', 'x.yaml', [])
    expect(draft.schema?.columns.a?.domain).toEqual({ min: 2, max: 1 })
    expect(draft.problems).toMatchObject([{ line: 2, message: '"min" is larger than "max".' }])
  })
})
