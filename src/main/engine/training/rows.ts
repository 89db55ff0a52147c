/** JSON rows against a signature: what an application sends becomes the batch that the preparation reads. */
import type { FileProblem } from '#shared/errors.ts'
import type { InputType, Signature, SignatureInput } from '#shared/models.ts'
import { EsteiraError, nearestName } from '../kernel/errors.ts'
import type { Column, ColumnBatch } from '../tables/columns.ts'
import { parseInstant } from './preparation/dates.ts'

/** Problems are collected up to here; the sentence tells how many there are at least. */
const maxProblems = 100
/** The furthest instant that a JavaScript date can hold. */
const maxInstantMs = 8.64e15

/**
 * Parses rows of the form `{ "<input>": value }`. A missing value is null or left out where the input is not required.
 * Throws `input-invalid` with every problem: missing, extra, mistyped, non-finite, each with its row and field.
 */
export function rowsToBatch(signature: Signature, rows: readonly unknown[]): ColumnBatch {
  const columns = new Map<string, Column>()
  const objects = rows.filter(isRow)
  let valid = objects.length === rows.length
  for (const input of signature.inputs) {
    const column = valid ? readColumn(input, objects) : undefined
    if (column === undefined) valid = false
    else columns.set(input.name, column)
  }
  if (!valid || objects.some((row) => hasExtra(row, columns))) throw inputInvalid(signature, rows)
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

/** Undefined if any value does not fit. */
function readColumn(input: SignatureInput, rows: readonly Record<string, unknown>[]): Column | undefined {
  if (input.type === 'text') {
    const values = new Array<string | null>(rows.length)
    for (let index = 0; index < rows.length; index++) {
      const value = fieldOf(rows[index], input.name)
      if (typeof value === 'string') values[index] = value
      else if (value === undefined && !input.required) values[index] = null
      else return undefined
    }
    return { kind: 'text', values }
  }
  const values = new Float64Array(rows.length)
  for (let index = 0; index < rows.length; index++) {
    const value = fieldOf(rows[index], input.name)
    const number = value === undefined ? undefined : toNumber(input.type, value)
    if (number === undefined && (value !== undefined || input.required)) return undefined
    values[index] = number ?? Number.NaN
  }
  return { kind: 'numeric', values }
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

function inputInvalid(signature: Signature, rows: readonly unknown[]): EsteiraError {
  const problems: FileProblem[] = []
  const names = signature.inputs.map(({ name }) => name)
  for (let index = 0; index < rows.length && problems.length < maxProblems; index++) {
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
