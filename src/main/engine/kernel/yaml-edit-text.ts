/** How values are written into a YAML file: in the form of what stands around them. Pure. */
import { parse, Scalar, stringify } from 'yaml'
import type { Json } from '#shared/runs.ts'

type JsonMap = { [key: string]: Json }

export interface Layout {
  readonly lineBreak: '\n' | '\r\n'
  /** Blanks of one level. */
  readonly step: number
  /** Whether the collection at the path goes on one line, as `{ a: 1 }`, where it fits. */
  isCompact(path: readonly (string | number)[], value: Json): boolean
}

/** A value as it follows its colon or dash: the rest of that line, and the lines after it, each with its line break before. */
export interface Written {
  readonly inline: string
  readonly lines: string
}

/** The longest line that a collection in compact form may make. */
const maxLineLength = 100

export function isMap(value: Json | undefined): value is JsonMap {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

export function isFilled(value: Json | undefined): boolean {
  return Array.isArray(value) ? value.length > 0 : isMap(value) && Object.keys(value).length > 0
}

/** Whether a collection has no collections inside that hold something themselves. */
export function isFlat(value: Json): boolean {
  return typeof value === 'object' && value !== null && !Object.values(value).some(isFilled)
}

/** A value as it follows the colon of a key that stands at column `indent`. */
export function afterColon(value: Json, indent: number, path: readonly (string | number)[], layout: Layout): Written {
  if (typeof value === 'string') {
    const block = value.includes('\n') ? literalBlock(value, indent + layout.step, layout) : undefined
    return block ?? { inline: textIn(value, 'block'), lines: '' }
  }
  const compact = compactText(value)
  const last = path.at(-1)
  const lead = indent + (typeof last === 'string' ? last.length : 0)
  const fits = lead + compact.length <= maxLineLength && !hasLongTexts(value)
  if (!isFilled(value) || (fits && layout.isCompact(path, value))) return { inline: compact, lines: '' }
  return { inline: '', lines: `${layout.lineBreak}${blockText(value, indent + layout.step, path, layout)}` }
}

/** A list item as it follows its dash at column `indent`. */
export function afterDash(value: Json, indent: number, path: readonly (string | number)[], layout: Layout): Written {
  const written = afterColon(value, indent, path, layout)
  if (written.inline !== '' || !isMap(value)) return written
  const inline = blockText(value, indent + 2, path, layout)
  const [first = '', ...rest] = inline.split(layout.lineBreak)
  return { inline: first.trimStart(), lines: rest.map((line) => layout.lineBreak + line).join('') }
}

/** The lines of a collection in block form, the first one with its indentation too. */
export function blockText(value: Json, indent: number, path: readonly (string | number)[], layout: Layout): string {
  const blanks = ' '.repeat(indent)
  if (Array.isArray(value)) {
    return value
      .map((item, index) => `${blanks}-${asText(afterDash(item, indent, [...path, index], layout))}`)
      .join(layout.lineBreak)
  }
  return Object.entries(isMap(value) ? value : {})
    .map(([key, item]) => `${blanks}${pairText(key, item, indent, [...path, key], layout)}`)
    .join(layout.lineBreak)
}

export function pairText(
  key: string,
  value: Json,
  indent: number,
  path: readonly (string | number)[],
  layout: Layout,
): string {
  return `${textIn(key, 'key')}:${asText(afterColon(value, indent, path, layout))}`
}

function asText({ inline, lines }: Written): string {
  return inline === '' ? lines : ` ${inline}${lines}`
}

/** A value on one line, as it may stand inside `{ }` and `[ ]`. */
export function compactText(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(compactText).join(', ')}]`
  if (isMap(value)) {
    const pairs = Object.entries(value).map(([key, item]) => `${textIn(key, 'flow')}: ${compactText(item)}`)
    return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`
  }
  return typeof value === 'string' ? textIn(value, 'flow') : JSON.stringify(value)
}

function hasLongTexts(value: Json): boolean {
  if (typeof value === 'string') return value.includes('\n')
  return value !== null && typeof value === 'object' && Object.values(value).some(hasLongTexts)
}

/** A text on one line, quoted only where the place asks for it. */
export function textIn(text: string, place: 'block' | 'flow' | 'key'): string {
  const plain = stringify(text, { lineWidth: 0, blockQuote: false }).trimEnd()
  const isSafe = readsAs(`- ${plain}`, [text]) && !plain.includes('\n')
  if (place === 'block') return isSafe ? plain : JSON.stringify(text)
  const isSafeThere = place === 'flow' ? readsAs(`[{ a: ${plain}, ${plain}: 1 }]`, flowSample(text)) : true
  return isSafe && isSafeThere && readsAs(`${plain}: 1`, { [text]: 1 }) ? plain : JSON.stringify(text)
}

function flowSample(text: string): Json {
  return [Object.fromEntries<Json>([['a', text], ...(text === 'a' ? [] : [[text, 1] as const])])]
}

/** A text in the quotes of the one that it replaces, where it can be. */
export function quotedText(text: string, before: string | undefined, place: 'block' | 'flow' | 'key'): string {
  if (before === Scalar.QUOTE_DOUBLE) return JSON.stringify(text)
  const single = `'${text.replaceAll("'", "''")}'`
  if (before === Scalar.QUOTE_SINGLE && readsAs(single, text)) return single
  return textIn(text, place)
}

function readsAs(source: string, value: Json): boolean {
  try {
    return JSON.stringify(parse(source, { stringKeys: true, logLevel: 'error' })) === JSON.stringify(value)
  } catch {
    return false
  }
}

/** Several lines after a `|`; undefined where that form cannot hold the text. */
export function literalBlock(text: string, indent: number, layout: Layout, comment = ''): Written | undefined {
  const body = text.replace(/\n+$/, '')
  const breaks = text.length - body.length
  // Signs that cannot be seen, and blanks that an editor may take away, are safe only in quotes.
  if (body === '' || /[^\P{C}\n]|[ \t]+(\n|$)|^\t|\u2028|\u2029|\ufeff/u.test(body)) return undefined
  const chomping = breaks === 0 ? '-' : breaks === 1 ? '' : '+'
  const explicitIndent = /^[\s]/.test(body) ? String(layout.step) : ''
  if (explicitIndent !== '' && (layout.step < 1 || layout.step > 9)) return undefined
  const lines = [...body.split('\n'), ...Array.from({ length: Math.max(0, breaks - 1) }, () => '')]
  return {
    inline: `|${explicitIndent}${chomping}${comment}`,
    lines: lines.map((line) => layout.lineBreak + (line === '' ? '' : ' '.repeat(indent) + line)).join(''),
  }
}
