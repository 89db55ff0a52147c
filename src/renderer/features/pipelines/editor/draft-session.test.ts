import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { PipelineDraft, PipelineEdit } from '#shared/pipelines.ts'
import { createDraftSession } from './draft-session.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Stands in for the engine: every line of a text is a step, an edit adds one, and answers come when the test lets them. */
function fakeEngine() {
  const waiting: { text: string; answer: () => void; refuse: (error: Error) => void }[] = []
  const ask = (text: string, edits: readonly PipelineEdit[]) =>
    new Promise<PipelineDraft>((resolve, reject) => {
      const added = edits.map((edit) => ('name' in edit ? `${edit.name}\n` : '')).join('')
      waiting.push({ text, answer: () => resolve(draftOf(text + added)), refuse: reject })
    })
  const next = async (act: 'answer' | 'refuse' = 'answer', index = 0) => {
    await vi.advanceTimersByTimeAsync(0)
    const [request] = waiting.splice(index, 1)
    if (act === 'answer') request?.answer()
    else request?.refuse(new Error('refused'))
    await vi.advanceTimersByTimeAsync(0)
    return request?.text
  }
  return { ask, next, waiting }
}

function draftOf(text: string): PipelineDraft {
  const broken = text.includes('!')
  const steps = broken ? [] : text.split('\n').filter(Boolean)
  return {
    text,
    description: '',
    parameters: {},
    steps: steps.map((name, index) => ({
      name,
      component: 'data/extract',
      inputs: {},
      needs: [],
      when: null,
      options: {},
      retry: null,
      timeoutMinutes: null,
      cache: true,
      lines: { from: index + 1, to: index + 1 },
    })),
    problems: broken ? [{ file: 'f', line: 1, message: 'not YAML' }] : [],
  }
}

function start(text = 'a\n') {
  const engine = fakeEngine()
  const failures: unknown[] = []
  const session = createDraftSession({ text, ask: engine.ask, onFailure: (error) => failures.push(error) })
  const names = () => session.store.getState().draft?.steps.map(({ name }) => name)
  const text_ = () => session.store.getState().history.present
  return { engine, session, failures, names, text: text_ }
}
const add = (name: string): PipelineEdit => ({
  kind: 'add-step',
  name,
  component: 'data/extract',
  inputs: {},
  options: {},
})

it('checks what was typed once the keys rest, and ignores answers to texts that are gone', async () => {
  const { engine, session, names, text } = start()
  session.type('a\nb\n')
  session.type('a\nbc\n')
  await vi.advanceTimersByTimeAsync(250)
  expect(engine.waiting.map((request) => request.text)).toEqual(['a\n', 'a\nbc\n'])
  await engine.next('answer', 1)
  expect(names()).toEqual(['a', 'bc'])
  await engine.next()
  expect(names()).toEqual(['a', 'bc'])
  expect(text()).toBe('a\nbc\n')
})

it('makes edits one after the other, each to the text that the one before left', async () => {
  const { engine, session, names } = start()
  await engine.next()
  const both = [session.apply([add('b')]), session.apply([add('c')])]
  expect(await engine.next()).toBe('a\n')
  expect(await engine.next()).toBe('a\nb\n')
  expect((await Promise.all(both)).map((draft) => draft?.text)).toEqual(['a\nb\n', 'a\nb\nc\n'])
  expect(names()).toEqual(['a', 'b', 'c'])
})

it('makes an edit anew where someone typed meanwhile, so that neither is lost', async () => {
  const { engine, session, text } = start()
  await engine.next()
  const applied = session.apply([add('z')])
  await vi.advanceTimersByTimeAsync(0)
  session.type('a\ntyped\n')
  await engine.next()
  expect(text()).toBe('a\ntyped\n')
  await engine.next()
  await applied
  expect(text()).toBe('a\ntyped\nz\n')
})

it('shares one history between typing and edits', async () => {
  const { engine, session, names, text } = start()
  await engine.next()
  session.type('a\nb\n')
  const applied = session.apply([add('c')])
  await engine.next()
  await applied
  session.undo()
  expect(text()).toBe('a\nb\n')
  await engine.next()
  expect(names()).toEqual(['a', 'b'])
  session.undo()
  session.redo()
  session.redo()
  expect(text()).toBe('a\nb\nc\n')
})

it('keeps the steps in view while the text cannot be read', async () => {
  const { engine, session, names } = start()
  await engine.next()
  session.replace('a!\n')
  await engine.next()
  expect(names()).toEqual(['a'])
  expect(session.store.getState()).toMatchObject({ outdated: true, draft: { problems: [{ message: 'not YAML' }] } })
  session.undo()
  await engine.next()
  expect(session.store.getState()).toMatchObject({ outdated: false, draft: { problems: [] } })
})

it('says when an edit is refused, and goes on with the next', async () => {
  const { engine, session, failures, names } = start()
  await engine.next()
  const refused = session.apply([add('b')])
  await engine.next('refuse')
  expect(await refused).toBeUndefined()
  expect(failures).toEqual([new Error('refused')])
  const applied = session.apply([add('c')])
  await engine.next()
  await applied
  expect(names()).toEqual(['a', 'c'])
})

it('keeps equal steps the same object, so that only what changed is drawn again', async () => {
  const { engine, session } = start('a\nb\n')
  await engine.next()
  const before = session.store.getState().draft?.steps
  const applied = session.apply([add('c')])
  await engine.next()
  await applied
  expect(session.store.getState().draft?.steps[1]).toBe(before?.[1])
})
