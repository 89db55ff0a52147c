import { useEffect, useReducer } from 'react'
import type { YamlEdit } from '#shared/pipelines.ts'
import { call } from '../../../lib/api.ts'
import { type DraftState, reduceDraft, startDraft } from './draft-state.ts'

/** So long the keyboard rests before a typed text is checked. */
const restMs = 200

export interface SchemaWork {
  readonly state: DraftState
  readonly type: (text: string) => void
  readonly edit: (...edits: YamlEdit[]) => void
  readonly undo: () => void
  readonly redo: () => void
  readonly askAgain: () => void
}

/** The text under work, kept in step with what the engine reads in it. */
export function useSchemaDraft(projectId: string, file: string, initialText: string): SchemaWork {
  const [state, dispatch] = useReducer(reduceDraft, initialText, startDraft)
  const { question } = state
  useEffect(() => {
    if (question === undefined) return
    const abort = new AbortController()
    const ask = async () => {
      const body = { file, text: question.text, edits: [...question.edits] }
      try {
        const draft = await call('draftSchema', { params: { id: projectId }, body }, { signal: abort.signal })
        dispatch({ kind: 'answered', question, draft })
      } catch (error) {
        if (!abort.signal.aborted) dispatch({ kind: 'failed', question, error })
      }
    }
    const timer = setTimeout(ask, question.edits.length > 0 ? 0 : restMs)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [projectId, file, question])
  return {
    state,
    type: (text) => dispatch({ kind: 'typed', text, atMs: Date.now() }),
    edit: (...edits) => dispatch({ kind: 'edited', edits }),
    undo: () => dispatch({ kind: 'undo' }),
    redo: () => dispatch({ kind: 'redo' }),
    askAgain: () => dispatch({ kind: 'asked-again' }),
  }
}
