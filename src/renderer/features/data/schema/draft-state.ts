/**
 * A schema under work. The text is the one state: what is typed replaces it, what is done in the form asks the engine
 * for the text with those edits. Pure.
 */
import type { SchemaDraft } from '#shared/data.ts'
import type { YamlEdit } from '#shared/pipelines.ts'

/** What the engine is asked: only the answer to the latest question counts. */
export interface Question {
  readonly text: string
  readonly edits: readonly YamlEdit[]
}

export interface DraftState {
  readonly text: string
  /** What the engine said last, perhaps of an earlier text. */
  readonly draft: SchemaDraft | undefined
  /** Undefined where the draft is that of the text. */
  readonly question: Question | undefined
  /** Why the last question has no answer. */
  readonly error: unknown
  readonly past: readonly string[]
  readonly future: readonly string[]
  readonly typedAtMs: number
}

export type DraftAction =
  | { readonly kind: 'typed'; readonly text: string; readonly atMs: number }
  | { readonly kind: 'edited'; readonly edits: readonly YamlEdit[] }
  | { readonly kind: 'answered'; readonly question: Question; readonly draft: SchemaDraft }
  | { readonly kind: 'failed'; readonly question: Question; readonly error: unknown }
  | { readonly kind: 'undo' | 'redo' | 'asked-again' }

/** Letters typed within this time are taken back together. */
const togetherMs = 800
const longestHistory = 200

export function startDraft(text: string): DraftState {
  const question = { text, edits: [] }
  return { text, draft: undefined, question, error: null, past: [], future: [], typedAtMs: Number.NEGATIVE_INFINITY }
}

export function reduceDraft(state: DraftState, action: DraftAction): DraftState {
  switch (action.kind) {
    case 'typed': {
      if (action.text === state.text) return state
      const together = action.atMs - state.typedAtMs < togetherMs
      return withText(state, action.text, {
        past: together ? state.past : remember(state.past, state.text),
        future: [],
        typedAtMs: action.atMs,
      })
    }
    case 'edited': {
      const edits = [...(state.question?.edits ?? []), ...action.edits]
      return { ...state, question: { text: state.text, edits }, error: null }
    }
    case 'answered':
      return action.question === state.question ? answered(state, action.draft) : state
    case 'failed':
      return action.question === state.question ? { ...state, error: action.error } : state
    case 'undo':
      return stepBack(state)
    case 'redo': {
      const [text, ...future] = state.future
      if (text === undefined) return state
      return withText(state, text, { past: remember(state.past, state.text), future })
    }
    case 'asked-again':
      return { ...state, error: null, question: state.question && { ...state.question } }
  }
}

/** Edits that have no answer yet go with the text they were made on: they are asked of the new one. */
function withText(state: DraftState, text: string, changed: Partial<DraftState>): DraftState {
  return {
    ...state,
    typedAtMs: Number.NEGATIVE_INFINITY,
    ...changed,
    text,
    error: null,
    question: { text, edits: state.question?.edits ?? [] },
  }
}

function answered(state: DraftState, draft: SchemaDraft): DraftState {
  const settled = { ...state, draft, question: undefined, error: null }
  if (draft.text === state.text) return settled
  const past = remember(state.past, state.text)
  return { ...settled, text: draft.text, past, future: [], typedAtMs: Number.NEGATIVE_INFINITY }
}

/** First what was asked for and has no answer, then what was answered. */
function stepBack(state: DraftState): DraftState {
  if (state.question !== undefined && state.question.edits.length > 0) {
    return { ...state, question: { text: state.text, edits: [] }, error: null }
  }
  const text = state.past.at(-1)
  if (text === undefined) return state
  return withText(state, text, { past: state.past.slice(0, -1), future: [state.text, ...state.future] })
}

const remember = (past: readonly string[], text: string) => [...past, text].slice(-longestHistory)
