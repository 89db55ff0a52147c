/** Forms of text that are told from the values: well-known ones, and codes that are all built alike. Pure. */
import { sentence } from '#shared/sentences.ts'
import type { ColumnStatistics } from '#shared/statistics.ts'

interface Semantic {
  /** What each value is, e.g. `an e-mail address`. */
  readonly words: string
  /** For the whole value; the same to DuckDB's RE2 and here. */
  readonly pattern: string
}

/** The most specific first. Each can be matched in time linear to the text. */
const known: readonly Semantic[] = [
  {
    words: sentence('a-uuid', {}),
    pattern: '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}',
  },
  { words: sentence('ipv4-address', {}), pattern: '[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}' },
  { words: sentence('web-address', {}), pattern: 'https?://[^ ]+' },
  { words: sentence('e-mail-address', {}), pattern: '[^@ ]+@[^@ ]+' },
]
/** So many different values are needed to tell a form from chance. */
const minValues = 5
const minCodes = 20
const maxCodeLength = 20
/** What is longer is not looked at. */
const maxLength = 500

/** The well-known form that every value has; undefined too where the statistics do not hold every value. */
export function semanticOf(column: ColumnStatistics): Semantic | undefined {
  const values = everyValue(column)
  if (values === undefined || values.length < minValues) return undefined
  return known.find(({ pattern }) => {
    const form = new RegExp(`^${pattern}$`, 'u')
    return values.every((value) => value.length <= maxLength && form.test(value))
  })
}

/** A pattern that every value matches, where they are of a well-known form or codes such as `AB-1234`. */
export function patternOf(column: ColumnStatistics): string | undefined {
  return semanticOf(column)?.pattern ?? codePattern(everyValue(column) ?? [])
}

function everyValue({ type, distinct, categorical }: ColumnStatistics): string[] | undefined {
  if (type !== 'text' || categorical === undefined || categorical.topValues.length !== distinct) return undefined
  return categorical.topValues.map(({ value }) => value)
}

const classes = [
  { name: '[0-9]', form: /^[0-9]$/ },
  { name: '[A-Z]', form: /^[A-Z]$/ },
  { name: '[a-z]', form: /^[a-z]$/ },
  { name: '[A-Z0-9]', form: /^[A-Z0-9]$/ },
]

function codePattern(values: readonly string[]): string | undefined {
  const [first = ''] = values
  const { length } = first
  if (values.length < minCodes || length === 0 || length > maxCodeLength) return undefined
  if (!values.every((value) => value.length === length && /^[\x21-\x7e]+$/.test(value))) return undefined
  const parts = Array.from({ length }, (_, at) => partAt(values, at))
  // Constants alone are no form, and one character that fits nothing makes none.
  if (parts.includes(undefined) || parts.every((part) => !part?.startsWith('['))) return undefined
  return runsOf(parts.flatMap((part) => part ?? []))
}

function partAt(values: readonly string[], at: number): string | undefined {
  const characters = new Set(values.map((value) => value.charAt(at)))
  const [only = ''] = characters
  if (characters.size === 1 && /^[-_/.: #]$/.test(only)) return only === '.' ? '\\.' : only
  return classes.find(({ form }) => [...characters].every((character) => form.test(character)))?.name
}

/** `[A-Z]`, `[A-Z]`, `-` as `[A-Z]{2}-`. */
function runsOf(parts: readonly string[]): string {
  let pattern = ''
  for (let start = 0; start < parts.length; ) {
    const part = parts[start] ?? ''
    let end = start + 1
    while (end < parts.length && parts[end] === part) end++
    pattern += end - start === 1 ? part : `${part}{${end - start}}`
    start = end
  }
  return pattern
}
