/** Scores the answers of an endpoint against the labels that came since. In the thread that answers questions. */
import type { Performance, PerformanceBy, Score } from '#shared/requests.ts'
import type { ServedRevision } from '../../serving/request-log/segments.ts'
import { quoteIdentifier, quoteText, type Tables, type TypedColumns } from '../../tables/duckdb.ts'
import type { Prediction } from '../../training/runtime.ts'
import { sliceRows } from '../../training/slices.ts'
import { type LabelledRequests, unmatchedLabels } from './labels.ts'
import { inputColumnName, type RequestSpan } from './relation.ts'
import { type LabelledAnswers, scoreAnswers } from './score-rows.ts'

/** Rows whose input has this value; of a number or an instant, as the performance by slice names its quarters. */
export interface RequestSlice {
  readonly input: string
  readonly value: string
}

export interface ScoreQuestion extends RequestSpan {
  readonly slice?: RequestSlice | undefined
}

export interface PerformanceQuestion extends RequestSpan {
  readonly by: PerformanceBy
  /** By whose values, where it is by slice. */
  readonly input?: string | undefined
}

/** The answered rows of a span in memory, with what is known of them. */
interface Answers {
  readonly columns: TypedColumns
  readonly revisions: readonly ServedRevision[]
}

/** @throws EsteiraError what DuckDB reports */
export async function scoreWindow(
  requests: LabelledRequests,
  tables: Tables,
  question: ScoreQuestion,
  signal: AbortSignal,
): Promise<Score> {
  const answers = await readAnswers(requests, tables, question.slice?.input)
  const rows = question.slice === undefined ? allRows(answers) : rowsOfSlice(answers, question.slice.value)
  return await scoreOf(answers, rows, question, signal)
}

/** @throws EsteiraError what DuckDB reports */
export async function performanceOf(
  requests: LabelledRequests,
  tables: Tables,
  question: PerformanceQuestion & { readonly logPath: string },
  signal: AbortSignal,
): Promise<Performance> {
  const answers = await readAnswers(requests, tables, question.by === 'slice' ? question.input : undefined)
  const parts: Performance['parts'] = []
  for (const { part, revision, rows, span } of partsOf(answers, question)) {
    parts.push({ part, revision, ...(await scoreOf(answers, rows, span, signal)) })
  }
  return {
    endpoint: question.endpoint,
    all: await scoreOf(answers, allRows(answers), question, signal),
    by: question.by,
    parts,
    unmatchedLabels: await unmatchedLabels(tables, question.logPath, question),
  }
}

async function readAnswers(requests: LabelledRequests, tables: Tables, input?: string): Promise<Answers> {
  const revisions = requests.revisions
  const most = Math.max(1, ...revisions.map(({ signature }) => signature.classes.length))
  const isValue = revisions.some(({ signature }) => signature.task === 'regression')
  const probabilities = Array.from({ length: most }, (_, index) => `probabilities[${index + 1}] as p${index}`)
  const selected = [
    '"at"',
    'revision',
    'label is not null as labelled',
    `${actualOf(revisions)} as actual`,
    `${isValue ? 'try_cast(prediction as DOUBLE)' : 'null::DOUBLE'} as predicted`,
    'epoch_ms(labelled_at) - epoch_ms("at") as delay',
    ...probabilities,
    ...(input === undefined ? [] : [`${await sliceColumn(requests, tables, input)} as slice`]),
  ]
  const rows = `(select * from ${requests.sql} where role = 'answered')`
  return { columns: await tables.columns(`select ${selected.join(', ')} from ${requests.labelled(rows)}`), revisions }
}

/** The label as the number that the metrics take: the place of its class in the model's list, or itself. */
function actualOf(revisions: readonly ServedRevision[]): string {
  const cases = revisions.map(({ revision, signature: { task, classes } }) => {
    const list = `[${classes.map(quoteText).join(', ')}]::VARCHAR[]`
    const value =
      task === 'regression' ? 'try_cast(label as DOUBLE)' : `nullif(coalesce(list_position(${list}, label), 0) - 1, -1)`
    return `when ${revision} then (${value})::DOUBLE`
  })
  return cases.length === 0 ? 'null::DOUBLE' : `case revision ${cases.join(' ')} end`
}

async function sliceColumn({ sql }: LabelledRequests, tables: Tables, input: string): Promise<string> {
  const name = inputColumnName(input)
  const known = await tables.describe(`select * from ${sql}`)
  return known.some((column) => column.name === name) ? quoteIdentifier(name) : 'null::VARCHAR'
}

interface Part {
  readonly part: string
  readonly revision: number | null
  readonly rows: Uint32Array
  readonly span: { readonly from: number; readonly to: number }
}

