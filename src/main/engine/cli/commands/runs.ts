import { InvalidArgumentError, Option } from 'commander'
import { type LogLine, type Run, type RunStatus, type RunSummary, runStatusSchema } from '#shared/runs.ts'
import type { CommandLine, DefineCommand } from '../command-line.ts'
import { type Connection, withEngine } from '../connect.ts'
import { formatInstant, formatMetrics, formatSeconds, formatTable, secondsBetween } from '../output.ts'

const logPage = 5_000

export const define: DefineCommand = (command, line) => {
  command
    .command('list', { isDefault: true })
    .description('runs, newest first')
    .option('--limit <count>', 'how many', parseCount, 20)
    .option('--pipeline <name>', 'only of this pipeline')
    .addOption(new Option('--status <status>', 'only with this status').choices(runStatusSchema.options))
    .action(async (query: { limit: number; pipeline?: string; status?: RunStatus }) => {
      const page = await withEngine(line, ({ client }) => client.call('listRuns', { query }))
      line.answer(page, () => describeRuns(page.items))
    })
  command
    .command('show')
    .description('one run with its steps')
    .argument('<id>')
    .action(async (id: string) => {
      const run = await withEngine(line, ({ client }) => client.call('getRun', { params: { id } }))
      line.answer(run, () => describeRun(run))
    })
  command
    .command('cancel')
    .description('cancel a run under way')
    .argument('<id>')
    .action(async (id: string) => {
      const run = await withEngine(line, ({ client }) => client.call('cancelRun', { params: { id } }))
      line.answer(run, () => `Run ${id}: ${run.status}.`)
    })
  command
    .command('retry')
    .description('run what failed, was cancelled or skipped again, and follow it')
    .argument('<id>')
    .action(async (id: string) => {
      const { retry } = await import('../follow-run.ts')
      await retry(line, id)
    })
  command
    .command('reproduce')
    .description('run again from the recorded commit, data, parameters and seed, and compare')
    .argument('<id>')
    .action(async (id: string) => {
      const { reproduce } = await import('../reproduce-run.ts')
      await reproduce(line, id)
    })
  command
    .command('record')
    .description('what a run was made with: versions, who, parameters, artifacts, commit and changes')
    .argument('<id>')
    .action(async (id: string) => {
      const { printRecord } = await import('../run-record.ts')
      await printRecord(line, id)
    })
  command
    .command('log')
    .description('what the steps wrote')
    .argument('<id>')
    .option('--step <name>', 'only of this step')
    .action((id: string, { step }: { step?: string }) => printLog(line, id, step))
}

function parseCount(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count >= 1 && count <= 1_000) return count
  throw new InvalidArgumentError('It is a number from 1 to 1000')
}

function describeRuns(runs: readonly RunSummary[]): string {
  if (runs.length === 0) return 'No runs yet.'
  const rows = runs.map((run) => [
    run.id,
    run.pipeline,
    run.status,
    formatInstant(run.createdAt),
    formatSeconds(secondsBetween(run.startedAt, run.finishedAt)),
    formatMetrics(run.metrics),
  ])
  return formatTable(['id', 'pipeline', 'status', 'created', 'time', 'metrics'], rows)
}

function describeRun(run: Run): string {
  const rows = run.steps.map((step) => [
    step.name,
    step.cached ? `${step.status} (cached)` : step.status,
    formatSeconds(secondsBetween(step.startedAt, step.finishedAt)),
    step.error?.detail ?? step.reason ?? '',
  ])
  return [
    `Run ${run.id} of ${run.pipeline}: ${run.status}, ${formatSeconds(secondsBetween(run.startedAt, run.finishedAt))}`,
    formatTable(['step', 'status', 'time', ''], rows),
    ...(Object.keys(run.metrics).length > 0 ? [formatMetrics(run.metrics)] : []),
    ...(run.error === null ? [] : [run.error.detail]),
  ].join('\n')
}

async function printLog(line: CommandLine, id: string, step: string | undefined): Promise<void> {
  const lines = await withEngine(line, (connection) => readLog(connection, id, step))
  line.answer(lines, () =>
    lines.map(({ step: name, level, text }) => `${name}: ${level === 'info' ? '' : `${level}: `}${text}`).join('\n'),
  )
}

async function readLog({ client }: Connection, id: string, step: string | undefined): Promise<LogLine[]> {
  const lines: LogLine[] = []
  for (;;) {
    const query = { after: lines.at(-1)?.sequence ?? 0, limit: logPage, ...(step !== undefined && { step }) }
    const page = await client.call('getRunLog', { params: { id }, query })
    lines.push(...page)
    if (page.length < logPage) return lines
  }
}
