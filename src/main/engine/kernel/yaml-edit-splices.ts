/** The replacements of text that make one edit. Pure; that they do what they should is checked by who uses them. */
import type { CST } from 'yaml'
import type { Json } from '#shared/runs.ts'
import { type Container, findPath, type OpenYaml, type Place } from './yaml-edit-document.ts'
import {
  afterColon,
  afterDash,
  blockText,
  compactText,
  literalBlock,
  pairText,
  quotedText,
  textIn,
  type Written,
} from './yaml-edit-text.ts'
import {
  columnOf,
  type Entry,
  endOf,
  endOfEntry,
  endOfMark,
  lineEnd,
  lineStart,
  nextLine,
  type Splice,
  startOf,
  startOfEntry,
  startsLine,
} from './yaml-edit-tokens.ts'
import type { AnyEdit, EditPath } from './yaml-edit-value.ts'

/** None where the layout does not allow the edit. */
export function splicesFor(document: OpenYaml, edit: AnyEdit): Splice[] {
  const { containers, places } = findPath(document, edit.path)
  const place = places.length === edit.path.length ? places.at(-1) : undefined
  if (edit.kind === 'rename') return place === undefined ? [] : renameKey(place, edit.key)
  if (edit.kind === 'remove') return place === undefined ? [] : removeEntry(document, place, places.at(-2))
  if (place !== undefined) return replaceValue(document, place, edit.path, edit.value)
  const beside = edit.kind === 'insert' ? findPath(document, [...edit.path.slice(0, -1), edit.after]).places : []
  const after = beside.length === edit.path.length ? beside.at(-1)?.index : undefined
  return insert(document, containers, places, { ...edit, after })
}

function renameKey({ entry, parent }: Place, key: string): Splice[] {
  if (!entry.key || !('source' in entry.key)) return []
  const { type } = entry.key
  const quotes = { 'double-quoted-scalar': 'QUOTE_DOUBLE', 'single-quoted-scalar': 'QUOTE_SINGLE' }[String(type)]
  const text = quotedText(key, quotes, parent.isFlow ? 'flow' : 'key')
  return [{ from: startOf(entry.key), to: endOf(entry.key), text }]
}

/** A new entry in the last container of the path that exists, with all that is missing below it. */
function insert(
  document: OpenYaml,
  containers: readonly Container[],
  places: readonly Place[],
  { path, value, after }: { path: EditPath; value: Json; after: number | undefined },
): Splice[] {
  const depth = places.length
  const parent = containers.at(-1)
  if (containers.length === depth + 1 && parent !== undefined) {
    const inner = nested(path.slice(depth + 1), value)
    const entries = parent.entries.slice(0, after === undefined ? undefined : after + 1)
    if (entries.length > 0) return addEntry(document, { ...parent, entries }, path.slice(0, depth + 1), inner)
  }
  // What is there is empty: it is replaced by what holds the new entry.
  const place = places.at(-1)
  const whole = nested(path.slice(depth), value)
  if (place !== undefined) return replaceValue(document, place, path.slice(0, depth), whole)
  return writeRoot(document, parent?.token, whole)
}

function nested(path: EditPath, value: Json): Json {
  return path.reduceRight<Json>(
    (inner, part) => (typeof part === 'number' ? [inner] : Object.fromEntries([[part, inner]])),
    value,
  )
}

function writeRoot({ text, layout }: OpenYaml, empty: CST.Token | undefined, value: Json): Splice[] {
  const written = blockText(value, 0, [], layout)
  if (empty !== undefined) return [{ from: startOf(empty), to: endOf(empty), text: written }]
  const lead = text === '' || text === '\ufeff' || text.endsWith('\n') ? '' : layout.lineBreak
  return [{ from: text.length, to: text.length, text: `${lead}${written}${layout.lineBreak}` }]
}

/** Behind the last of the given entries of the container. */
function addEntry(document: OpenYaml, parent: Container, path: EditPath, value: Json): Splice[] {
  const { text, layout } = document
  const last = parent.entries.at(-1)
  if (parent.token.type === 'flow-collection') return addToFlow(document, parent, path, value)
  if (last === undefined) return []
  const at = endOfLines(text, endOfEntry(last), parent.indent)
  const lead = `${layout.lineBreak.repeat(isSpaced(text, parent.entries) ? 2 : 1)}${' '.repeat(parent.indent)}`
  if (parent.token.type === 'block-map') {
    const pair = pairText(String(path.at(-1)), value, parent.indent, path, layout)
    return [{ from: at, to: at, text: `${lead}${pair}` }]
  }
  const { inline, lines } = afterDash(value, parent.indent, path, layout)
  return [{ from: at, to: at, text: `${lead}-${inline === '' ? '' : ' '}${inline}${lines}` }]
}

