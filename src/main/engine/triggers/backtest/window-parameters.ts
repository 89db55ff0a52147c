/** Which parameters of a pipeline say what span of time it reads. Pure. */
import type { MatrixSettings, Span } from '#shared/backtest.ts'
import type { Parameters } from '#shared/runs.ts'
import { EsteiraError, nearestName } from '../../kernel/errors.ts'

type Window = MatrixSettings['window']

/** Pairs of names that people use, the likeliest first. */
const usualNames = [
  ['from', 'to'],
  ['start', 'end'],
  ['since', 'until'],
  ['begin', 'end'],
  ['from', 'until'],
  ['after', 'before'],
] as const

const day = /^\d{4}-\d{2}-\d{2}$/
const instant = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/

/** By their names, or as the only two dates: the earlier is the start. Undefined where that does not tell. */
export function inferWindow(parameters: Parameters): Window | undefined {
  const dates = Object.entries(parameters).flatMap(([name, value]) => (isDate(value) ? [{ name, value }] : []))
  for (const [from, to] of usualNames) {
    const [first, last] = [named(dates, from), named(dates, to)]
    if (first !== undefined && last !== undefined) return { from: first, to: last }
  }
  const [first, last, ...more] = dates.sort((a, b) => a.value.localeCompare(b.value))
  if (first === undefined || last === undefined || more.length > 0) return undefined
  return { from: first.name, to: last.name }
}

/** `from` itself, or `trainFrom`, `train_from`, `from-date`. */
function named(dates: readonly { readonly name: string }[], word: string): string | undefined {
  const exact = dates.find(({ name }) => name.toLowerCase() === word)
  return (exact ?? dates.find(({ name }) => wordsOf(name).includes(word)))?.name
}

function wordsOf(name: string): string[] {
  return name
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-')
    .toLowerCase()
    .split(/[-_]/)
}

function isDate(value: unknown): value is string {
  return typeof value === 'string' && (day.test(value) || instant.test(value))
}

/** @throws EsteiraError `parameter-invalid` for one that the pipeline does not have */
export function checkWindow(window: Window, parameters: Parameters): void {
  const known = Object.keys(parameters)
  for (const [part, name] of Object.entries(window)) {
    if (known.includes(name)) continue
    throw new EsteiraError('parameter-invalid', `The pipeline has no parameter "${name}".`, {
      where: `window.${part}`,
      found: name,
      allowed: known.join(', ') || 'the pipeline has no parameters',
      nearest: nearestName(name, known),
      next: 'Name the parameters that say from when and to when the pipeline reads rows.',
    })
  }
}

/** The parameters that make the pipeline read a span, dates in the form that it has them by default. */
export function windowValues(window: Window, span: Pick<Span, 'from' | 'to'>, defaults: Parameters): Parameters {
  return {
    ...defaults,
    [window.from]: inFormOf(defaults[window.from], span.from),
    [window.to]: inFormOf(defaults[window.to], span.to),
  }
}

function inFormOf(usual: unknown, date: string): string {
  if (typeof usual !== 'string' || !instant.test(usual)) return date
  const separator = usual.charAt(10)
  return `${date}${separator}00:00:00${usual.endsWith('Z') ? 'Z' : ''}`
}
