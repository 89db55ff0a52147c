/**
 * JSON.parse of a large text, in steps. The text is gone through once; pieces of it, cut where elements of a list or members
 * of an object end, are parsed by the engine's own parser, so that what is valid and what it means is the same.
 */
import type { Steps } from '../kernel/turns.ts'

/** The value of a JSON text. @throws where it is not valid */
type ParsePiece = (text: string) => unknown

/** So many bytes are parsed at once: less than half a millisecond. */
const defaultPieceBytes = 32 * 1024
/** No request nests deeper: what does is not cut further. */
const maxCutDepth = 16

const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a]
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d]
const isStructural = new Uint8Array(256)
for (const byte of [quote, comma, colon, openList, closeList, openObject, closeObject]) isStructural[byte] = 1
const isSpace = new Uint8Array(256)
for (const byte of [0x20, 0x09, 0x0a, 0x0d]) isSpace[byte] = 1

/** @param bytes UTF-8 @param parse refuses keys that would change a prototype; so does this */
export function* parseInSteps(bytes: Buffer, parse: ParsePiece, pieceBytes = defaultPieceBytes): Steps<unknown> {
  const start = skipSpace(bytes, startsWithMark(bytes) ? byteOrderMark.length : 0)
  const first = bytes[start]
  if (first !== openList && first !== openObject) return parse(bytes.toString('utf8'))
  return yield* new Cutter(bytes, parse, pieceBytes).run(start)
}

const byteOrderMark = Buffer.from('\u{feff}')

function startsWithMark(bytes: Buffer): boolean {
  return bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark)
}

/** A list or object that is open where the cutter is. */
interface Open {
  /** Where its bracket is. */
  from: number
  /** Its last comma so far, or its bracket. */
  comma: number
  /** The last key so far, quotes included; before `comma` where the member that began last has none yet. */
  keyFrom: number
  keyTo: number
}

type Container = unknown[] | Record<string, unknown>

class Cutter {
  readonly #bytes: Buffer
  readonly #parse: ParsePiece
  readonly #pieceBytes: number
  /** By depth; those deeper than that are not known. */
  readonly #open: Open[] = []
  #depth = 0
  /** Those of the outermost open ones that are cut, being larger than a piece. */
  readonly #cut: Container[] = []
  /** What of the innermost of them is not parsed yet begins here. */
  #pieceFrom = 0
  /** One of its elements was cut too, and has ended just before. */
  #afterElement = false
  /** A comma came before, so that something must follow. */
  #afterComma = false

  constructor(bytes: Buffer, parse: ParsePiece, pieceBytes: number) {
    this.#bytes = bytes
    this.#parse = parse
    this.#pieceBytes = pieceBytes
  }

  *run(start: number): Steps<unknown> {
    const bytes = this.#bytes
    let text = { from: 0, to: 0 }
    const root = this.#begin(start)
    for (let at = nextStructural(bytes, start + 1); at < bytes.length; at = nextStructural(bytes, at + 1)) {
      const byte = bytes[at]
      if (byte === quote) {
        text = { from: at, to: endOfText(bytes, at) }
        at = text.to - 1
      } else if (byte === colon) this.#noteKey(text.from, text.to)
      else if (byte === comma) {
        if (this.#isComma(at)) yield
      } else if (byte === openList || byte === openObject) {
        this.#enter(at)
        if (this.#cutLarge(at)) yield
      } else if (this.#close(at, byte === closeList)) {
        if (skipSpace(bytes, at + 1) < bytes.length) throw invalid()
        return root
      }
    }
    throw invalid()
  }

  /** The outermost one. */
  #begin(at: number): Container {
    const container = this.#bytes[at] === openList ? [] : {}
    this.#enter(at)
    this.#cut.push(container)
    this.#pieceFrom = at + 1
    return container
  }

  #enter(at: number): void {
    if (this.#depth < maxCutDepth) {
      this.#open[this.#depth] = { from: at, comma: at, keyFrom: -1, keyTo: -1 }
    }
    this.#depth++
  }

  #noteKey(from: number, to: number): void {
    const open = this.#open[this.#depth - 1]
    if (open === undefined || this.#depth > maxCutDepth) return
    open.keyFrom = from
    open.keyTo = to
  }

