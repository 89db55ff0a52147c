/** `esteira triggers backtest`: what trigger policies would have done, and what that was worth. */
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Backtest, BacktestInput, BacktestSummary, Policy } from '#shared/backtest.ts'
import { backtestCsv } from '#shared/backtest-export.ts'
import { parsePolicy } from '#shared/backtest-policy-text.ts'
import { EsteiraError } from '../../kernel/errors.ts'
import { describeBacktest } from '../backtest-view.ts'
import type { CommandLine } from '../command-line.ts'
import { withEngine } from '../connect.ts'
import { followRun } from '../follow-run.ts'
import { formatInstant, formatTable } from '../output.ts'

interface Options {
  readonly project: string
  readonly from?: string
  readonly to?: string
  readonly span?: string
  readonly window?: readonly string[]
  readonly first: number
  readonly trainOn?: number
  readonly policy?: readonly string[]
  readonly metric?: string
  readonly gate: 'better' | 'none'
  readonly gain: number
  readonly labelDelay: number
  readonly csv?: string
}

const policyHelp =
  'a policy as text, e.g. "never", "monthly: every 1", "drift > 0.1 and auc < 0.65; cooldown 2; budget 4 runs"; may be given again'

export function defineBacktest(command: Command, line: CommandLine): void {
  const backtest = command.command('backtest').description('replay history through trigger policies and compare them')
  backtest
    .command('run', { isDefault: true })
    .description('compute what is not known yet, then compare')
    .argument('<pipeline>', 'name of a file in pipelines/, without its ending')
    .option('--project <dir>', 'the project folder', '.')
    .option('--from <date>', 'the first day of the history (default: of the data)')
    .option('--to <date>', 'the day after the last one')
    .option('--span <length>', 'month, quarter, year, week, day or a number of days such as 10d')
    .option('--window <parameters...>', 'the two parameters that say from when and to when rows are read')
    .option('--first <spans>', 'how many spans the first model learns from', parseSpans, 1)
    .option('--train-on <spans>', 'how many newest spans a model learns from (default: all so far)', parseSpans)
    .option('--policy <text...>', policyHelp)
    .option('--metric <name>', 'what to compare by (default: the main metric of the model)')
    .addOption(
      new Option('--gate <mode>', 'better: a new model must beat the champion')
        .choices(['better', 'none'])
        .default('better'),
    )
    .option('--gain <figure>', 'by how much it must beat the champion', parseFigure, 0)
    .option('--label-delay <spans>', 'after how many further spans labels are known', parseSpansOrNone, 0)
    .option('--csv <file>', 'write the result as CSV too')
    .action((pipeline: string, options: Options) => run(line, pipeline, options))
  backtest
    .command('list')
    .description('back-tests, newest first')
    .action(async () => {
      const page = await withEngine(line, ({ client }) => client.call('listBacktests', { query: { limit: 50 } }))
      line.answer(page, () => describeList(page.items))
    })
  backtest
    .command('show')
    .description('one back-test with its results')
    .argument('<id>')
    .option('--csv <file>', 'write the result as CSV too')
    .action(async (id: string, { csv }: { csv?: string }) => {
      const found = await withEngine(line, ({ client }) => client.call('getBacktest', { params: { id } }))
      await answer(line, found, csv)
    })
}

async function run(line: CommandLine, pipeline: string, options: Options): Promise<void> {
  const given = (options.policy ?? []).map(readPolicy)
  let id = ''
  const done = await followRun(
    line,
    async ({ client }) => {
      const body = { path: resolve(options.project), trust: false }
      const { id: projectId } = await client.call('addProject', { body })
      const request = requestOf({ projectId, pipeline, startedBy: 'cli' }, options, given)
      const started = await client.call('startBacktest', { body: request })
      id = started.id
      return client.call('getRun', { params: { id: started.run?.id ?? '' } })
    },
    ({ client }) => client.call('getBacktest', { params: { id } }),
  )
  await answer(line, done, options.csv)
  if (done.status === 'failed' || done.status === 'cancelled') line.failed(done.problem)
}

function requestOf(
  base: Pick<BacktestInput, 'projectId' | 'pipeline' | 'startedBy'>,
  options: Options,
  policies: Policy[],
): BacktestInput {
  const { from, to, span, metric } = options
  return {
    ...base,
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(span !== undefined && { span }),
    ...(metric !== undefined && { metric }),
    ...(options.window !== undefined && { window: readWindow(options.window) }),
    ...(policies.length > 0 && { policies }),
    initialSpans: options.first,
    trainingSpans: options.trainOn ?? null,
    gate: { mode: options.gate, minimumGain: options.gain },
    labelDelaySpans: options.labelDelay,
  }
}

async function answer(line: CommandLine, backtest: Backtest, csv: string | undefined): Promise<void> {
  if (csv !== undefined && backtest.results.length > 0) await writeFile(csv, backtestCsv(backtest))
  line.answer(backtest, () => describeBacktest(backtest))
}

function describeList(items: readonly BacktestSummary[]): string {
  if (items.length === 0) return 'No back-tests yet: esteira triggers backtest <pipeline>.'
  const rows = items.map(({ id, pipeline, status, createdAt, matrixSettings, settings }) => [
    id,
    pipeline,
    status,
    formatInstant(createdAt),
    `${matrixSettings.from} to ${matrixSettings.to} by ${matrixSettings.span}`,
    settings.policies.map(({ name }) => name).join(', '),
  ])
  return formatTable(['id', 'pipeline', 'status', 'created', 'history', 'policies'], rows)
}

function readPolicy(text: string): Policy {
  const parsed = parsePolicy(text)
  if (parsed.ok) return parsed.policy
  const { message, found, allowed } = parsed
  throw new EsteiraError('invalid-usage', message, { where: '--policy', found, allowed })
}

function readWindow(names: readonly string[]): { from: string; to: string } {
  const [from, to, ...more] = names
  if (from !== undefined && to !== undefined && more.length === 0) return { from, to }
  throw new EsteiraError('invalid-usage', 'The window is two parameters of the pipeline.', {
    where: '--window',
    found: names.join(' '),
    allowed: 'e.g. --window from to',
  })
}

function parseSpans(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count >= 1) return count
  throw new InvalidArgumentError('It is a number of spans, from 1 on')
}

function parseSpansOrNone(text: string): number {
  return text === '0' ? 0 : parseSpans(text)
}

function parseFigure(text: string): number {
  const figure = Number(text)
  if (text.trim() !== '' && Number.isFinite(figure) && figure >= 0) return figure
  throw new InvalidArgumentError('It is a number, 0 or more')
}
