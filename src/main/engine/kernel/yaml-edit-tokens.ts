/** Where the parts of a YAML document stand in its text, by the tokens that the parser kept. Pure. */
import type { CST } from 'yaml'

/** One replacement of a part of a text. */
export interface Splice {
  readonly from: number
  readonly to: number
  readonly text: string
}

/** A key with its value, or an item of a list, as the tokens that it was read from. */
export interface Entry {
  readonly start: readonly CST.SourceToken[]
  readonly key?: CST.Token | null
  readonly sep?: readonly CST.SourceToken[]
  readonly value?: CST.Token
}

/** @param splices that do not overlap; those at the same place are put in in the given order */
export function applySplices(text: string, splices: readonly Splice[]): string {
  let result = ''
  let position = 0
  for (const { from, to, text: part } of splices.toSorted((a, b) => a.from - b.from)) {
    result += text.slice(position, from) + part
    position = Math.max(position, to)
  }
  return result + text.slice(position)
}

export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1
}

/** Where the line ends, before its line break. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset)
  if (end === -1) return text.length
  return end > offset && text[end - 1] === '\r' ? end - 1 : end
}

/** Where the line after starts; the end of the text after the last one. */
export function nextLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset)
  return end === -1 ? text.length : end + 1
}

export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset)
}

/** Whether nothing but blanks stands before the place on its line. */
export function startsLine(text: string, offset: number): boolean {
  return text.slice(lineStart(text, offset), offset).trim() === ''
}

const layout: ReadonlySet<string> = new Set(['space', 'comment', 'newline', 'comma'])

function isMeaningful(token: CST.SourceToken): boolean {
  return !layout.has(token.type)
}

/** The entries of a collection without those that hold only comments or a last comma. */
export function entriesOf(token: CST.Token): Entry[] {
  if (token.type !== 'block-map' && token.type !== 'block-seq' && token.type !== 'flow-collection') return []
  return token.items.filter((item) => item.key || item.value || [...item.start, ...(item.sep ?? [])].some(isMeaningful))
}

/** Where the entry starts: its key, dash, or anchor. */
export function startOfEntry(entry: Entry): number {
  const first = entry.start.find(isMeaningful) ?? entry.key ?? entry.sep?.find(isMeaningful) ?? entry.value
  return first === undefined ? 0 : startOf(first)
}

/** Where a value starts, without its anchor and tag. */
export function startOf(token: CST.Token): number {
  const [first] = entriesOf(token)
  if (token.type === 'flow-collection' || first === undefined) return token.offset
  return startOfEntry(first)
}

/** Where the last sign of the entry ends: comments and blank lines after it do not count. */
export function endOfEntry(entry: Entry): number {
  return entry.value === undefined ? endOfMark(entry) : endOf(entry.value)
}

/** Where the colon of a key or the dash of an item ends, with the anchor and tag of the value. */
export function endOfMark(entry: Entry): number {
  const marks = [...(entry.sep ?? [])].filter(isMeaningful)
  const last = marks.at(-1)
  if (last !== undefined) return last.offset + last.source.length
  if (entry.key) return endOf(entry.key)
  const dash = entry.start.filter(isMeaningful).at(-1)
  return dash === undefined ? 0 : dash.offset + dash.source.length
}

export function endOf(token: CST.Token): number {
  switch (token.type) {
    case 'block-map':
    case 'block-seq': {
      const last = entriesOf(token).at(-1)
      return last === undefined ? token.offset : endOfEntry(last)
    }
    case 'flow-collection': {
      const bracket = token.end.find(isMeaningful)
      return bracket === undefined ? token.offset + 1 : bracket.offset + bracket.source.length
    }
    case 'block-scalar':
      return endOfBlockScalar(token)
    case 'document':
      return token.offset
    default:
      return token.offset + token.source.length
  }
}

/** Before the line break of its last line. Blank lines after it count only where its header keeps them. */
function endOfBlockScalar(token: CST.BlockScalar): number {
  const header = token.props.map((part) => ('source' in part ? part.source : '')).join('')
  const keeps = /^[|>]\d*\+/.test(header)
  const body = keeps ? token.source.replace(/\r?\n$/, '') : token.source.trimEnd()
  const headerEnd = body === '' ? header.trimEnd() : header
  return token.offset + headerEnd.length + body.length
}
