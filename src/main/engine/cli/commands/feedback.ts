import { resolve } from 'node:path'
import { InvalidArgumentError } from 'commander'
import { EsteiraError } from '../../kernel/errors.ts'
import type { DefineCommand } from '../command-line.ts'
import { withEngine } from '../connect.ts'

interface Options {
  readonly id?: string
  readonly row: number
  readonly label?: string
  readonly entity?: Record<string, string | number | boolean>
  readonly at?: string
  readonly within?: string
  readonly file?: string
}

export const define: DefineCommand = (command, line) => {
  command
    .argument('<endpoint>')
    .option('--id <id>', 'of the request, as its answer told it in the header x-request-id')
    .option('--row <n>', 'its place among the rows of the request, from 0', parseRow, 0)
    .option('--entity <json>', 'in place of an id, inputs or keys and their values: {"origin": "ORD"}', parseEntity)
    .option('--at <time>', 'with --entity: the last answer up to this time is meant (ISO 8601; default: now)')
    .option('--within <duration>', 'with --entity: how long before that time it may have been (default: 1d)')
    .option('--label <value>', 'what turned out to be true')
    .option('--file <file>', 'many labels: CSV, Parquet or JSON with the columns id (or inputs) and label')
    .action(async (name: string, { file, ...one }: Options) => {
      const answer = await withEngine(line, ({ client }) =>
        file === undefined
          ? client.call('sendFeedback', { params: { name }, body: feedbackOf(one) })
          : client.call('importFeedback', { params: { name }, body: { path: resolve(file) } }),
      )
      line.answer(answer, () => `${answer.accepted} ${answer.accepted === 1 ? 'label is' : 'labels are'} stored.`)
    })
}

function feedbackOf({ id, row, entity, at, within, label }: Options) {
  if (label === undefined || (id === undefined) === (entity === undefined)) {
    throw new EsteiraError('invalid-usage', 'Either --file, or --label with --id or --entity is needed.', {
      next: 'For example: --id order-17 --label true',
    })
  }
  if (id !== undefined) return { id, row, label }
  return { entity: entity ?? {}, label, ...(at !== undefined && { at }), ...(within !== undefined && { within }) }
}

function parseRow(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It is a whole number.')
}

function parseEntity(text: string): Record<string, string | number | boolean> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.fromEntries(plain(value))
  } catch {
    // Said below.
  }
  throw new InvalidArgumentError('It is a JSON object of names and values, such as {"origin": "ORD"}.')
}

function plain(value: object): [string, string | number | boolean][] {
  return Object.entries(value).filter(
    (entry): entry is [string, string | number | boolean] => typeof entry[1] !== 'object',
  )
}
