/** The form of an import as what the engine takes, and a problem of the engine as a place in the form. Pure. */
import type { RouteBody } from '#shared/api.ts'
import type { Problem } from '#shared/errors.ts'
import type { Task } from '#shared/models.ts'

export interface ImportForm {
  readonly model: string
  readonly projectId: string
  readonly target: string
  /** Undefined: as the graph says. */
  readonly task: Task | undefined
  readonly classes: readonly string[]
  /** Names of columns, in the order of the matrix where there is one. */
  readonly inputs: readonly string[]
  /** Those of them that may be missing. */
  readonly missing: readonly string[]
  /** Empty: none moves. */
  readonly alias: string
}

type Body = NonNullable<RouteBody<'importModel'>>

/** What is left empty is not said, so that the graph says it. */
export function importBody(form: ImportForm, path: string): Body {
  const { projectId, target, task, classes, inputs, missing, alias } = form
  const said = {
    ...(target.trim() !== '' && { target: target.trim() }),
    ...(task !== undefined && { task }),
    ...(classes.length > 0 && { classes: [...classes] }),
    ...(inputs.length > 0 && {
      inputs: inputs.map((name) => ({ name, ...(missing.includes(name) && { required: false }) })),
    }),
  }
  return {
    path,
    projectId,
    ...(Object.keys(said).length > 0 && { signature: said }),
    promote: alias === '' ? false : alias,
    startedBy: 'ui',
  }
}

const places = ['inputs', 'classes', 'task', 'target'] as const
export type Place = (typeof places)[number]

/** The field that a problem speaks of, as the import names it (`signature.inputs.distance`); undefined for none. */
export function placeOf({ where }: Problem): Place | undefined {
  const [first, place] = where?.split('.') ?? []
  return first === 'signature' ? places.find((each) => each === place) : undefined
}

/** A name for the model, from that of its file: `My model (2).onnx` is `My-model-2`. */
export function modelNameFrom(file: string): string {
  return file
    .replace(/\.onnx$/i, '')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[._-]+|[._-]+$/g, '')
    .slice(0, 100)
}
