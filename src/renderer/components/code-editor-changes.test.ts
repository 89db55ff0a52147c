import { Text } from '@codemirror/state'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changeBetween, diagnosticsOf } from './code-editor-changes.ts'

describe('changeBetween', () => {
  it('leads from one text to the other', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n') })
    fc.assert(
      fc.property(text, text, (before, after) => {
        const change = changeBetween(before, after)
        const applied = change && before.slice(0, change.from) + change.insert + before.slice(change.to)
        expect(applied ?? before).toBe(after)
      }),
    )
  })
  it('touches only what differs', () => {
    expect(changeBetween('epochs: 20\nseed: 7\n', 'epochs: 25\nseed: 7\n')).toEqual({ from: 9, to: 10, insert: '5' })
    expect(changeBetween('same', 'same')).toBeUndefined()
  })
})

describe('diagnosticsOf', () => {
  it('places each problem in its line, also where the line is gone', () => {
    const doc = Text.of(['name: train', 'steps: {}'])
    const places = diagnosticsOf(
      [
        { file: 'f', line: 9, column: 9, message: 'late' },
        { file: 'f', line: 1, column: 7, message: 'name' },
        { file: 'f', message: 'whole' },
      ],
      doc,
    ).map(({ from, to, message }) => [message, from, to])
    expect(places).toEqual([
      ['whole', 0, 11],
      ['name', 6, 11],
      ['late', 20, 21],
    ])
  })
})
