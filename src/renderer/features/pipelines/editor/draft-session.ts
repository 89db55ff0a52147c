/**
 * A pipeline file under work. The text is the one state: typing changes it here, acts on the canvas and in forms are sent
 * with it to the engine, which answers the changed text and what it then holds. Answers to texts that are gone are ignored.
 */
import { replaceEqualDeep } from '@tanstack/react-query'
import { createStore, type StoreApi } from 'zustand'
import type { PipelineDraft, PipelineEdit } from '#shared/pipelines.ts'
import { type History, record, redo, startHistory, undo } from './history.ts'

export interface DraftState {
  readonly history: History
  /** What the newest answered text holds. Its steps may be those of an earlier text while `outdated`. */
  readonly draft: PipelineDraft | undefined
  /** The text has mistakes that hide its steps, so those that were last seen are shown. */
  readonly outdated: boolean
  /** Why the engine did not answer. */
  readonly failure: unknown
}

export interface DraftSession {
  readonly store: StoreApi<DraftState>
  /** Takes what a person typed; it is checked once the keys rest. */
  type(text: string): void
  /** Replaces the whole text as one act. */
  replace(text: string): void
  /** Makes the edits to the text as it stands when their turn comes. Acts of the same `merge` join in the history. */
  apply(edits: readonly PipelineEdit[], merge?: string): Promise<PipelineDraft | undefined>
  undo(): void
  redo(): void
  /** The draft of the present text, asked for if need be. */
  settled(): Promise<PipelineDraft | undefined>
  stop(): void
}

interface SessionRequest {
  readonly text: string
  readonly ask: (text: string, edits: readonly PipelineEdit[]) => Promise<PipelineDraft>
  readonly onFailure: (error: unknown) => void
  readonly now?: () => number
  readonly checkDelayMs?: number
}

const defaultCheckDelayMs = 200
/** How often an edit is made anew because someone typed while it was under way. */
const maxAttempts = 5

export function createDraftSession(request: SessionRequest): DraftSession {
  const { ask, onFailure, now = Date.now, checkDelayMs = defaultCheckDelayMs } = request
  const store = createStore<DraftState>(() => ({
    history: startHistory(request.text),
    draft: undefined,
    outdated: false,
    failure: undefined,
  }))
  const text = () => store.getState().history.present
  let timer: ReturnType<typeof setTimeout> | undefined
  let turn: Promise<unknown> = Promise.resolve()

  async function check(): Promise<PipelineDraft | undefined> {
    clearTimeout(timer)
    const sent = text()
    try {
      const answer = await ask(sent, [])
      if (text() === sent) store.setState((before) => withAnswer(before, answer))
      return answer
    } catch (failure) {
      if (text() === sent) store.setState({ failure })
      return undefined
    }
  }
  function checkSoon(): void {
    clearTimeout(timer)
    timer = setTimeout(() => void check(), checkDelayMs)
  }
  function move(step: (history: History) => History): void {
    store.setState(({ history }) => ({ history: step(history) }))
    void check()
  }
  async function applyInTurn(edits: readonly PipelineEdit[], merge: string | undefined) {
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const sent = text()
      const answer = await ask(sent, edits)
      if (text() !== sent) continue
      clearTimeout(timer)
      store.setState((before) => ({
        ...withAnswer(before, answer),
        history: record(before.history, answer.text, now(), merge),
      }))
      return answer
    }
    return undefined
  }

  void check()
  return {
    store,
    type(next) {
      if (next === text()) return
      store.setState(({ history }) => ({ history: record(history, next, now(), 'typing') }))
      checkSoon()
    },
    replace: (next) => move((history) => record(history, next, now())),
    apply(edits, merge) {
      const answer = turn
        .then(() => applyInTurn(edits, merge))
        .catch((error: unknown) => {
          onFailure(error)
          return undefined
        })
      turn = answer
      return answer
    },
    undo: () => move(undo),
    redo: () => move(redo),
    async settled() {
      await turn
      const { draft } = store.getState()
      return draft?.text === text() ? draft : check()
    },
    stop: () => clearTimeout(timer),
  }
}

/** The answer, with what did not change kept as it is; where mistakes in the form hide all steps, with those seen last. */
function withAnswer(before: DraftState, answer: PipelineDraft): Pick<DraftState, 'draft' | 'outdated' | 'failure'> {
  const unreadable = answer.steps.length === 0 && answer.problems.some((problem) => problem.path === undefined)
  const outdated = unreadable && before.draft !== undefined && before.draft.steps.length > 0
  const draft = outdated ? { ...before.draft, text: answer.text, problems: answer.problems } : answer
  return { draft: replaceEqualDeep(before.draft, draft), outdated, failure: undefined }
}
