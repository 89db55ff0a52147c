import { describe, expect, it } from 'vitest'
import type { SchemaDraft } from '#shared/data.ts'
import type { YamlEdit } from '#shared/pipelines.ts'
import { type DraftAction, type DraftState, reduceDraft, startDraft } from './draft-state.ts'

const draftOf = (text: string): SchemaDraft => ({ text, schema: null, lines: {}, problems: [] })
const edit = (key: string): YamlEdit => ({ kind: 'set', path: ['columns', key, 'type'], value: 'text' })
const changed = (state: DraftState, ...actions: DraftAction[]) => actions.reduce(reduceDraft, state)
const answer = (state: DraftState, text: string): DraftState =>
  state.question === undefined
    ? state
    : reduceDraft(state, { kind: 'answered', question: state.question, draft: draftOf(text) })

describe('reduceDraft', () => {
  const open = answer(startDraft('a'), 'a')

  it('asks for what it opens, and then no more', () => {
    expect(startDraft('a').question).toEqual({ text: 'a', edits: [] })
    expect(open.question).toBeUndefined()
    expect(open.past).toEqual([])
  })

  it('takes the text that edits make', () => {
    const edited = changed(open, { kind: 'edited', edits: [edit('x')] })
    expect(edited.text).toBe('a')
    const done = answer(edited, 'a x')
    expect(done.text).toBe('a x')
    expect(changed(done, { kind: 'undo' }).text).toBe('a')
    expect(changed(done, { kind: 'undo' }, { kind: 'redo' }).text).toBe('a x')
  })

  it('does not lose an edit to one that comes before its answer', () => {
    const first = changed(open, { kind: 'edited', edits: [edit('x')] })
    const second = changed(first, { kind: 'edited', edits: [edit('y')] })
    expect(second.question?.edits).toEqual([edit('x'), edit('y')])
    if (first.question === undefined) throw new Error('There is a question.')
    const late = changed(second, { kind: 'answered', question: first.question, draft: draftOf('a x') })
    expect(late).toBe(second)
  })

  it('makes edits on what was typed meanwhile', () => {
    const edited = changed(open, { kind: 'edited', edits: [edit('x')] })
    const typed = changed(edited, { kind: 'typed', text: 'ab', atMs: 0 })
    expect(typed.question).toEqual({ text: 'ab', edits: [edit('x')] })
  })

  it('takes letters typed together back together', () => {
    const typed = changed(
      open,
      { kind: 'typed', text: 'ab', atMs: 1_000 },
      { kind: 'typed', text: 'abc', atMs: 1_100 },
      { kind: 'typed', text: 'abcd', atMs: 5_000 },
    )
    expect(changed(typed, { kind: 'undo' }).text).toBe('abc')
    expect(changed(typed, { kind: 'undo' }, { kind: 'undo' }).text).toBe('a')
    expect(changed(typed, { kind: 'undo' }, { kind: 'typed', text: 'z', atMs: 9_000 }).future).toEqual([])
  })

  it('gives up an edit that has no answer before it goes back in the text', () => {
    const edited = changed(open, { kind: 'typed', text: 'ab', atMs: 0 }, { kind: 'edited', edits: [edit('x')] })
    const undone = changed(edited, { kind: 'undo' })
    expect(undone.text).toBe('ab')
    expect(undone.question).toEqual({ text: 'ab', edits: [] })
  })

  it('keeps what failed, to ask again', () => {
    const edited = changed(open, { kind: 'edited', edits: [edit('x')] })
    if (edited.question === undefined) throw new Error('There is a question.')
    const failed = changed(edited, { kind: 'failed', question: edited.question, error: 'gone' })
    expect(failed.error).toBe('gone')
    const again = changed(failed, { kind: 'asked-again' })
    expect(again.question).toEqual(edited.question)
    expect(again.question).not.toBe(edited.question)
  })
})
