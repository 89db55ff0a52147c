import type { Diagnostic } from '@codemirror/lint'
import type { Text } from '@codemirror/state'
import type { FileProblem } from '#shared/errors.ts'

interface Change {
  readonly from: number
  readonly to: number
  readonly insert: string
}

/** The one stretch in which two texts differ, so that the cursor stays where it is; undefined where they are equal. */
export function changeBetween(before: string, after: string): Change | undefined {
  if (before === after) return undefined
  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start < shorter && before[start] === after[start]) start++
  let end = 0
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) }
}

/** Problems at their places. One without a line, or with one that is gone, stands at the first. */
export function diagnosticsOf(problems: readonly FileProblem[], doc: Text): Diagnostic[] {
  return problems
    .map((problem) => {
      const line = doc.line(Math.min(Math.max(problem.line ?? 1, 1), doc.lines))
      const from = Math.min(line.from + Math.max((problem.column ?? 1) - 1, 0), line.to)
      return { from, to: Math.max(line.to, from), severity: 'error' as const, message: problem.message }
    })
    .sort((a, b) => a.from - b.from)
}
