import { InvalidArgumentError } from 'commander'
import type { SqlAnswer } from '#shared/data.ts'
import type { Performance, RequestDetails, RequestSummary, Score } from '#shared/requests.ts'
import type { Json } from '#shared/runs.ts'
import type { DefineCommand } from '../command-line.ts'
import { withEngine } from '../connect.ts'
import { formatInstant, formatTable } from '../output.ts'

interface SpanOptions {
  readonly from?: number
  readonly to?: number
  readonly revision?: number
}
interface ListOptions extends SpanOptions {
  readonly show: 'all' | 'errors' | 'labelled' | 'wrong'
  readonly id?: string
  readonly limit: number
}
interface PerformanceOptions extends SpanOptions {
  readonly by: 'day' | 'revision' | 'slice'
  readonly input?: string
}

export const define: DefineCommand = (command, line) => {
  command
    .command('list', { isDefault: true })
    .description('what was asked of an endpoint, newest first')
    .argument('<endpoint>')
    .option('--show <what>', 'all, errors, labelled or wrong', oneOf('all', 'errors', 'labelled', 'wrong'), 'all')
    .option('--id <text>', 'only ids that hold this text')
    .option('--limit <n>', 'how many', parseCount, 20)
    .option('--from <time>', 'ISO 8601', parseTime)
    .option('--to <time>', 'ISO 8601', parseTime)
    .option('--revision <n>', 'answered by this revision', parseCount)
    .action(async (name: string, options: ListOptions) => {
      const page = await withEngine(line, ({ client }) =>
        client.call('listRequests', { params: { name }, query: { ...options } }),
      )
      line.answer(page, () => describeRequests(page.items))
    })
  command
    .command('show')
    .description('one row of a request: what was asked, answered and true')
    .argument('<endpoint>')
    .argument('<id>', 'as its answer told it in the header x-request-id')
    .option('--row <n>', 'its place among the rows of the request, from 0', parseCount, 0)
    .action(async (name: string, id: string, { row }: { row: number }) => {
      const found = await withEngine(line, ({ client }) =>
        client.call('getRequest', { params: { name, id }, query: { row } }),
      )
      line.answer(found, () => describeRequest(found))
    })
  command
    .command('sql')
    .description('asks the log with a SELECT over the tables requests (with labels), failures and labels')
    .argument('<endpoint>')
    .argument('<query>', 'in the dialect of DuckDB')
    .option('--limit <n>', 'how many rows', parseCount, 100)
    .action(async (name: string, sql: string, { limit }: { limit: number }) => {
      const answer = await withEngine(line, ({ client }) =>
        client.call('runRequestSql', { params: { name }, body: { sql, limit } }),
      )
      line.answer(answer, () => describeAnswer(answer))
    })
  command
    .command('performance')
    .description('what the answers were worth, as far as labels are known')
    .argument('<endpoint>')
    .option('--by <what>', 'day, revision or slice', oneOf('day', 'revision', 'slice'), 'day')
    .option('--input <name>', 'by whose values, with --by slice')
    .option('--from <time>', 'ISO 8601', parseTime)
    .option('--to <time>', 'ISO 8601', parseTime)
    .option('--revision <n>', 'answered by this revision', parseCount)
    .action(async (name: string, options: PerformanceOptions) => {
      const performance = await withEngine(line, ({ client }) =>
        client.call('getPerformance', { params: { name }, query: { ...options } }),
      )
      line.answer(performance, () => describePerformance(performance))
    })
}

function oneOf<Value extends string>(...allowed: readonly Value[]) {
  return (text: string): Value => {
    const found = allowed.find((value) => value === text)
    if (found === undefined) throw new InvalidArgumentError(`It is one of ${allowed.join(', ')}.`)
    return found
  }
}

function parseCount(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It is a whole number.')
}

function parseTime(text: string): number {
  const time = Date.parse(text)
  if (Number.isNaN(time)) throw new InvalidArgumentError('A time is written as 2026-01-31 or 2026-01-31T10:00:00Z.')
  return time
}

function describeRequests(requests: readonly RequestSummary[]): string {
  if (requests.length === 0) return 'The log holds no such requests.'
  const rows = requests.map(({ id, row, at, revision, error, prediction, probability, label, latencyMs }) => [
    formatInstant(at),
    row === 0 ? id : `${id} row ${row}`,
    revision === 0 ? '' : String(revision),
    error ?? String(prediction),
    probability === null ? '' : probability.toFixed(3),
    label === null ? '' : String(label),
    `${latencyMs.toFixed(1)} ms`,
  ])
  return formatTable(['at', 'request', 'revision', 'answer', 'probability', 'label', 'latency'], rows)
}

function describeAnswer({ columns, rows, total }: SqlAnswer): string {
  const names = columns.map(({ name }) => name)
  const table = formatTable(
    names,
    rows.map((row) => row.map(cellText)),
  )
  if (total === 0) return 'The query answers no rows.'
  return rows.length < total ? `${table}\n\nThe first ${rows.length} of ${total} rows.` : table
}

function cellText(value: Json): string {
  if (value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function describeRequest(request: RequestDetails): string {
  const { id, row, at, model, version, revision, error, prediction, probability, label, latencyMs, inputs } = request
  const facts = [
    `request   ${id}${row === 0 ? '' : ` row ${row}`}`,
    `at        ${formatInstant(at)}, ${latencyMs.toFixed(1)} ms`,
    `answered  ${error ?? `${prediction}${probability === null ? '' : ` (${probability.toFixed(3)})`}`}`,
    `label     ${label ?? 'not known'}`,
    `by        ${model === null ? 'no model' : `${model}/${version}, revision ${revision}`}`,
  ]
  const values = Object.entries(inputs).map(([name, value]) => [name, String(value)])
  return [...facts, '', formatTable(['input', 'value'], values)].join('\n')
}

function describePerformance({ all, by, parts, unmatchedLabels }: Performance): string {
  const names = [...new Set([all, ...parts].flatMap(({ metrics }) => metrics.map(({ name }) => name)))]
  const cells = (part: string, score: Score) => [
    part,
    String(score.rows),
    String(score.labelled),
    ...names.map((name) => metricText(score, name)),
  ]
  const table = formatTable(
    [by, 'rows', 'labelled', ...names],
    [...parts.map((part) => cells(part.part, part)), cells('all', all)],
  )
  return unmatchedLabels === 0 ? table : `${table}\n\n${unmatchedLabels} labels belong to no request of the log.`
}

function metricText({ metrics }: Score, name: string): string {
  const metric = metrics.find((each) => each.name === name)
  if (metric === undefined) return ''
  const { value, interval } = metric
  return interval === null
    ? value.toFixed(3)
    : `${value.toFixed(3)} (${interval.low.toFixed(3)} to ${interval.high.toFixed(3)})`
}
