/** Reads a YAML file that a person wrote into a zod type, with every problem at its line and column. */
import { type Document, isMap, isNode, isPair, LineCounter, type Node, parseDocument, visit } from 'yaml'
import type { z } from 'zod'
import type { FileProblem } from '#shared/errors.ts'
import { sentence as said } from '#shared/sentences.ts'
import { nearestName } from './errors.ts'

export type Path = readonly (string | number)[]

/** Where the parts of a document stand. */
export interface Positions {
  /** The problem with line and column of the value at `path`, or of the closest part around it that exists. */
  problem(path: Path, details: Omit<FileProblem, 'file' | 'line' | 'column' | 'path'>): FileProblem
  /** The same, at the key rather than at its value. */
  keyProblem(path: Path, details: Omit<FileProblem, 'file' | 'line' | 'column' | 'path'>): FileProblem
}

export type ParsedFile<Value> =
  | { readonly ok: true; readonly value: Value; readonly positions: Positions }
  | { readonly ok: false; readonly problems: FileProblem[] }

/** How many values the aliases of a file may stand for, so that a small file cannot expand without bound. */
const maxAliasCount = 100

/** YAML 1.2 core schema: dates stay text. Anchors are allowed. */
export function parseYamlFile<Schema extends z.ZodType>(
  text: string,
  file: string,
  schema: Schema,
): ParsedFile<z.output<Schema>> {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: true, stringKeys: true })
  if (document.errors.length > 0) {
    return {
      ok: false,
      problems: document.errors.map((error) => {
        const { line, col } = lineCounter.linePos(error.pos[0])
        return { file, line, column: col, message: firstLine(error.message) }
      }),
    }
  }
  const cycle = cycleProblem(document, lineCounter, file)
  if (cycle !== undefined) return { ok: false, problems: [cycle] }
  const positions = positionsIn(document.contents, lineCounter, file)
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount })
  } catch (error) {
    return { ok: false, problems: [aliasProblem(document, lineCounter, file, error)] }
  }
  const result = schema.safeParse(value)
  if (result.success) return { ok: true, value: result.data, positions }
  return { ok: false, problems: zodProblems(result.error, value, positions, schema) }
}

/** An alias inside of what it stands for: a value without end, which nothing that reads it could walk through. */
function cycleProblem(document: Document, lineCounter: LineCounter, file: string): FileProblem | undefined {
  let problem: FileProblem | undefined
  visit(document, {
    Alias(_, alias, path) {
      const target = alias.resolve(document)
      if (target === undefined || !path.includes(target)) return undefined
      const { line, col } = lineCounter.linePos(alias.range?.[0] ?? 0)
      problem = { file, line, column: col, message: `The alias "*${alias.source}" stands within its own value.` }
      return visit.BREAK
    },
  })
  return problem
}

/** What is wrong with the anchors: an alias of nothing at its place, or an expansion without bound. */
function aliasProblem(document: Document, lineCounter: LineCounter, file: string, error: unknown): FileProblem {
  let offset = 0
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document) !== undefined) return undefined
      offset = alias.range?.[0] ?? 0
      return visit.BREAK
    },
  })
  const { line, col } = lineCounter.linePos(offset)
  return { file, line, column: col, message: firstLine(error instanceof Error ? error.message : String(error)) }
}

/** Zod's issues as file problems: one for each unknown key, with the nearest known one. */
export function zodProblems(
  error: z.ZodError,
  value: unknown,
  positions: Positions,
  schema: z.ZodType,
  prefix: Path = [],
): FileProblem[] {
  return error.issues.flatMap(ofMeantForm).flatMap((issue) => {
    const inner = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))
    const path = [...prefix, ...inner]
    if (issue.code === 'unrecognized_keys') {
      const known = knownKeys(schema, inner)
      return issue.keys.map((key) =>
        positions.keyProblem([...path, key], {
          message: said('unknown-key', { name: key }),
          found: key,
          ...(known.length > 0 && { expected: said('one-of', { names: known.join(', ') }) }),
          ...optional('nearest', nearestName(key, known)),
        }),
      )
    }
    const found = valueAt(value, inner)
    const missing = found === undefined
    const allowed = allowedValues(issue)
    return [
      positions.problem(path, {
        message: missing && path.length > 0 ? said('missing', { name: String(path.at(-1)) }) : problemMessage(issue),
        ...(!missing && { found: shown(found) }),
        ...(allowed.length > 0 && { expected: said('one-of', { names: allowed.join(', ') }) }),
        ...optional('nearest', typeof found === 'string' ? nearestName(found, allowed) : undefined),
        ...(issue.code === 'custom' && ownDetails(issue.params)),
      }),
    ]
  })
}

/** Where a place takes several forms: what is wrong with the only one whose kind of value was written there. */
function ofMeantForm(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue]
  const isOtherKind = ({ code, path }: z.core.$ZodIssue) => code === 'invalid_type' && path.length === 0
  const [meant, ...others] = issue.errors.filter((form) => !form.some(isOtherKind))
  if (meant === undefined || others.length > 0) return [issue]
  return meant.flatMap((inner) => ofMeantForm({ ...inner, path: [...issue.path, ...inner.path] }))
}

