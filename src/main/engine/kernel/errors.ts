import { type ErrorCode, errorCatalogue, type FileProblem, isErrorCode, type Problem } from '#shared/errors.ts'

/** The longest text that any one field of a problem carries; data can be arbitrarily long. */
const maxTextLength = 2_000
/** Enough to mend a file in one go, bounded so that a generated file cannot flood a terminal. */
const maxProblems = 100

export interface ErrorContext {
  readonly where?: string
  readonly found?: string
  readonly allowed?: string
  readonly nearest?: string
  readonly next?: string
  readonly problems?: readonly FileProblem[]
  readonly cause?: unknown
}

/** An expected failure with a stable code from the catalogue. Anything else that is thrown is our bug. */
export class EsteiraError extends Error {
  readonly code: ErrorCode
  readonly context: ErrorContext

  constructor(code: ErrorCode, detail: string, context: ErrorContext = {}) {
    super(detail, { cause: context.cause })
    this.name = 'EsteiraError'
    this.code = code
    this.context = context
  }
}

function bounded(text: string | undefined): string | undefined {
  if (text === undefined || text.length <= maxTextLength) return text
  return `${text.slice(0, maxTextLength)}… (${text.length} characters)`
}

/** Any thrown value as problem details. An unexpected error shows its message but never its stack. */
export function toProblem(error: unknown): Problem {
  const known = asEsteiraError(error)
  const entry = errorCatalogue[known.code]
  const { where, found, allowed, nearest, next, problems } = known.context
  return {
    type: `urn:esteira:problem:${known.code}`,
    title: entry.title,
    status: entry.status,
    code: known.code,
    detail: bounded(known.message) ?? '',
    ...(where !== undefined && { where: bounded(where) }),
    ...(found !== undefined && { found: bounded(found) }),
    ...(allowed !== undefined && { allowed: bounded(allowed) }),
    ...(nearest !== undefined && { nearest: bounded(nearest) }),
    ...(next !== undefined && { next: bounded(next) }),
    ...(problems !== undefined && { problems: problems.slice(0, maxProblems).map(boundedProblem) }),
  }
}

function boundedProblem(problem: FileProblem): FileProblem {
  const texts = Object.entries(problem).map(([key, part]) => [key, typeof part === 'string' ? bounded(part) : part])
  return { ...problem, ...Object.fromEntries(texts) }
}

/** Classifies a thrown value: ours stays as it is, known system failures get their code, the rest is internal. */
export function asEsteiraError(error: unknown): EsteiraError {
  if (error instanceof EsteiraError) return error
  const message = messageOf(error)
  if (isDiskFull(error, message)) {
    return new EsteiraError('disk-full', 'The disk is full.', {
      found: message,
      next: 'Free some space on the disk of the home folder, then try again. Nothing stored before is affected.',
      cause: error,
    })
  }
  if (error instanceof Error && error.name === 'AbortError') {
    return new EsteiraError('cancelled', 'The work was cancelled.', { cause: error })
  }
  return new EsteiraError('internal', message, { cause: error })
}

/** Anything can be thrown, even an object that refuses to become text. */
function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message
  return typeof error === 'object' && error !== null ? 'A value that is not an error was thrown.' : String(error)
}

function isDiskFull(error: unknown, message: string): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return (
    code === 'ENOSPC' ||
    code === 'EDQUOT' ||
    code === 'SQLITE_FULL' ||
    /no space left on device|disk is full/i.test(message)
  )
}

/** Rebuilds an error that crossed a process or thread as problem details. */
export function fromProblem(problem: Problem): EsteiraError {
  const code = isErrorCode(problem.code) ? problem.code : 'internal'
  const { where, found, allowed, nearest, next, problems } = problem
  return new EsteiraError(code, problem.detail, { where, found, allowed, nearest, next, problems })
}

/** One line a person can act on: what, where, found, allowed, nearest, next. */
export function describeProblem(problem: Problem): string {
  const parts = [problem.detail]
  if (problem.where) parts.push(`At: ${problem.where}.`)
  if (problem.found) parts.push(`Found: ${problem.found}.`)
  if (problem.allowed) parts.push(`Allowed: ${problem.allowed}.`)
  if (problem.nearest) parts.push(`Did you mean "${problem.nearest}"?`)
  if (problem.next) parts.push(problem.next)
  return parts.join(' ')
}

/** `file:line:column: message`, the form that editors make clickable. */
export function describeFileProblem(problem: FileProblem): string {
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(':')
  const at = problem.path ? ` (${problem.path})` : ''
  const expected = problem.expected ? ` Expected: ${problem.expected}.` : ''
  const found = problem.found ? ` Found: ${problem.found}.` : ''
  const nearest = problem.nearest ? ` Did you mean "${problem.nearest}"?` : ''
  return `${place}${at}: ${problem.message}${found}${expected}${nearest}`
}

/** The candidate closest to `name` by edit distance, if it is close enough to be a slip. */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  let best: { name: string; distance: number } | undefined
  const wanted = name.toLowerCase()
  for (const candidate of candidates) {
    const distance = editDistance(wanted, candidate.toLowerCase())
    if (best === undefined || distance < best.distance) best = { name: candidate, distance }
  }
  const limit = Math.max(2, Math.floor(name.length / 3))
  return best !== undefined && best.distance <= limit ? best.name : undefined
}

/** Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours count one each. */
export function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let distance = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + cost)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        distance = Math.min(distance, (beforePrevious[j - 2] ?? 0) + 1)
      }
      current.push(distance)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[b.length] ?? 0
}
