/** Edits of generated documents: the value changes as it should, and the lines that the edit does not mean stay. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isMap, isNode, isSeq, LineCounter, parse, parseDocument } from 'yaml'
import type { YamlEdit } from '#shared/pipelines.ts'
import type { Json } from '#shared/runs.ts'
import { editYaml } from './yaml-edit.ts'

const word = fc.constantFrom('a', 'b', 'uses', 'in', 'with', 'on', 'x-1', 'é', '10', 'null', 'two words')
const text = fc.oneof(
  word,
  fc.constantFrom(
    '',
    ' ',
    'a: b',
    '# no',
    'x #y',
    '- z',
    '{ a }',
    '[b]',
    "it's",
    '"',
    '2001-01-01',
    '1e3',
    '~',
    '*a',
    '&b',
    '!c',
  ),
  fc.constantFrom(
    'a\nb',
    'a\n\nb\n',
    '\n',
    ' a\n b',
    'tab\tend',
    'trailing \nx',
    '%',
    '@x',
    'a,b',
    '日本',
    '\u2028',
    '🙂',
    '\\n',
  ),
  fc.string({ maxLength: 8 }),
)
const scalar = fc.oneof(
  text,
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Object.is(n, -0)),
  fc.boolean(),
  fc.constant(null),
)
const { value: anyValue } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(word, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}))

interface Shape {
  readonly value: Json
  readonly flow: boolean
  readonly comment: boolean
  readonly above: boolean
  readonly blank: boolean
  readonly quoted: boolean
  readonly children: readonly (readonly [string, Shape])[]
}
const look = { comment: fc.boolean(), above: fc.boolean(), blank: fc.boolean(), quoted: fc.boolean() }
const leaf = fc.record({ value: fc.oneof(fc.constantFrom('x', 'y z', 'text'), fc.integer(), fc.boolean()), ...look })
const { shape: anyShape } = fc.letrec<{ shape: Shape }>((tie) => ({
  shape: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf.map((one): Shape => ({ ...one, flow: false, children: [] })),
    fc.record({ flow: fc.boolean(), isList: fc.boolean(), ...look }).chain((one) =>
      fc
        .uniqueArray(fc.tuple(word, tie('shape')), { selector: ([key]) => key, minLength: 1, maxLength: 4 })
        .map((children): Shape => {
          const entries = children.map(([key, { value }]) => [key, value] as const)
          const value = one.isList ? entries.map(([, item]) => item) : Object.fromEntries(entries)
          return { ...one, value, children }
        }),
    ),
  ),
}))
const root = anyShape.filter(({ value, flow }) => !flow && typeof value === 'object' && !Array.isArray(value))

let comments = 0
function inline(shape: Shape): string {
  const { value, children, quoted } = shape
  if (Array.isArray(value)) return `[${children.map(([, child]) => inline(child)).join(', ')}]`
  if (value !== null && typeof value === 'object') {
    return `{ ${children.map(([key, child]) => `${JSON.stringify(key)}: ${inline(child)}`).join(', ')} }`
  }
  return typeof value === 'string' && !quoted ? value : JSON.stringify(value)
}
function block(shape: Shape, indent: string): string[] {
  const { value, children } = shape
  return children.flatMap(([key, child]) => {
    const mark = Array.isArray(value) ? '-' : `${JSON.stringify(key)}:`
    const tail = child.comment ? ` # c${++comments}` : ''
    const before = [...(child.blank ? [''] : []), ...(child.above ? [`${indent}# above ${++comments}`] : [])]
    if (child.children.length === 0 || child.flow) return [...before, `${indent}${mark} ${inline(child)}${tail}`]
    return [...before, `${indent}${mark}${tail}`, ...block(child, `${indent}  `)]
  })
}

const documents = fc.tuple(root, fc.boolean(), fc.boolean()).map(([shape, crlf, final]) => {
  comments = 0
  const lineBreak = crlf ? '\r\n' : '\n'
  const lines = ['# The head of the file.', '', ...block(shape, '')]
  return { text: lines.join(lineBreak) + (final ? lineBreak : ''), value: shape.value, lineBreak }
})

function pathsOf(value: Json, path: YamlEdit['path'] = []): YamlEdit['path'][] {
  if (value === null || typeof value !== 'object') return [path]
  const entries: [string | number, Json][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return [path, ...entries.flatMap(([key, item]) => pathsOf(item, [...path, key]))]
}

/** The edit on plain values, written apart from the code that is tested. */
function plainEdit(value: Json, edit: YamlEdit): Json {
  const copy = structuredClone(value)
  let holder: Json = copy
  for (const part of edit.path.slice(0, -1)) holder = Reflect.get(Object(holder), part)
  const last = edit.path.at(-1) ?? ''
  if (edit.kind === 'set') Reflect.set(Object(holder), last, edit.value)
  else if (edit.kind === 'remove' && Array.isArray(holder)) holder.splice(Number(last), 1)
  else if (edit.kind === 'remove') Reflect.deleteProperty(Object(holder), last)
  else {
    Reflect.set(Object(holder), edit.key, Reflect.get(Object(holder), last))
    Reflect.deleteProperty(Object(holder), last)
  }
  return copy
}