/** What a check of ours says beside its message: what it expects, and what may have been meant. */
function ownDetails(params: Record<string, unknown> = {}): Partial<Pick<FileProblem, 'expected' | 'nearest'>> {
  const { expected, nearest } = params
  return {
    ...(typeof expected === 'string' && { expected }),
    ...(typeof nearest === 'string' && { nearest }),
  }
}

/** The values that the place accepts, where they can be counted: of an enumeration, or of a key that chooses between forms. */
function allowedValues(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String)
  if (issue.code === 'invalid_union' && 'options' in issue) return (issue.options ?? []).map(String)
  return []
}

function problemMessage(issue: z.core.$ZodIssue): string {
  return allowedValues(issue).length > 0 ? said('unknown-value', {}) : sentence(issue.message)
}

/** A value as it can be shown in a message: JSON, cut short. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : jsonOf(value)
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

/** What comes from outside may be nested deeper than JSON.stringify can follow. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return Array.isArray(value) ? 'a list' : 'an object'
  }
}

function optional<Key extends string>(key: Key, value: string | undefined): Partial<Record<Key, string>> {
  if (value === undefined) return {}
  const entry: Partial<Record<Key, string>> = {}
  entry[key] = value
  return entry
}

function sentence(message: string): string {
  const capital = message.charAt(0).toUpperCase() + message.slice(1)
  return /[.!?]$/.test(capital) ? capital : `${capital}.`
}

function firstLine(text: string): string {
  return sentence(text.split('\n')[0] ?? text)
}

function valueAt(value: unknown, path: Path): unknown {
  let current = value
  for (const part of path) {
    if (current === null || typeof current !== 'object') return undefined
    current = Reflect.get(current, part)
  }
  return current
}

/** The keys of the object schema at `path`, seen through optional, default, record and union wrappers; empty if unknown. */
function knownKeys(schema: z.ZodType, path: Path): string[] {
  let current: unknown = unwrap(schema)
  for (const part of path) current = unwrap(childSchema(current, part))
  return schemaKeys(current)
}

interface ZodDefinition {
  readonly type?: string
  readonly shape?: Record<string, unknown>
  readonly innerType?: unknown
  readonly valueType?: unknown
  readonly element?: unknown
  readonly options?: readonly unknown[]
  readonly in?: unknown
}

function definitionOf(schema: unknown): ZodDefinition {
  if (schema === null || typeof schema !== 'object') return {}
  const definition: unknown = Reflect.get(schema, 'def')
  return definition !== null && typeof definition === 'object' ? definition : {}
}

function unwrap(schema: unknown): unknown {
  const { innerType, in: input, type } = definitionOf(schema)
  if (innerType !== undefined) return unwrap(innerType)
  if (type === 'pipe' && input !== undefined) return unwrap(input)
  return schema
}

function childSchema(schema: unknown, part: string | number): unknown {
  const { shape, valueType, element, options } = definitionOf(schema)
  if (shape !== undefined) return shape[String(part)]
  if (options !== undefined) {
    return options.map((option) => childSchema(unwrap(option), part)).find((child) => child !== undefined)
  }
  return valueType ?? element
}

function schemaKeys(schema: unknown): string[] {
  const { shape, options } = definitionOf(schema)
  if (shape !== undefined) return Object.keys(shape)
  if (options !== undefined) return [...new Set(options.flatMap((option) => schemaKeys(unwrap(option))))]
  return []
}

function positionsIn(root: Node | null, lineCounter: LineCounter, file: string): Positions {
  function at(offset: number | undefined, path: Path): Pick<FileProblem, 'file' | 'line' | 'column' | 'path'> {
    if (offset === undefined) return { file, line: 1, column: 1, path: path.join('.') }
    const { line, col } = lineCounter.linePos(offset)
    return { file, line, column: col, path: path.join('.') }
  }
  return {
    problem: (path, details) => ({ ...at(locate(root, path, 'value'), path), ...details }),
    keyProblem: (path, details) => ({ ...at(locate(root, path, 'key'), path), ...details }),
  }
}

/** The offset of the node at the path, or of the deepest part on the way that exists. */
function locate(root: Node | null, path: Path, end: 'key' | 'value'): number | undefined {
  let node: unknown = root
  let offset = root?.range?.[0]
  for (const [index, part] of path.entries()) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && keyText(item.key) === String(part))
      if (pair === undefined) return offset
      const key = isNode(pair.key) ? pair.key.range?.[0] : undefined
      const value = isNode(pair.value) ? pair.value.range?.[0] : undefined
      offset = (index === path.length - 1 && end === 'key' ? key : value) ?? key ?? offset
      node = pair.value
    } else if (isNode(node) && 'items' in node && Array.isArray(node.items)) {
      const item: unknown = node.items[Number(part)]
      if (!isNode(item)) return offset
      offset = item.range?.[0] ?? offset
      node = item
    } else {
      return offset
    }
  }
  return offset
}

function keyText(key: unknown): string {
  return isNode(key) && 'value' in key ? String(key.value) : String(key)
}
