/** `esteira runs reproduce`: follows a reproduction to its end and tells how it compares. Interrupted, it cancels it. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Reproduction, ReproductionReport } from '#shared/reproduction.ts'
import { fromProblem } from '../kernel/errors.ts'
import type { CommandLine } from './command-line.ts'
import { type Connection, withEngine } from './connect.ts'
import { formatTable } from './output.ts'

const pollMs = 500

export async function reproduce(line: CommandLine, runId: string): Promise<void> {
  const done = await withEngine(line, (connection) => follow(line, connection, runId))
  if (done.report === null) throw fromProblem(done.problem ?? notReported(done))
  const { report } = done
  line.answer(done, () => describe(report, done))
  if (report.verdict === 'differs') line.failed(null)
}

async function follow(line: CommandLine, { client }: Connection, runId: string): Promise<Reproduction> {
  const { id } = await client.call('reproduceRun', { params: { id: runId } })
  const cancel = () => void client.call('cancelReproduction', { params: { id } }).catch(() => undefined)
  process.once('SIGINT', cancel)
  try {
    for (let told = ''; ; await delay(pollMs)) {
      const now = await client.call('getReproduction', { params: { id } })
      if (now.finishedAt !== null) return now
      const words = now.newRunId === null ? 'preparing commit and data' : `running as ${now.newRunId}`
      if (words !== told) line.note(words)
      told = words
    }
  } finally {
    process.removeListener('SIGINT', cancel)
  }
}

function notReported({ status, runId }: Reproduction) {
  return {
    type: 'about:blank',
    title: 'The work was cancelled',
    status: 409,
    code: 'cancelled',
    detail: `The reproduction of ${runId} ended without a report: ${status}.`,
  }
}

function describe(report: ReproductionReport, { runId, newRunId }: Reproduction): string {
  const { verdict, steps, sources, environment, notes } = report
  const rows = steps.map(({ step, outcome, recordedStatus, status }) => [
    step,
    outcome,
    recordedStatus === status ? status : `${recordedStatus} → ${status}`,
  ])
  return [
    `Run ${runId}, made again as ${newRunId ?? ''}: ${verdict}.`,
    formatTable(['step', 'outcome', 'status'], rows),
    ...sources.map(
      ({ step, path, found }) => `${step}: the file ${path} is ${found === null ? 'gone' : 'another one'}.`,
    ),
    ...steps.flatMap(({ step, artifacts, values }) => [
      ...artifacts.flatMap(({ output, files }) => files.map(({ name }) => `${step}: ${output}/${name} differs.`)),
      ...values.map(({ name, recorded, again }) => `${step}: ${name} was ${text(recorded)}, is ${text(again)}.`),
    ]),
    ...environment.map(({ what, recorded, now }) => `${what} was ${recorded}, is ${now}.`),
    ...notes,
  ].join('\n')
}

function text(value: unknown): string {
  return JSON.stringify(value)
}
