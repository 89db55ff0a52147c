import type { LogLine } from '#shared/runs.ts'

const levels = ['debug', 'info', 'warning', 'error'] as const
export type LogLevel = LogLine['level']
export { levels as logLevels }

/** The lines of a step, from a level on. */
export function filterLog(lines: readonly LogLine[], step: string | undefined, level: LogLevel): readonly LogLine[] {
  const least = levels.indexOf(level)
  if (step === undefined && least === 0) return lines
  return lines.filter((line) => (step === undefined || line.step === step) && levels.indexOf(line.level) >= least)
}

/** Which lines hold the text; upper and lower case are the same. */
export function findLines(lines: readonly LogLine[], text: string): number[] {
  const sought = text.toLowerCase()
  if (sought.trim() === '') return []
  return lines.flatMap((line, index) => (line.text.toLowerCase().includes(sought) ? [index] : []))
}

/** The text in pieces, every second of them a match. */
export function splitMatches(text: string, sought: string): string[] {
  if (sought.trim() === '') return [text]
  // Escaped by hand: the oldest browser that is served has no RegExp.escape.
  const pattern = new RegExp(`(${sought.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')})`, 'gi')
  return text.split(pattern)
}

/** The match after or before the one at `current`, around the ends. */
export function stepMatch(count: number, current: number, by: 1 | -1): number {
  return count === 0 ? 0 : (current + by + count) % count
}

/** One line each, as a file to keep: the instant in UTC, the level, the step, the text. */
export function logText(lines: readonly LogLine[]): string {
  return lines
    .map(({ at, level, step, text }) => `${new Date(at).toISOString()} ${level.padEnd(7)} ${step}: ${text}\n`)
    .join('')
}