/** The end of the lines of an entry, with the comments after it that stand deeper than the entry at `column`. */
function endOfLines(text: string, end: number, column: number): number {
  let at = lineEnd(text, end)
  for (let next = nextLine(text, at); next < text.length; next = nextLine(text, at)) {
    if (commentColumn(text, next) <= column) break
    at = lineEnd(text, next)
  }
  return at
}

/** Whether a blank line stands between the last two entries. */
function isSpaced(text: string, entries: readonly Entry[]): boolean {
  const [last, before] = [entries.at(-1), entries.at(-2)]
  if (last === undefined || before === undefined) return false
  return /\n[ \t]*\r?\n/.test(text.slice(endOfEntry(before), startOfEntry(last)))
}

function addToFlow({ text, layout }: OpenYaml, parent: Container, path: EditPath, value: Json): Splice[] {
  const [last, before] = [parent.entries.at(-1), parent.entries.at(-2)]
  if (last === undefined) return []
  const isMap = parent.token.type === 'flow-collection' && parent.token.start.source === '{'
  const written = isMap ? `${textIn(String(path.at(-1)), 'flow')}: ${compactText(value)}` : compactText(value)
  const end = endOfEntry(last)
  const start = startOfEntry(last)
  // Each entry on a line of its own: so is the new one.
  if (
    !startsLine(text, start) ||
    (before !== undefined && lineStart(text, startOfEntry(before)) === lineStart(text, start))
  ) {
    return [{ from: end, to: end, text: `, ${written}` }]
  }
  const rest = text.slice(end, lineEnd(text, end))
  const lineIsItsOwn = /^\s*,?\s*(#.*)?$/.test(rest)
  const at = lineIsItsOwn ? lineEnd(text, end) : end
  const line = `${layout.lineBreak}${' '.repeat(columnOf(text, start))}${written}`
  const hasComma = lineIsItsOwn && /^\s*,/.test(rest)
  if (hasComma) return [{ from: at, to: at, text: `${line},` }]
  return [
    { from: end, to: end, text: ',' },
    { from: at, to: at, text: line },
  ]
}

function replaceValue(document: OpenYaml, place: Place, path: EditPath, value: Json): Splice[] {
  const { text } = document
  const { entry } = place
  const written = writtenFor(document, place, path, value)
  const mark = endOfMark(entry)
  const old = entry.value
  if (old === undefined) return putAfter(text, mark, hasMark(place) ? ' ' : ': ', written)
  const [from, to] = [startOf(old), endOf(old)]
  const isBlock = old.type === 'block-map' || old.type === 'block-seq'
  const isOnLineOfMark = lineStart(text, from) === lineStart(text, mark)
  if (isBlock && !isOnLineOfMark) {
    // The lines below the key go; a comment beside the key stays.
    const below = { from: lineEnd(text, mark), to: lineEnd(text, to), text: written.lines }
    return written.inline === '' ? [below] : [{ from: mark, to: mark, text: ` ${written.inline}` }, below]
  }
  if (written.inline === '') return [{ from: mark, to, text: '' }, linesAfter(text, to, written)]
  if (written.lines === '') return [{ from, to, text: written.inline }]
  return [{ from, to, text: written.inline }, linesAfter(text, to, written)]
}

/** In a map without values, such as `{ a, b }`, the colon is missing too. */
function hasMark({ entry, parent }: Place): boolean {
  return parent.token.type === 'block-seq' || (entry.sep ?? []).some(({ type }) => type === 'map-value-ind')
}

function putAfter(text: string, mark: number, lead: string, written: Written): Splice[] {
  const splices = written.inline === '' ? [] : [{ from: mark, to: mark, text: `${lead}${written.inline}` }]
  return written.lines === '' ? splices : [...splices, linesAfter(text, mark, written)]
}

function linesAfter(text: string, offset: number, { lines }: Written): Splice {
  const at = lineEnd(text, offset)
  return { from: at, to: at, text: lines }
}

/** The new value in the form that the place and the old value suggest. */
function writtenFor({ text, layout }: OpenYaml, place: Place, path: EditPath, value: Json): Written {
  const { parent, entry, quotes } = place
  if (typeof value === 'string' && entry.value?.type === 'block-scalar' && !parent.isFlow) {
    const header = text.slice(startOf(entry.value), lineEnd(text, startOf(entry.value)))
    const comment = /\s+#.*$/.exec(header)?.[0] ?? ''
    const block = literalBlock(value, parent.indent + layout.step, layout, comment)
    if (block !== undefined) return block
  }
  if (typeof value === 'string' && (parent.isFlow || !value.includes('\n'))) {
    return { inline: quotedText(value, quotes, parent.isFlow ? 'flow' : 'block'), lines: '' }
  }
  if (parent.isFlow) return { inline: compactText(value), lines: '' }
  const write = parent.token.type === 'block-seq' ? afterDash : afterColon
  return write(value, parent.indent, path, layout)
}

function removeEntry(document: OpenYaml, place: Place, above: Place | undefined): Splice[] {
  const { text } = document
  const { parent, index } = place
  if (parent.entries.length === 1) return emptied(document, parent, above)
  if (!hasOwnLines(text, place)) return removeWithin(document, place)
  const before = parent.entries[index - 1]
  // Comments belong to the entry only down to what ends before it.
  const end = before === undefined ? above && endOfMark(above.entry) : endOfEntry(before)
  return removeLines(text, place, end === undefined ? 0 : nextLine(text, end))
}

/** The last entry goes: what held it stays, and is empty. */
function emptied(document: OpenYaml, { token, path }: Container, above: Place | undefined): Splice[] {
  const isList = token.type === 'block-seq' || (token.type === 'flow-collection' && token.start.source === '[')
  const empty = isList ? [] : {}
  if (above !== undefined) return replaceValue(document, above, path, empty)
  return [{ from: startOf(token), to: endOf(token), text: compactText(empty) }]
}

/** An entry that shares its line with the one before or after. */
function removeWithin({ text }: OpenYaml, { parent, index, entry }: Place): Splice[] {
  const from = startOfEntry(entry)
  const [before, after] = [parent.entries[index - 1], parent.entries[index + 1]]
  if (after === undefined)
    return before === undefined ? [] : [{ from: endOfEntry(before), to: endOfEntry(entry), text: '' }]
  const to = startOfEntry(after)
  // Below a dash, comments of the next key are left where they are.
  const keepsComments = parent.token.type !== 'flow-collection' && text.slice(endOfEntry(entry), to).includes('#')
  if (keepsComments)
    return [{ from: text.slice(0, from).trimEnd().length, to: lineEnd(text, endOfEntry(entry)), text: '' }]
  return [{ from, to, text: '' }]
}

/** The lines of the entry, the comment right above it, and comments at its end that stand deeper than the entry. */
function removeLines(text: string, { parent, index, entry }: Place, floor: number): Splice[] {
  const column = columnOf(text, startOfEntry(entry))
  const isHead = parent.path.length === 0 && index === 0
  let from = lineStart(text, startOfEntry(entry))
  while (!isHead && from > floor && commentColumn(text, lineStart(text, from - 1)) === column) {
    from = lineStart(text, from - 1)
  }
  const to = nextLine(text, endOfLines(text, endOfEntry(entry), column))
  return [withBlankLine(text, from, to, floor)]
}

/** Where the comment stands that the line holds; -1 where it holds none, or something else too. */
function commentColumn(text: string, start: number): number {
  const line = text.slice(start, lineEnd(text, start))
  return /^\s*#/.test(line) ? line.indexOf('#') : -1
}

/** Of two blank lines that would meet, one goes too; a text that did not end with a line break still does not. */
function withBlankLine(text: string, from: number, to: number, floor: number): Splice {
  const isBlank = (start: number) => text.slice(start, lineEnd(text, start)).trim() === ''
  const followsBlank = from > floor && isBlank(lineStart(text, from - 1))
  if (to < text.length) return { from, to: followsBlank && isBlank(to) ? nextLine(text, to) : to, text: '' }
  const start = followsBlank ? lineStart(text, from - 1) : from
  return { from: text.endsWith('\n') || start === 0 ? start : lineEnd(text, lineStart(text, start - 1)), to, text: '' }
}

/** Whether entry and comment have their lines to themselves, so that the lines can go. */
function hasOwnLines(text: string, { parent, entry }: Place): boolean {
  if (!startsLine(text, startOfEntry(entry))) return false
  if (parent.token.type !== 'flow-collection') return true
  const end = endOfEntry(entry)
  return /^\s*,?\s*(#.*)?$/.test(text.slice(end, lineEnd(text, end)))
}