  /** Whether something was parsed. */
  #isComma(at: number): boolean {
    const isCut = this.#depth === this.#cut.length
    const open = this.#depth > maxCutDepth ? undefined : this.#open[this.#depth - 1]
    if (open !== undefined) open.comma = at
    if (!isCut) return this.#cutLarge(at)
    if (this.#afterElement) {
      this.#afterElement = false
      this.#expectSpace(this.#pieceFrom, at)
    } else if (at - this.#pieceFrom < this.#pieceBytes) return false
    else this.#take(at, true)
    this.#pieceFrom = at + 1
    this.#afterComma = true
    return true
  }

  /** Cuts the element in which `at` is while that is larger than a piece. */
  #cutLarge(at: number): boolean {
    let hasCut = false
    while (this.#depth > this.#cut.length && this.#cut.length < maxCutDepth) {
      const parent = this.#open[this.#cut.length - 1]
      const element = this.#open[this.#cut.length]
      if (parent === undefined || element === undefined) break
      const from = Math.max(this.#pieceFrom, parent.comma + 1)
      if (at - from < this.#pieceBytes) break
      this.#cutElement(parent, element, from)
      hasCut = true
    }
    return hasCut
  }

  /** What stands before the element is parsed, and the element takes its place in its parent. */
  #cutElement(parent: Open, element: Open, from: number): void {
    if (this.#afterElement) throw invalid()
    if (parent.comma >= this.#pieceFrom) this.#take(parent.comma, true)
    const child = this.#bytes[element.from] === openList ? [] : {}
    const container = this.#cut.at(-1)
    if (Array.isArray(container)) {
      this.#expectSpace(from, element.from)
      container.push(child)
    } else if (container !== undefined) {
      container[this.#keyOf(parent, element, from)] = child
    }
    this.#cut.push(child)
    this.#pieceFrom = element.from + 1
    this.#afterComma = false
  }

  #keyOf({ keyFrom, keyTo }: Open, element: Open, from: number): string {
    if (keyFrom < from) throw invalid()
    this.#expectSpace(from, keyFrom)
    const between = this.#bytes.toString('latin1', keyTo, element.from)
    // Parsed as a member, so that a key that must not be is refused as everywhere.
    const parsed = this.#parse(`{${this.#bytes.toString('utf8', keyFrom, keyTo)}${between}null}`)
    const [key] = Object.keys(Object(parsed))
    if (key === undefined) throw invalid()
    return key
  }

  /** Whether all is closed. */
  #close(at: number, isList: boolean): boolean {
    if (this.#depth-- > this.#cut.length) return false
    const container = this.#cut.pop()
    if (container === undefined || Array.isArray(container) !== isList) throw invalid()
    if (this.#afterElement) this.#expectSpace(this.#pieceFrom, at)
    else this.#take(at, this.#afterComma, container)
    if (changesPrototype(container)) throw invalid()
    this.#pieceFrom = at + 1
    this.#afterElement = true
    return this.#cut.length === 0
  }

  /** Parses up to there. @param isNeeded whether there must be something */
  #take(to: number, isNeeded: boolean, container = this.#cut.at(-1)): void {
    const text = this.#bytes.toString('utf8', this.#pieceFrom, to)
    const isList = Array.isArray(container)
    const parsed = this.#parse(isList ? `[${text}]` : `{${text}}`)
    if (isList && Array.isArray(parsed)) {
      if (isNeeded && parsed.length === 0) throw invalid()
      for (const value of parsed) container.push(value)
      return
    }
    const members = Object.entries(Object(parsed))
    if (isNeeded && members.length === 0) throw invalid()
    if (!isList && container !== undefined) for (const [key, value] of members) container[key] = value
  }

  #expectSpace(from: number, to: number): void {
    if (skipSpace(this.#bytes, from) < to) throw invalid()
  }
}

/** As the parser of the pieces has it, for a member that was cut. */
function changesPrototype(container: Container): boolean {
  if (Array.isArray(container) || !Object.hasOwn(container, 'constructor')) return false
  const value: unknown = container.constructor
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype')
}

function nextStructural(bytes: Buffer, from: number): number {
  let at = from
  while (at < bytes.length && isStructural[bytes[at] ?? 0] === 0) at++
  return at
}

/** Behind the closing quote. */
function endOfText(bytes: Buffer, from: number): number {
  for (let at = from + 1; at < bytes.length; at++) {
    if (bytes[at] === quote) return at + 1
    if (bytes[at] === backslash) at++
  }
  throw invalid()
}

function skipSpace(bytes: Buffer, from: number): number {
  let at = from
  while (at < bytes.length && isSpace[bytes[at] ?? 0] === 1) at++
  return at
}

function invalid(): SyntaxError {
  return new SyntaxError('The text is not valid JSON.')
}
