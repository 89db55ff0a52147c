/** JSON rows against a signature: what an application sends becomes the batch that the preparation reads. */
import type { FileProblem } from '#shared/errors.ts'
import type { InputType, Signature, SignatureInput } from '#shared/models.ts'
import { EsteiraError, nearestName } from '../kernel/errors.ts'
import { atOnce, type Steps } from '../kernel/turns.ts'
import type { ColumnBatch } from '../tables/columns.ts'
import { parseInstant } from './preparation/dates.ts'

/** Problems are collected up to here; the sentence tells how many there are at least. */
const maxProblems = 100
/** The furthest instant that a JavaScript date can hold. */
const maxInstantMs = 8.64e15

/** Rows that are checked at once: less than a millisecond. */
const stepRows = 256

/**
 * Parses rows of the form `{ "<input>": value }`. A missing value is null or left out where the input is not required.
 * Throws `input-invalid` with every problem: missing, extra, mistyped, non-finite, each with its row and field.
 */
export function rowsToBatch(signature: Signature, rows: readonly unknown[]): ColumnBatch {
  return atOnce(checkRows(signature, rows))
}

/** As `rowsToBatch`, in steps. */
export function* checkRows(signature: Signature, rows: readonly unknown[]): Steps<ColumnBatch> {
  const columns = new Map(signature.inputs.map((input) => [input.name, newColumn(input, rows.length)]))
  for (let from = 0; from < rows.length; from += stepRows) {
    if (from > 0) yield
    const span = rows.slice(from, from + stepRows)
    const objects = span.filter(isRow)
    const isValid =
      objects.length === span.length &&
      signature.inputs.every((input) => readColumn(input, objects, from, columns.get(input.name))) &&
      !objects.some((row) => hasExtra(row, columns))
    // The rows before are good.
    if (!isValid) throw yield* inputInvalid(signature, rows, from)
  }
  return { length: rows.length, columns }
}

function isRow(row: unknown): row is Record<string, unknown> {
  return typeof row === 'object' && row !== null && !Array.isArray(row)
}

function hasExtra(row: Record<string, unknown>, known: ReadonlyMap<string, unknown>): boolean {
  for (const name in row) {
    if (!known.has(name)) return true
  }
  return false
}

type NewColumn =
  | { readonly kind: 'numeric'; readonly values: Float64Array }
  | { readonly kind: 'text'; readonly values: (string | null)[] }

function newColumn({ type }: SignatureInput, length: number): NewColumn {
  return type === 'text'
    ? { kind: 'text', values: new Array<string | null>(length) }
    : { kind: 'numeric', values: new Float64Array(length) }
}

/** Reads one input of rows into their places, from `from` on. False if any value does not fit. */
function readColumn(
  input: SignatureInput,
  rows: readonly Record<string, unknown>[],
  from: number,
  column: NewColumn | undefined,
): boolean {
  if (column?.kind === 'text') {
    for (let index = 0; index < rows.length; index++) {
      const value = fieldOf(rows[index], input.name)
      if (typeof value === 'string') column.values[from + index] = value
      else if (value === undefined && !input.required) column.values[from + index] = null
      else return false
    }
  } else if (column !== undefined) {
    for (let index = 0; index < rows.length; index++) {
      const value = fieldOf(rows[index], input.name)
      const number = value === undefined ? undefined : toNumber(input.type, value)
      if (number === undefined && (value !== undefined || input.required)) return false
      column.values[from + index] = number ?? Number.NaN
    }
  }
  return true
}

/** Undefined for null, absent and inherited fields such as `constructor`. */
function fieldOf(row: Record<string, unknown> | undefined, name: string): unknown {
  return row !== undefined && Object.hasOwn(row, name) ? (row[name] ?? undefined) : undefined
}

/** The number that stands for a JSON value of a type; undefined if it is not one. */
function toNumber(type: InputType, value: unknown): number | undefined {
  if (type === 'boolean') return typeof value === 'boolean' ? Number(value) : undefined
  if (type === 'timestamp' && typeof value === 'string') {
    const instant = parseInstant(value)
    return Number.isNaN(instant) ? undefined : instant
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined
  // Tables hold whole milliseconds too.
  if (type === 'timestamp') return Math.abs(value) <= maxInstantMs ? Math.floor(value) : undefined
  return type === 'integer' && !Number.isInteger(value) ? undefined : value
}

const expectations: Record<InputType, string> = {
  number: 'a finite number',
  integer: 'a whole number',
  boolean: 'true or false',
  text: 'a text',
  timestamp: 'an ISO 8601 text or milliseconds since 1970',
}

/** @param from the first row that may have problems */
function* inputInvalid(signature: Signature, rows: readonly unknown[], from: number): Steps<EsteiraError> {
  const problems: FileProblem[] = []
  const names = signature.inputs.map(({ name }) => name)
  for (let index = from; index < rows.length && problems.length < maxProblems; index++) {
    if (index % stepRows === 0) yield
    problems.push(...problemsOf(signature.inputs, names, rows[index], `rows[${index}]`))
  }
  const many =
    problems.length >= maxProblems
      ? `at least ${maxProblems} problems`
      : problems.length === 1
        ? 'one problem'
        : `${problems.length} problems`
  const first = problems[0]
  return new EsteiraError(
    'input-invalid',
    `The rows have ${many}. The first: ${first?.path ?? 'rows'}: ${first?.message ?? ''}`,
    {
      where: first?.path ?? 'rows',
      ...(first?.found !== undefined && { found: first.found }),
      ...(first?.expected !== undefined && { allowed: first.expected }),
      ...(first?.nearest !== undefined && { nearest: first.nearest }),
      problems: problems.slice(0, maxProblems),
    },
  )
}

function problemsOf(
  inputs: readonly SignatureInput[],
  names: readonly string[],
  row: unknown,
  path: string,
): FileProblem[] {
  const file = 'request'
  if (!isRow(row)) {
    return [
      {
        file,
        path,
        message: 'The row is not an object.',
        found: shown(row),
        expected: 'an object of input names and values',
      },
    ]
  }
  const problems: FileProblem[] = []
  for (const input of inputs) {
    const value = fieldOf(row, input.name)
    const place = { file, path: `${path}.${input.name}` }
    if (value === undefined) {
      if (input.required)
        problems.push({
          ...place,
          message: `The input "${input.name}" is missing.`,
          expected: expectations[input.type],
        })
    } else if (!fits(input, value)) {
      const message = `The input "${input.name}" is not ${expectations[input.type]}.`
      problems.push({ ...place, message, found: shown(value), expected: expectations[input.type] })
    }
  }
  const known = new Set(names)
  for (const name of Object.keys(row)) {
    if (known.has(name)) continue
    if (problems.length >= maxProblems) break
    const nearest = nearestName(
      name.slice(0, 200),
      names.filter((candidate) => !Object.hasOwn(row, candidate)),
    )
    problems.push({
      file,
      path: `${path}.${name.slice(0, 200)}`,
      message: 'The model has no such input.',
      expected: names.slice(0, 50).join(', '),
      ...(nearest !== undefined && { nearest }),
    })
  }
  return problems
}

function fits(input: SignatureInput, value: unknown): boolean {
  return input.type === 'text' ? typeof value === 'string' : toNumber(input.type, value) !== undefined
}

/** Never writes out lists and objects: they come from outside and may be nested deeper than the stack goes. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'an object'
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value))
  return text.length > 100 ? `${text.slice(0, 100)}…` : text
}
