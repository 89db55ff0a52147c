import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { record, redo, startHistory, undo } from './history.ts'

describe('history', () => {
  it('takes acts back one by one, and makes them again', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { minLength: 2, maxLength: 20 }), ([first = '', ...texts]) => {
        let history = texts.reduce((before, text, index) => record(before, text, index), startHistory(first))
        for (const text of [first, ...texts].slice(0, -1).reverse()) {
          history = undo(history)
          expect(history.present).toBe(text)
        }
        expect(undo(history)).toBe(history)
        for (const text of texts) {
          history = redo(history)
          expect(history.present).toBe(text)
        }
        expect(redo(history)).toBe(history)
      }),
    )
  })
  it('counts keystrokes in quick succession as one act', () => {
    let history = record(startHistory('a'), 'ab', 10_000, 'typing')
    history = record(history, 'abc', 10_500, 'typing')
    history = record(history, 'abcd', 12_000, 'typing')
    history = record(history, 'abcde', 12_100, 'set epochs')
    expect(history.past).toEqual(['a', 'abc', 'abcd'])
  })
  it('forgets what was taken back once something else is done', () => {
    const history = record(undo(record(startHistory('a'), 'b', 0)), 'c', 1)
    expect(history).toMatchObject({ past: ['a'], present: 'c', future: [] })
  })
  it('does not let typing that follows an undo join what came before', () => {
    const undone = undo(record(record(startHistory('a'), 'b', 0, 'typing'), 'c', 5_000, 'typing'))
    expect(record(undone, 'd', 5_100, 'typing').past).toEqual(['a', 'b'])
  })
})
