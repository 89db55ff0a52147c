import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { ApiError } from '#shared/client.ts'
import { problemSchema } from '#shared/errors.ts'
import { type Explanation, explanationAnswerSchema } from '#shared/explanations.ts'
import { EsteiraError } from '../../kernel/errors.ts'
import type { CommandLine, DefineCommand } from '../command-line.ts'
import { type Connection, withEngine } from '../connect.ts'
import { sendTo } from '../http.ts'
import { formatTable } from '../output.ts'
import { predictTable } from '../predict-table.ts'

interface Options {
  readonly rows?: string
  readonly file?: string
  readonly explain?: boolean
  readonly key?: string
  readonly model?: string
  readonly dataset?: string
  readonly where?: string
  readonly keep?: string
  readonly output?: string
}

const answerSchema = z.looseObject({ predictions: z.array(z.looseObject({})) })

export const define: DefineCommand = (command, line) => {
  command
    .argument('[endpoint]', 'needed, save with --model and --output')
    .option('--rows <json>', 'a JSON list of rows, or one row: {"input": value, …}')
    .option('--file <file>', 'the same in a file, or one row a line; with --output: CSV, Parquet, JSON or SQLite')
    .option('--key <key>', 'of the endpoint, where it asks for one (default: ESTEIRA_KEY of the environment)')
    .option('--explain', 'what each input contributed, in place of the predictions')
    .option('--output <file>', 'predict all rows of --file or --dataset into this Parquet file')
    .option('--model <model>', 'with --output, in place of the endpoint: model@alias or model/version')
    .option('--dataset <name>', "with --output, in place of --file: a dataset of the model's project")
    .option('--where <condition>', 'with --dataset: an SQL condition on its rows')
    .option('--keep <columns>', 'with --output: the columns to keep beside the answers, with commas (default: all)')
    .action(async (endpoint: string | undefined, options: Options) => {
      if (options.output !== undefined) {
        const keep = options.keep?.split(',').filter((name) => name !== '')
        await predictTable(line, { ...options, endpoint, output: options.output, keep })
        return
      }
      await predictRows(line, endpoint, options)
    })
}

async function predictRows(line: CommandLine, endpoint: string | undefined, options: Options): Promise<void> {
  const stray = (['model', 'dataset', 'where', 'keep'] as const).find((name) => options[name] !== undefined)
  if (stray !== undefined || endpoint === undefined) {
    throw new EsteiraError('invalid-usage', stray ? `--${stray} needs --output.` : 'An endpoint is needed.', {
      next: 'For example: esteira predict flight-delay --file in.csv --output out.parquet',
    })
  }
  const rows = await readRows(options)
  const key = options.key ?? process.env.ESTEIRA_KEY
  if (options.explain) {
    const answer = await withEngine(line, (connection) => explain(connection, endpoint, { rows, key }))
    line.answer(answer, () => answer.explanations.map(describeExplanation).join('\n\n'))
    return
  }
  const answer = await withEngine(line, (connection) => predict(connection, endpoint, { rows, key }))
  line.answer(answer, () => describePredictions(answer.predictions))
}

async function readRows({ rows, file }: Options): Promise<readonly unknown[]> {
  if ((rows === undefined) === (file === undefined)) {
    throw new EsteiraError('invalid-usage', 'Either --rows or --file is needed.', {
      next: `For example: --rows '[{"distance": 500}]'`,
    })
  }
  if (rows !== undefined) return parseRows(rows, '--rows')
  const path = file ?? ''
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    throw new EsteiraError('invalid-usage', `The file of rows cannot be read: ${reason}.`, { where: path })
  })
  return parseRows(text, path)
}

/** A list of rows, an object with such a list named "rows", one row, or one row a line. */
function parseRows(text: string, where: string): readonly unknown[] {
  const whole = tryParse(text)
  if (whole !== undefined) {
    if (Array.isArray(whole.value)) return whole.value
    const wrapped = z.strictObject({ rows: z.array(z.unknown()) }).safeParse(whole.value)
    return wrapped.success ? wrapped.data.rows : [whole.value]
  }
  return text
    .split('\n')
    .filter((row) => row.trim() !== '')
    .map((row, index) => {
      const parsed = tryParse(row)
      if (parsed !== undefined) return parsed.value
      throw new EsteiraError('invalid-usage', 'The rows are not JSON.', {
        where: `${where}, line ${index + 1}`,
        found: row.slice(0, 80),
      })
    })
}

function tryParse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

/** How long an engine that has just started may take to load the model. */
const longestLoadMs = 30_000
const pollMs = 50

interface Question {
  readonly rows: readonly unknown[]
  readonly key: string | undefined
}

async function predict(connection: Connection, name: string, question: Question) {
  return answerSchema.parse(await ask(await readyUrl(connection, name), question))
}

async function explain(connection: Connection, name: string, question: Question) {
  const url = (await readyUrl(connection, name)).replace(/predict$/, 'explain')
  return explanationAnswerSchema.parse(await ask(url, question))
}

async function ask(url: string, { rows, key }: Question): Promise<unknown> {
  const headers = { 'content-type': 'application/json', ...(key !== undefined && { authorization: `Bearer ${key}` }) }
  const { status, text } = await sendTo(url, { method: 'POST', headers, body: JSON.stringify({ rows }) })
  if (status >= 400) throw new ApiError(problemSchema.parse(JSON.parse(text)))
  return JSON.parse(text)
}

/** @throws EsteiraError `endpoint-not-ready`, ApiError `endpoint-not-found` */
async function readyUrl({ client }: Connection, name: string): Promise<string> {
  const deadline = Date.now() + longestLoadMs
  for (;;) {
    const { url, state, message } = await client.call('getEndpoint', { params: { name } })
    if (state === 'ready' && url !== null) return url
    if (state !== 'loading' || Date.now() > deadline) {
      throw new EsteiraError('endpoint-not-ready', `The endpoint "${name}" does not answer: ${message ?? state}`, {
        where: name,
        next: 'Deploy a model version to it with "esteira deploy".',
      })
    }
    await delay(pollMs)
  }
}

function describePredictions(predictions: readonly Record<string, unknown>[]): string {
  const columns = [...new Set(predictions.flatMap((prediction) => Object.keys(prediction)))]
  const rows = predictions.map((prediction) => columns.map((column) => describeValue(prediction[column])))
  return formatTable(columns, rows)
}

/** The base first, then what each input adds to it. */
function describeExplanation({ class: explained, base, output, contributions }: Explanation): string {
  const rows = [
    ['(base)', describeValue(base), ''],
    ...contributions.map(({ input, value, error }) => [
      input,
      `${value < 0 ? '' : '+'}${describeValue(value)}`,
      `± ${describeValue(error)}`,
    ]),
    ['= output', describeValue(output), ''],
  ]
  return formatTable(['input', explained === undefined ? 'value' : `probability of ${explained}`, 'error'], rows)
}

function describeValue(value: unknown): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(6)))
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}
