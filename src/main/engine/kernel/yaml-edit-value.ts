/** What edits mean for the value of a document, without its text. Pure. */
import { isDeepStrictEqual } from 'node:util'
import type { YamlEdit } from '#shared/pipelines.ts'
import type { Json } from '#shared/runs.ts'
import { EsteiraError } from './errors.ts'
import { isFilled, isMap } from './yaml-edit-text.ts'

export type EditPath = readonly (string | number)[]

/** A new key at a place of its own: behind the key `after`, or at the end where there is none such. */
export interface YamlInsert {
  readonly kind: 'insert'
  readonly path: (string | number)[]
  readonly value: Json
  readonly after: string
}

export type AnyEdit = YamlEdit | YamlInsert

/** The value at the path; undefined where there is none. */
export function valueAt(value: Json | undefined, path: EditPath): Json | undefined {
  let current = value
  for (const part of path) {
    if (Array.isArray(current)) current = typeof part === 'number' ? current[part] : undefined
    else if (isMap(current)) current = Object.hasOwn(current, String(part)) ? current[String(part)] : undefined
    else return undefined
  }
  return current
}

/** @throws EsteiraError `invalid-request` where the path leads nowhere, `conflict` where a new name is taken */
export function editValue(value: Json | undefined, edit: AnyEdit): Json {
  const plain = edit.kind === 'insert' ? { kind: 'set' as const, path: edit.path, value: edit.value } : edit
  if (edit.kind === 'insert' && valueAt(value, edit.path) !== undefined) throw isTaken(edit.path)
  return editAt(value, edit.path, plain, edit.path)
}

function editAt(value: Json | undefined, rest: EditPath, edit: YamlEdit, path: EditPath): Json {
  const [part, ...deeper] = rest
  if (part === undefined) return edit.kind === 'set' ? edit.value : (value ?? null)
  const isLast = deeper.length === 0
  if (value === undefined || value === null) {
    if (edit.kind !== 'set') throw nothingThere(path)
    const inner = editAt(undefined, deeper, edit, path)
    if (typeof part === 'string') return Object.fromEntries([[part, inner]])
    if (part !== 0) throw nothingThere(path)
    return [inner]
  }
  if (Array.isArray(value)) return editList(value, part, deeper, edit, path)
  if (!isMap(value)) throw nothingThere(path)
  const key = String(part)
  const exists = Object.hasOwn(value, key)
  if (edit.kind === 'set' || !isLast) {
    if (!exists && edit.kind !== 'set') throw nothingThere(path)
    const inner = editAt(exists ? value[key] : undefined, deeper, edit, path)
    const entries = Object.entries(value).map(([name, item]) => [name, name === key ? inner : item] as const)
    return Object.fromEntries(exists ? entries : [...entries, [key, inner] as const])
  }
  if (!exists) throw nothingThere(path)
  if (edit.kind === 'remove') return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key))
  return renamed(value, key, edit.key, path)
}

function editList(list: Json[], part: string | number, deeper: EditPath, edit: YamlEdit, path: EditPath): Json {
  const isLast = deeper.length === 0
  const highest = edit.kind === 'set' ? list.length : list.length - 1
  if (typeof part !== 'number' || part < 0 || part > highest) throw nothingThere(path)
  if (isLast && edit.kind === 'remove') return list.toSpliced(part, 1)
  if (isLast && edit.kind === 'rename') throw nothingThere(path)
  return list.toSpliced(part, 1, editAt(list[part], deeper, edit, path))
}

function renamed(map: Record<string, Json>, from: string, to: string, path: EditPath): Json {
  if (to !== from && Object.hasOwn(map, to)) throw isTaken([...path.slice(0, -1), to])
  return Object.fromEntries(Object.entries(map).map(([name, item]) => [name === from ? to : name, item]))
}

function isTaken(path: EditPath): EsteiraError {
  return new EsteiraError('conflict', `There is already a "${path.at(-1)}" in this place.`, {
    where: path.join('.'),
    next: 'Choose another name.',
  })
}

function nothingThere(path: EditPath): EsteiraError {
  return new EsteiraError('invalid-request', `The file has nothing to edit at "${path.join('.')}".`, {
    where: path.join('.'),
    next: 'Read the file again; it may have changed.',
  })
}

/** The same edit as changes of the smallest parts that differ, so that comments between the parts stay. */
export function smallEdits(value: Json | undefined, edit: AnyEdit): AnyEdit[] {
  if (edit.kind !== 'set') return [edit]
  const { path, value: wanted } = edit
  const found = valueAt(value, path)
  if (found !== undefined && isDeepStrictEqual(found, wanted)) return []
  if (!isFilled(found) || !isFilled(wanted) || found === undefined) return [edit]
  if (isMap(found) && isMap(wanted)) {
    const changed = Object.entries(wanted).flatMap(([key, item]) =>
      smallEdits(value, { kind: 'set', path: [...path, key], value: item }),
    )
    const gone = Object.keys(found).filter((key) => !Object.hasOwn(wanted, key))
    return [...changed, ...gone.map((key): YamlEdit => ({ kind: 'remove', path: [...path, key] }))]
  }
  return Array.isArray(found) && Array.isArray(wanted) ? listEdits(value, path, found, wanted) : [edit]
}

function listEdits(value: Json | undefined, path: EditPath, found: Json[], wanted: Json[]): AnyEdit[] {
  const gone = Math.max(0, found.length - wanted.length)
  // Where items are taken out, those after them are kept as they are rather than written anew.
  const same = wanted.findIndex((item, index) => !isDeepStrictEqual(item, found[index]))
  const from = gone === 0 || same === -1 ? wanted.length : sameFromBehind(found, wanted, same)
  const set = wanted
    .slice(0, from)
    .flatMap((item, index) => smallEdits(value, { kind: 'set', path: [...path, index], value: item }))
  const removed = Array.from({ length: gone }, (_, index): YamlEdit => {
    return { kind: 'remove', path: [...path, from + gone - 1 - index] }
  })
  return [...set, ...removed]
}

/** The index in `wanted` from which on the two lists end alike, at least `least`. */
function sameFromBehind(found: Json[], wanted: Json[], least: number): number {
  const offset = found.length - wanted.length
  let index = wanted.length
  while (index > least && isDeepStrictEqual(wanted[index - 1], found[index - 1 + offset])) index--
  return index
}
