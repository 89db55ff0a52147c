/** Records of the request log as lines of JSON. Written out by hand: this runs for every row that is predicted. */
import type { InputType, Signature } from '#shared/models.ts'
import type { FeatureRead } from '#shared/online.ts'
import type { RequestRole } from '#shared/requests.ts'
import type { ColumnBatch } from '../../tables/columns.ts'
import { outputWidth, predictedClass } from '../outputs.ts'

/** A request that was answered, as the log takes it. */
export interface AnsweredRequest {
  readonly id: string
  readonly endpoint: string
  /** When it came, in epoch milliseconds. */
  readonly at: number
  readonly latencyMs: number
  readonly role: RequestRole
  /** Of an A/B test. */
  readonly arm?: string | undefined
  /** By which the arm was chosen. */
  readonly key?: string | undefined
  /** The rows as the model took them. */
  readonly batch: ColumnBatch
  /** As `LiveModel.predict` gives them. */
  readonly outputs: Float64Array
  /** What the feature store had, row by row; undefined where nothing is filled. */
  readonly reads?: readonly (readonly FeatureRead[])[] | undefined
}

export interface FailedRequest {
  readonly id: string
  readonly endpoint: string
  readonly at: number
  readonly latencyMs: number
  /** 0: no revision answered. */
  readonly revision: number
  readonly code: string
}

/** Characters: a row with longer inputs is logged without them, as whoever reads the log holds whole lines in memory. */
const longestRow = 1_000_000

/** The line of one row, with its line break. */
export type EncodeRow = (request: AnsweredRequest, row: number) => string

export function rowEncoder(signature: Signature, redact: readonly string[]): EncodeRow {
  const hidden = new Set(redact)
  const fields = signature.inputs
    .filter(({ name }) => !hidden.has(name))
    .map(({ name, type }) => ({ name, type, label: `${JSON.stringify(name)}:`, quote: rememberingQuotes() }))
  const encodeOutputs = outputEncoder(signature)
  const features = hidden.size === 0 ? JSON.stringify : (reads: readonly FeatureRead[]) => redacted(reads, hidden)
  return (request, row) => {
    const { batch, reads } = request
    let inputs = ''
    for (const { name, type, label, quote } of fields) {
      const column = batch.columns.get(name)
      const value = column?.kind === 'text' ? quote(column.values[row]) : number(type, column?.values[row])
      inputs += inputs === '' ? label + value : `,${label}${value}`
    }
    const read = reads?.[row]
    const more = read === undefined || read.length === 0 ? '' : `,"features":${features(read)}`
    const start = `${head(request, row, hidden)},${encodeOutputs(request.outputs, row)}`
    return inputs.length + more.length > longestRow ? `${start}}\n` : `${start},"inputs":{${inputs}}${more}}\n`
  }
}

export function failureLine({ id, at, latencyMs, revision, code }: FailedRequest): string {
  return `{"id":${quoted(id)},"at":${Math.floor(at)},"latencyMs":${thousandths(latencyMs)},"revision":${revision},"code":"${code}"}\n`
}

/** What is usual is left out: row 0, an answer, no arm. */
function head(request: AnsweredRequest, row: number, hidden: ReadonlySet<string>): string {
  const { id, at, latencyMs, role, arm, key } = request
  let text = `{"id":${quoted(id)},"at":${Math.floor(at)},"latencyMs":${thousandths(latencyMs)}`
  if (row > 0) text += `,"row":${row}`
  if (role !== 'answered') text += `,"role":"${role}"`
  if (arm !== undefined) text += `,"arm":${quoted(arm)}`
  if (key !== undefined && !isHidden(key, request, row, hidden)) text += `,"key":${quoted(key)}`
  return text
}

/** A key may be the value of an input that must not be written. */
function isHidden(key: string, { batch }: AnsweredRequest, row: number, hidden: ReadonlySet<string>): boolean {
  for (const name of hidden) {
    const value = batch.columns.get(name)?.values[row]
    if (value !== undefined && value !== null && String(value) === key) return true
  }
  return false
}

function outputEncoder(signature: Signature): (outputs: Float64Array, row: number) => string {
  const width = outputWidth(signature)
  if (signature.task === 'regression') return (outputs, row) => `"prediction":${outputs[row]}`
  const labels = signature.classes.map((name) => `"prediction":${quoted(name)},"probabilities":[`)
  return (outputs, row) => {
    const first = row * width
    let text = labels[predictedClass(outputs, row, width)] ?? ''
    for (let index = 0; index < width; index++) text += index > 0 ? `,${outputs[first + index]}` : outputs[first]
    return `${text}]`
  }
}

/** Without the values of these inputs, and without the keys of these names. */
function redacted(reads: readonly FeatureRead[], hidden: ReadonlySet<string>): string {
  const without = <Value>(record: Readonly<Record<string, Value>>) =>
    Object.fromEntries(Object.entries(record).filter(([name]) => !hidden.has(name)))
  return JSON.stringify(reads.map((read) => ({ ...read, entity: without(read.entity), values: without(read.values) })))
}

function number(type: InputType, value: number | string | null | undefined): string {
  if (typeof value !== 'number' || Number.isNaN(value)) return 'null'
  return type === 'boolean' ? (value === 0 ? 'false' : 'true') : String(value)
}

/** Categories come again and again. */
function rememberingQuotes(): typeof quoted {
  const known = new Map<string, string>()
  return (text) => {
    if (typeof text !== 'string' || text.length > longestKnown) return quoted(text)
    let found = known.get(text)
    if (found === undefined) {
      found = quoted(text)
      if (known.size < mostKnown) known.set(text, found)
    }
    return found
  }
}

const mostKnown = 2_000
const longestKnown = 40
/** What needs no escape. */
const plain = /^[\w .:/-]*$/

/** Half a surrogate pair is no text that others can read. */
function quoted(text: string | null | undefined): string {
  if (typeof text === 'string' && plain.test(text)) return `"${text}"`
  return JSON.stringify(text?.toWellFormed() ?? null)
}

function thousandths(value: number): number {
  return Math.round(value * 1_000) / 1_000
}
