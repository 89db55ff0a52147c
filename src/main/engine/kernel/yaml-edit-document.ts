/** A YAML text with its value and the tokens of its parts, ready to be edited. */
import { type CST, type Document, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import { type Json, jsonSchema } from '#shared/runs.ts'
import { EsteiraError } from './errors.ts'
import { isFlat, type Layout } from './yaml-edit-text.ts'
import { columnOf, type Entry, entriesOf, startOf } from './yaml-edit-tokens.ts'
import type { EditPath } from './yaml-edit-value.ts'

export interface OpenYaml {
  readonly text: string
  /** Undefined where the text holds only comments. */
  readonly value: Json | undefined
  readonly document: Document.Parsed
  readonly layout: Layout
}

/** A map or list in the text. */
export interface Container {
  readonly path: EditPath
  readonly token: CST.Token
  readonly entries: readonly Entry[]
  /** Inside `{ }` or `[ ]`, its own included. */
  readonly isFlow: boolean
  readonly isInFlow: boolean
  /** Column of its entries. */
  readonly indent: number
}

/** An entry of a container. */
export interface Place {
  readonly parent: Container
  readonly index: number
  readonly entry: Entry
  /** How the value is quoted, if it is a text or number: a kind of scalar of the parser. */
  readonly quotes: string | undefined
}

export interface Found {
  /** From the root to the last that exists. Empty: the text holds nothing yet. */
  readonly containers: readonly Container[]
  /** The places on the way, the last one for the whole path if that exists. */
  readonly places: readonly Place[]
}

/** @throws EsteiraError `conflict` where the text is not one YAML document */
export function openYaml(text: string): OpenYaml {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, {
    keepSourceTokens: true,
    stringKeys: true,
    uniqueKeys: true,
    prettyErrors: false,
    lineCounter,
  })
  const [error] = document.errors
  if (error !== undefined) {
    const { line, col } = lineCounter.linePos(error.pos[0])
    throw notReadable(`line ${line}, column ${col}`, error)
  }
  try {
    const value = document.contents === null ? undefined : jsonSchema.parse(document.toJS({ maxAliasCount: 100 }))
    const isEmpty = isScalar(document.contents) && document.contents.range?.[0] === document.contents.range?.[1]
    return { text, value: isEmpty ? undefined : value, document, layout: layoutOf(text, document) }
  } catch (cause) {
    throw notReadable('', cause)
  }
}

function notReadable(where: string, cause: unknown): EsteiraError {
  return new EsteiraError('conflict', 'The file cannot be edited in parts, as its YAML cannot be read.', {
    ...(where !== '' && { where }),
    found: cause instanceof Error ? cause.message : String(cause),
    next: 'Mend the text first.',
    cause,
  })
}

/** Follows the path as far as the document goes. */
export function findPath({ text, document }: OpenYaml, path: EditPath): Found {
  const containers: Container[] = []
  const places: Place[] = []
  let node: unknown = document.contents
  for (let depth = 0; depth <= path.length; depth++) {
    const parent = containerOf(text, node, path.slice(0, depth), containers.at(-1)?.isFlow ?? false)
    if (parent === undefined) break
    containers.push(parent)
    const part = path[depth]
    if (part === undefined) break
    const child = childOf(node, part)
    const entry = child === undefined ? undefined : parent.entries[child.index]
    if (child === undefined || entry === undefined) break
    node = child.node
    places.push({ parent, index: child.index, entry, quotes: isScalar(node) ? (node.type ?? undefined) : undefined })
  }
  return { containers, places }
}

function childOf(node: unknown, part: string | number): { index: number; node: unknown } | undefined {
  if (isMap(node)) {
    const index = node.items.findIndex((pair) => keyOf(pair.key) === String(part))
    return index === -1 ? undefined : { index, node: node.items[index]?.value }
  }
  if (!isSeq(node) || typeof part !== 'number' || part >= node.items.length) return undefined
  return { index: part, node: node.items[part] }
}

function keyOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : ''
}

function containerOf(text: string, node: unknown, path: EditPath, isInFlow: boolean): Container | undefined {
  if (!isMap(node) && !isSeq(node)) return undefined
  const token = node.srcToken
  // What an alias stands for, or a pair inside [ ], has no tokens of its own.
  if (token === undefined) return undefined
  const isFlow = isInFlow || token.type === 'flow-collection'
  return { path, token, entries: entriesOf(token), isFlow, isInFlow, indent: columnOf(text, startOf(token)) }
}

type Style = 'flow' | 'block'

/** The habits of the text: what new parts of it follow. */
function layoutOf(text: string, document: Document.Parsed): Layout {
  const byKey = new Map<string, Style>()
  const byParent = new Map<string, Style>()
  let step: number | undefined
  function look(node: unknown, path: EditPath, parentIndent: number | undefined): void {
    const container = containerOf(text, node, path, false)
    if (container === undefined) return
    const style = container.token.type === 'flow-collection' ? 'flow' : 'block'
    const key = path.at(-1)
    if (container.entries.length > 0) {
      // One line of its own somewhere is enough: what does not fit is written in several anyway.
      if (typeof key === 'string' && byKey.get(key) !== 'flow') byKey.set(key, style)
      if (path.length > 0) byParent.set(parentOf(path), style)
    }
    if (style === 'flow') return
    if (isMap(node) && parentIndent !== undefined) step ??= container.indent - parentIndent
    if (isMap(node)) {
      for (const pair of node.items) look(pair.value, [...path, keyOf(pair.key)], container.indent)
    } else if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) look(item, [...path, index], undefined)
    }
  }
  look(document.contents, [], undefined)
  return {
    lineBreak: text.includes('\r\n') ? '\r\n' : '\n',
    step: step !== undefined && step > 0 ? step : 2,
    isCompact(path, value) {
      const key = path.at(-1)
      const style = (typeof key === 'string' ? byKey.get(key) : undefined) ?? byParent.get(parentOf(path))
      if (style !== undefined) return style === 'flow'
      return isFlat(value) && (Array.isArray(value) || path.length > 2)
    },
  }
}

function parentOf(path: EditPath): string {
  return JSON.stringify(path.slice(0, -1))
}
