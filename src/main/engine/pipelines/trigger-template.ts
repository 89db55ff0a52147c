/** `${{ trigger.name }}` in the parameters of a trigger: what a run is told of the data or the run that started it. */
import type { FileProblem } from '#shared/errors.ts'
import type { Json, Parameters } from '#shared/runs.ts'
import { nearestName } from '../kernel/errors.ts'
import { ExpressionError, evaluateExpression, namesIn, parseExpression } from './expression.ts'
import type { TriggerEntry, TriggerSpec } from './trigger-spec.ts'

/** What a trigger can say, and which conditions say it. */
const valueKinds = {
  /** The newest rows of a dataset with a time column: from this time on … */
  from: ['new-data'],
  /** … and before this one. */
  to: ['new-data'],
  /** How many rows are new. */
  rows: ['new-data'],
  /** New or changed files, where the dataset has no time column. */
  files: ['new-data'],
  /** The run of the other pipeline. */
  run: ['after'],
  /** The alert that is open, by its id. */
  alert: ['alert'],
  /** The reading of a monitor that is beyond the limit, by its id. */
  reading: ['drift', 'performance'],
  /** The time that a schedule was due, as ISO 8601 text. */
  plannedAt: ['schedule'],
} as const satisfies Record<string, readonly string[]>
export type TriggerValueName = keyof typeof valueKinds
export type TriggerValues = Readonly<Partial<Record<TriggerValueName, Json>>>

const placeholder = /\$\{\{(.*?)\}\}/gs
const names = Object.keys(valueKinds)

type Details = Omit<FileProblem, 'file' | 'line' | 'column' | 'path'>

/** Placeholders that cannot be read, or that name what no condition of the trigger can say. */
export function triggerTemplateProblems(
  trigger: TriggerSpec,
  report: (path: readonly (string | number)[], details: Details) => FileProblem,
): FileProblem[] {
  const kinds = new Set(kindsIn(trigger))
  return Object.entries(trigger.parameters).flatMap(([parameter, value]) =>
    sourcesIn(value).flatMap((source) =>
      sourceProblems(source, kinds).map((details) => report(['parameters', parameter], details)),
    ),
  )
}

function sourceProblems(source: string, kinds: ReadonlySet<string>): Details[] {
  try {
    return namesIn(parseExpression(source)).flatMap(([root, name = '']): Details[] => {
      const found = [root, name].join('.')
      if (root !== 'trigger' || !isValueName(name)) {
        const nearest = nearestName(
          found,
          names.map((known) => `trigger.${known}`),
        )
        const expected = names.map((known) => `trigger.${known}`).join(', ')
        return [
          { message: `"${found}" is not known here.`, found, expected, ...(nearest !== undefined && { nearest }) },
        ]
      }
      if (valueKinds[name].some((kind) => kinds.has(kind))) return []
      const message = `"${found}" is known only to a trigger with the condition "${valueKinds[name].join('" or "')}".`
      return [{ message, found }]
    })
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    return [{ message: `The expression "${source.trim()}" cannot be read: ${error.message}.`, found: source }]
  }
}

function kindsIn(entry: TriggerEntry): string[] {
  return [...Object.keys(entry), ...[...(entry.all ?? []), ...(entry.any ?? [])].flatMap(kindsIn)]
}

function isValueName(name: string): name is TriggerValueName {
  return Object.hasOwn(valueKinds, name)
}

function sourcesIn(value: Json): string[] {
  if (typeof value === 'string') return [...value.matchAll(placeholder)].map(([, source = '']) => source)
  if (Array.isArray(value)) return value.flatMap(sourcesIn)
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(sourcesIn) : []
}

/**
 * The parameters of a run. A parameter that names what is not known this time is left out: the pipeline's own default
 * stays, as when another condition of an `any` started the run.
 */
export function fillTriggerParameters(parameters: Parameters, values: TriggerValues): Parameters {
  const known = Object.entries(parameters).filter(([, value]) =>
    sourcesIn(value).every((source) =>
      namesIn(parseExpression(source)).every(([, name = '']) => isValueName(name) && values[name] !== undefined),
    ),
  )
  return Object.fromEntries(known.map(([name, value]) => [name, fill(value, { trigger: { ...values } })]))
}

function fill(value: Json, scope: Json): Json {
  if (Array.isArray(value)) return value.map((item) => fill(item, scope))
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, scope)]))
  }
  if (typeof value !== 'string') return value
  const evaluate = (source: string) => evaluateExpression(parseExpression(source), scope)
  const [only, ...others] = value.matchAll(placeholder)
  // A text that is one placeholder takes the type of what it stands for.
  if (only !== undefined && others.length === 0 && only[0] === value.trim()) return evaluate(only[1] ?? '')
  return value.replaceAll(placeholder, (_, source: string) => {
    const filled = evaluate(source)
    return typeof filled === 'string' ? filled : JSON.stringify(filled)
  })
}
