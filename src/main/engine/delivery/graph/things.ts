/** What a person may name of the lineage, and the one full name that each thing has. Pure. */
import { EsteiraError } from '../../kernel/errors.ts'

export type Thing =
  | { readonly kind: 'dataset' | 'feature-view' | 'pipeline'; readonly projectId: string; readonly name: string }
  | { readonly kind: 'column'; readonly projectId: string; readonly dataset: string; readonly column: string }
  | { readonly kind: 'file'; readonly projectId: string; readonly path: string }
  | { readonly kind: 'run'; readonly id: string }
  | { readonly kind: 'step'; readonly runId: string; readonly step: string }
  | { readonly kind: 'artifact'; readonly hash: string }
  | { readonly kind: 'version'; readonly model: string; readonly version: number }
  | { readonly kind: 'endpoint'; readonly name: string }

/** As written: the project may be left open, an alias is not looked up yet, a hash may be its beginning. */
export type NamedThing =
  | { readonly kind: 'dataset' | 'feature-view' | 'pipeline'; readonly project?: string; readonly name: string }
  | { readonly kind: 'column'; readonly project?: string; readonly dataset: string; readonly column: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'run'; readonly id: string }
  | { readonly kind: 'step'; readonly runId: string; readonly step: string }
  | { readonly kind: 'artifact'; readonly hash: string }
  | { readonly kind: 'version'; readonly reference: string }
  | { readonly kind: 'endpoint'; readonly name: string }

export function thingId(thing: Thing): string {
  switch (thing.kind) {
    case 'dataset':
    case 'feature-view':
    case 'pipeline':
      return `${thing.kind}:${thing.projectId}/${thing.name}`
    case 'column':
      return `column:${thing.projectId}/${thing.dataset}.${thing.column}`
    case 'file':
      return `file:${thing.projectId}/${thing.path}`
    case 'run':
      return `run:${thing.id}`
    case 'step':
      return `step:${thing.runId}/${thing.step}`
    case 'artifact':
      return `artifact:${thing.hash}`
    case 'version':
      return `version:${thing.model}/${thing.version}`
    case 'endpoint':
      return `endpoint:${thing.name}`
  }
}

const forms = [
  'model/3',
  'model@alias',
  'run:<id>',
  'step:<run>/<step>',
  'artifact:<hash>',
  'dataset:flights',
  'column:flights.distance',
  'file:data/flights.csv',
  'feature-view:<name>',
  'pipeline:<name>',
  'endpoint:<name>',
]

const runIdForm = /^[0-9a-hjkmnp-tv-z]{20}$/
const hashForm = /^[0-9a-f]{8,64}$/

/** @throws EsteiraError `invalid-request` with the forms there are */
export function parseThing(text: string): NamedThing {
  const named = withPrefix(text) ?? withoutPrefix(text)
  if (named !== undefined) return named
  throw new EsteiraError('invalid-request', 'The text names nothing that lineage knows.', {
    found: text,
    allowed: forms.join(', '),
  })
}

function withPrefix(text: string): NamedThing | undefined {
  const { kind, rest = '' } = /^(?<kind>[a-z-]+):(?<rest>.+)$/s.exec(text)?.groups ?? {}
  switch (kind) {
    case 'dataset':
    case 'pipeline':
      return { kind, ...qualified(rest) }
    case 'feature-view':
    case 'view':
      return { kind: 'feature-view', ...qualified(rest) }
    case 'column':
      return columnOf(rest)
    case 'file':
      return { kind: 'file', path: rest }
    case 'run':
      return { kind: 'run', id: rest }
    case 'step': {
      const at = rest.indexOf('/')
      return at < 1 ? undefined : { kind: 'step', runId: rest.slice(0, at), step: rest.slice(at + 1) }
    }
    case 'artifact':
      return hashForm.test(rest) ? { kind: 'artifact', hash: rest } : undefined
    case 'version':
    case 'model':
      return /[@/]/.test(rest) ? { kind: 'version', reference: rest } : undefined
    case 'endpoint':
      return { kind: 'endpoint', name: rest }
    default:
      return undefined
  }
}

function withoutPrefix(text: string): NamedThing | undefined {
  if (/^[^@/\s]+(@[^@/\s]+|\/[1-9]\d*)$/.test(text)) return { kind: 'version', reference: text }
  // The id of a run begins with the time, so that it never looks like the beginning of a hash alone.
  if (runIdForm.test(text) && !/^[0-9a-f]{20}$/.test(text)) return { kind: 'run', id: text }
  if (hashForm.test(text)) return text.length === 20 ? { kind: 'run', id: text } : { kind: 'artifact', hash: text }
  return undefined
}

function qualified(text: string): { project?: string; name: string } {
  const at = text.indexOf('/')
  return at < 1 ? { name: text } : { project: text.slice(0, at), name: text.slice(at + 1) }
}

/** A dataset has no dot in front of its column: the first one parts them, unless the dataset's name holds one itself. */
function columnOf(text: string): NamedThing | undefined {
  const { project, name } = qualified(text)
  const at = name.indexOf('.')
  if (at < 1 || at === name.length - 1) return undefined
  const column = { kind: 'column', dataset: name.slice(0, at), column: name.slice(at + 1) } as const
  return project === undefined ? column : { ...column, project }
}
