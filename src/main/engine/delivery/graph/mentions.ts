/** Whether a text or an option mentions a name as a word of its own. Pure; SQL is not parsed, so it errs towards yes. */
import type { Json } from '#shared/runs.ts'

/** As a bare word or in quotes, in any case: SQL does not tell them apart. */
export function mentions(text: string, name: string): boolean {
  const word = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`(?<![\\p{L}\\p{N}_])${word}(?![\\p{L}\\p{N}_])`, 'iu').test(text)
}

/** The paths of the options that name it, e.g. `with.slices.0`. Keys count as well: options may be by column. */
export function optionsMentioning(value: Json, name: string, path: readonly string[] = []): string[] {
  if (typeof value === 'string') return mentions(value, name) ? [path.join('.')] : []
  if (value === null || typeof value !== 'object') return []
  const entries = Array.isArray(value)
    ? value.map((each, index) => [String(index), each] as const)
    : Object.entries(value)
  return entries.flatMap(([key, each]) => {
    const below = optionsMentioning(each, name, [...path, key])
    return !Array.isArray(value) && key === name ? [[...path, key].join('.'), ...below] : below
  })
}