const edits = documents.chain((document) => {
  const paths = pathsOf(document.value).filter((path) => path.length > 0)
  const maps = pathsOf(document.value).filter(
    (path) => !Array.isArray(at(document.value, path)) && typeof at(document.value, path) === 'object',
  )
  const lists = paths.filter((path) => Array.isArray(at(document.value, path)))
  const path = fc.constantFrom(...paths)
  const named = paths.filter((one) => typeof one.at(-1) === 'string')
  const edit: fc.Arbitrary<YamlEdit> = fc.oneof(
    fc.record({ kind: fc.constant('set' as const), path, value: anyValue }),
    fc.record({
      kind: fc.constant('set' as const),
      path: fc.constantFrom(...maps).map((one) => [...one, 'new key']),
      value: anyValue,
    }),
    fc.record({ kind: fc.constant('remove' as const), path }),
    fc.record({
      kind: fc.constant('rename' as const),
      path: fc.constantFrom(...named),
      key: fc.constantFrom('new key', 'it: is', '5'),
    }),
    ...(lists.length === 0
      ? []
      : [
          fc.record({
            kind: fc.constant('set' as const),
            path: fc.constantFrom(...lists).map((one) => [...one, Array.from(Object(at(document.value, one))).length]),
            value: anyValue,
          }),
        ]),
  )
  return fc.record({ document: fc.constant(document), edit })
})

function at(value: Json, path: YamlEdit['path']): Json {
  return path.reduce<Json>((current, part) => Reflect.get(Object(current), part), value)
}

it('an edit changes the value as it does on plain data', () => {
  fc.assert(
    fc.property(edits, ({ document, edit }) => {
      expect(parse(document.text)).toEqual(document.value)
      const after = editYaml(document.text, [edit])
      expect(parse(after)).toEqual(plainEdit(document.value, edit))
    }),
    { numRuns: 1_500 },
  )
})

it('an edit keeps the order of keys, the line breaks and how the text ends', () => {
  fc.assert(
    fc.property(edits, ({ document, edit }) => {
      const after = editYaml(document.text, [edit])
      expect(after.replaceAll(document.lineBreak, '').includes('\n')).toBe(false)
      expect(after.endsWith('\n')).toBe(document.text.endsWith('\n'))
      if (edit.kind !== 'set') return
      const keys = (value: Json) => Object.keys(Object(at(value, edit.path.slice(0, -1))))
      const before = keys(document.value)
      const added = before.includes(String(edit.path.at(-1))) ? [] : [String(edit.path.at(-1))]
      expect(Object.keys(Object(at(parse(after), edit.path.slice(0, -1))))).toEqual(ordered([...before, ...added]))
    }),
    { numRuns: 500 },
  )
})

/** As objects list them: whole numbers first. */
function ordered(keys: string[]): string[] {
  return Object.keys(Object.fromEntries(keys.map((key) => [key, 1])))
}

it('an edit leaves all lines but its own', () => {
  fc.assert(
    fc.property(edits, ({ document, edit }) => {
      const before = document.text.split(document.lineBreak)
      const after = editYaml(document.text, [edit]).split(document.lineBreak)
      const kept = new Set(after)
      const gone = before.filter((line) => !kept.has(line))
      const inside = at(document.value, edit.path.slice(0, edit.kind === 'set' ? undefined : -1))
      // A comment may go only with what it is about.
      if (edit.kind === 'rename') expect(gone.length).toBeLessThanOrEqual(1)
      else if (edit.kind === 'set' && (inside === undefined || typeof inside !== 'object')) {
        expect(gone.length).toBeLessThanOrEqual(1)
      } else {
        const own = new Set(edit.kind === 'set' ? linesOf(document, edit.path) : linesRemoved(document, edit.path))
        expect(gone.filter((line) => !own.has(line))).toEqual([])
      }
      expect(after.slice(0, 1)).toEqual(before.slice(0, 1))
    }),
    { numRuns: 500 },
  )
})

interface Text {
  readonly text: string
  readonly value: Json
  readonly lineBreak: string
}

/** The numbers of the lines, from 0, from the key or the dash to the end of its value, as the YAML library places them. */
function extentOf({ text }: Text, path: YamlEdit['path']): { from: number; to: number } {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter })
  const holder = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  const last = path.at(-1) ?? ''
  const pair = isMap(holder) ? holder.items.find(({ key }) => String(key) === String(last)) : undefined
  const value = isSeq(holder) ? holder.items[Number(last)] : pair?.value
  const first = pair?.key ?? value
  if (!isNode(first) || !isNode(value)) throw new Error(`There is nothing at ${path.join('.')}.`)
  const start = first.range?.[0] ?? 0
  // The dash of an item may stand above what it holds.
  const from = isSeq(holder) && !holder.flow ? text.lastIndexOf('-', start - 1) : start
  return { from: lineCounter.linePos(from).line - 1, to: lineCounter.linePos(value.range?.[2] ?? 0).line }
}

function linesOf(document: Text, path: YamlEdit['path']): string[] {
  const { from, to } = extentOf(document, path)
  return document.text.split(document.lineBreak).slice(from, to)
}

/** With what stands directly above it, and the line of its holder where that is left empty. */
function linesRemoved(document: Text, path: YamlEdit['path']): string[] {
  const lines = document.text.split(document.lineBreak)
  const { from, to } = extentOf(document, path)
  const before = lines.slice(0, from).findLastIndex((line) => line !== '' && !line.trimStart().startsWith('#'))
  const holder = path.slice(0, -1)
  const isLast = Object.keys(Object(at(document.value, holder))).length === 1
  return [...lines.slice(before + 1, to), ...(isLast && holder.length > 0 ? linesOf(document, holder) : [])]
}
