/** The texts that a file has had while it was edited, so that any act can be taken back. Pure. */
export interface History {
  readonly past: readonly string[]
  readonly present: string
  readonly future: readonly string[]
  /** What the present text came from; the same again soon afterwards is the same act. */
  readonly merge: string | undefined
  readonly atMs: number
}

const longestHistory = 200
/** Keystrokes closer together than this are taken back together. */
const mergeWithinMs = 1_000

export function startHistory(text: string): History {
  return { past: [], present: text, future: [], merge: undefined, atMs: 0 }
}

/** The history with `text` as its present. Acts of the same `merge` in quick succession count as one. */
export function record(history: History, text: string, atMs: number, merge?: string): History {
  if (text === history.present) return history
  const same = merge !== undefined && merge === history.merge && atMs - history.atMs < mergeWithinMs
  const past =
    same && history.past.length > 0 ? history.past : [...history.past, history.present].slice(-longestHistory)
  return { past, present: text, future: [], merge, atMs }
}

export function undo(history: History): History {
  const text = history.past.at(-1)
  if (text === undefined) return history
  const future = [history.present, ...history.future]
  return { past: history.past.slice(0, -1), present: text, future, merge: undefined, atMs: 0 }
}

export function redo(history: History): History {
  const [text, ...future] = history.future
  if (text === undefined) return history
  return { past: [...history.past, history.present], present: text, future, merge: undefined, atMs: 0 }
}
