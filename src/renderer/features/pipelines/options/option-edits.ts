/** Edits that keep the file tidy, and follow names through it. Pure. */
import type { DraftStep, PipelineEdit } from '#shared/pipelines.ts'
import type { Json } from '#shared/runs.ts'

type Path = readonly (string | number)[]

/** Takes options out, and `with` as a whole where none is left in it. */
export function removalsOf(step: DraftStep, paths: readonly Path[], others = false): PipelineEdit[] {
  const gone = new Set(paths.flatMap((path) => (path.length === 1 ? [String(path[0])] : [])))
  const left = Object.keys(step.options).filter((name) => !gone.has(name))
  const within = ['steps', step.name, 'with']
  if (!others && left.length === 0 && gone.size > 0) return [{ kind: 'remove', path: within }]
  return paths.map((path) => ({ kind: 'remove', path: [...within, ...path] }))
}

/** Gives a parameter another name, in every option and condition that reads it too. */
export function renameParameter(steps: readonly DraftStep[], name: string, newName: string): PipelineEdit[] {
  const reader = new RegExp(`\\bparams\\.${escapeRegExp(name)}(?![\\p{L}\\p{N}_-])`, 'gu')
  const renamed = (text: string) => text.replaceAll(reader, `params.${newName}`)
  const inExpressions = (text: string) => text.replaceAll(/\$\{\{.*?\}\}/gs, renamed)
  const edits = steps.flatMap((step) => {
    const options = textsIn(step.options).map(([path, text]) => [['with', ...path], text, inExpressions(text)] as const)
    const when = step.when === null ? [] : [[['when'], step.when, renamed(step.when)] as const]
    return [...options, ...when].flatMap(([path, before, after]): PipelineEdit[] =>
      before === after ? [] : [{ kind: 'set', path: ['steps', step.name, ...path], value: after }],
    )
  })
  return [{ kind: 'rename', path: ['parameters', name], key: newName }, ...edits]
}

/** Every text inside a value, with its path. */
function textsIn(value: Json, path: Path = []): [Path, string][] {
  if (typeof value === 'string') return [[path, value]]
  if (value === null || typeof value !== 'object') return []
  const parts: [string | number, Json][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return parts.flatMap(([key, part]) => textsIn(part, [...path, key]))
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** What a person typed as the value of a new parameter: a number, true or false, else a text. */
export function valueOfText(text: string): Json {
  const trimmed = text.trim()
  if (trimmed === 'true' || trimmed === 'false') return trimmed === 'true'
  const number = Number(trimmed)
  return trimmed !== '' && Number.isFinite(number) ? number : text
}

/** A number at the top level of a pipeline file, such as its seed; undefined where the file does not say it plainly. */
export function topLevelNumber(text: string, key: string): number | undefined {
  const match = new RegExp(`^${escapeRegExp(key)}:[ \\t]+(\\d+)[ \\t]*(?:#.*)?$`, 'mu').exec(text)
  return match === null ? undefined : Number(match[1])
}