const dayMs = 86_400_000

function partsOf(answers: Answers, { by, from, to }: PerformanceQuestion): Part[] {
  const span = { from, to }
  switch (by) {
    case 'day':
      return grouped(numbers(answers, 'at'), (at) => Math.floor(at / dayMs)).map(([day, rows]) => ({
        part: new Date(day * dayMs).toISOString().slice(0, 10),
        revision: null,
        rows,
        span: { from: Math.max(from, day * dayMs), to: Math.min(to, (day + 1) * dayMs) },
      }))
    case 'revision':
      return grouped(numbers(answers, 'revision'), (revision) => revision).map(([revision, rows]) => ({
        part: String(revision),
        revision,
        rows,
        span,
      }))
    case 'slice':
      return slicesOf(answers).map(({ value, rows }) => ({ part: value, revision: null, rows, span }))
  }
}

function slicesOf({ columns }: Answers) {
  const column = columns.columns.get('slice')
  return column === undefined || columns.length === 0 ? [] : sliceRows(column, columns.types.get('slice') ?? 'text')
}

function rowsOfSlice(answers: Answers, value: string): Uint32Array {
  return slicesOf(answers).find((slice) => slice.value === value)?.rows ?? new Uint32Array()
}

/** By rising key. */
function grouped(values: Float64Array, keyOf: (value: number) => number): [number, Uint32Array][] {
  const groups = new Map<number, number[]>()
  values.forEach((value, row) => {
    const key = keyOf(value)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
  })
  return [...groups].sort(([a], [b]) => a - b).map(([key, rows]) => [key, Uint32Array.from(rows)])
}

function allRows({ columns }: Answers): Uint32Array {
  return Uint32Array.from({ length: columns.length }, (_, row) => row)
}

async function scoreOf(
  answers: Answers,
  rows: Uint32Array,
  { from, to }: { readonly from: number; readonly to: number },
  signal: AbortSignal,
): Promise<Score> {
  const labelled = numbers(answers, 'labelled')
  const known = rows.filter((row) => labelled[row] === 1)
  const scored = labelledAnswers(answers, known)
  return {
    from,
    to,
    rows: rows.length,
    labelled: known.length,
    task: scored?.task ?? null,
    metrics: scored === undefined ? [] : await scoreAnswers(scored, signal),
    labelDelayMs: delayOf(numbers(answers, 'delay'), known),
  }
}

/** Undefined where no row can be scored, or models of different tasks or classes answered them. */
function labelledAnswers(answers: Answers, rows: Uint32Array): LabelledAnswers | undefined {
  const actual = numbers(answers, 'actual')
  const revision = numbers(answers, 'revision')
  // A label of a class that the model does not know cannot be scored.
  const usable = rows.filter((row) => Number.isFinite(actual[row] ?? Number.NaN))
  const numbersOfRevisions = new Set(Array.from(usable, (row) => revision[row]))
  const [first, ...others] = answers.revisions.filter((one) => numbersOfRevisions.has(one.revision))
  if (first === undefined) return undefined
  const { task, classes } = first.signature
  const isSame = (one: ServedRevision) =>
    one.signature.task === task && one.signature.classes.join('\n') === classes.join('\n')
  if (!others.every(isSame)) return undefined
  return { task, actual: pick(actual, usable), prediction: predictionOf(answers, usable, first) }
}

function predictionOf(answers: Answers, rows: Uint32Array, { signature }: ServedRevision): Prediction {
  if (signature.task === 'regression') return { kind: 'values', values: pick(numbers(answers, 'predicted'), rows) }
  const { classes } = signature
  const probabilities = new Float64Array(rows.length * classes.length)
  classes.forEach((_, index) => {
    const column = numbers(answers, `p${index}`)
    rows.forEach((row, place) => {
      probabilities[place * classes.length + index] = column[row] ?? 0
    })
  })
  return { kind: 'probabilities', classes, probabilities }
}

function delayOf(delays: Float64Array, rows: Uint32Array): Score['labelDelayMs'] {
  if (rows.length === 0) return null
  const sorted = pick(delays, rows).sort()
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
  return { p50: at(0.5), p95: at(0.95) }
}

function numbers({ columns }: Answers, name: string): Float64Array {
  const column = columns.columns.get(name)
  if (column?.kind !== 'numeric') throw new Error(`The column "${name}" of the answers is not one of numbers.`)
  return column.values
}

function pick(values: Float64Array, rows: Uint32Array): Float64Array {
  return Float64Array.from(rows, (row) => values[row] ?? Number.NaN)
}
