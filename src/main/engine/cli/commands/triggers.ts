import { InvalidArgumentError } from 'commander'
import type { Trigger, TriggerCheck, TriggerDecisionPage, TriggerState } from '#shared/triggers.ts'
import type { CommandLine, DefineCommand } from '../command-line.ts'
import { withEngine } from '../connect.ts'
import { formatInstant, formatTable } from '../output.ts'
import { decisionWords, evidenceWords, holdWords } from '../trigger-words.ts'
import { defineBacktest } from './triggers-backtest.ts'

export const define: DefineCommand = (command, line) => {
  command
    .command('list', { isDefault: true })
    .description('what starts runs by itself, the next first')
    .action(async () => {
      const state = await withEngine(line, ({ client }) => client.call('listTriggers'))
      line.answer(state, () => describeTriggers(state))
    })
  command
    .command('show')
    .description('one trigger and its last decision')
    .argument('<id>')
    .action(async (id: string) => {
      const trigger = await withEngine(line, ({ client }) => client.call('getTrigger', { params: { id } }))
      line.answer(trigger, () => describeTrigger(trigger))
    })
  command
    .command('history')
    .description('what was decided, and why, newest first')
    .argument('<id>')
    .option('--limit <number>', 'how many decisions', parseCount, 50)
    .option('--cursor <cursor>', 'goes on after the page before')
    .action(async (id: string, query: { limit: number; cursor?: string }) => {
      const page = await withEngine(line, ({ client }) =>
        client.call('listTriggerDecisions', { params: { id }, query }),
      )
      line.answer(page, () => describeHistory(page))
    })
  command
    .command('check')
    .description('what would be decided now, and why; starts nothing')
    .argument('<id>')
    .action(async (id: string) => {
      const check = await withEngine(line, ({ client }) => client.call('checkTrigger', { params: { id } }))
      line.answer(check, () => describeCheck(check))
    })
  command
    .command('fire')
    .description('start a run now, whatever the conditions say')
    .argument('<id>')
    .action(async (id: string) => {
      const request = { params: { id }, body: { actor: 'cli' } }
      const run = await withEngine(line, ({ client }) => client.call('fireTrigger', request))
      line.answer(run, () => `Run ${run.id} of ${run.pipeline} was started.`)
    })
  command
    .command('pause')
    .description('hold one trigger back, or all')
    .argument('[id]', 'one trigger; all when left out')
    .action((id?: string) => setPaused(line, id, true))
  command
    .command('resume')
    .description('let triggers go on; what was planned meanwhile is left out')
    .argument('[id]', 'one trigger; all when left out')
    .action((id?: string) => setPaused(line, id, false))
  defineBacktest(command, line)
}

async function setPaused(line: CommandLine, id: string | undefined, paused: boolean): Promise<void> {
  if (id === undefined) {
    const state = await withEngine(line, ({ client }) => client.call('pauseTriggers', { body: { paused } }))
    return line.answer(state, () => (paused ? 'All triggers are paused.' : 'The triggers go on.'))
  }
  const request = { params: { id }, body: { paused } }
  const trigger = await withEngine(line, ({ client }) => client.call('pauseTrigger', request))
  line.answer(trigger, () => `The trigger "${trigger.label}" ${paused ? 'is paused' : 'goes on'}.`)
}

function parseCount(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count >= 1 && count <= 1_000) return count
  throw new InvalidArgumentError('A number from 1 to 1000.')
}

function describeTriggers({ paused, triggers }: TriggerState): string {
  if (triggers.length === 0) return 'No triggers yet: list them under "triggers" in a pipeline file.'
  const rows = triggers.map((trigger) => [
    trigger.id,
    trigger.projectId,
    trigger.pipeline,
    trigger.label,
    nextWords(trigger),
    trigger.decision === null ? '' : `${formatInstant(trigger.decision.lastAt)} ${trigger.decision.outcome}`,
  ])
  const table = formatTable(['id', 'project', 'pipeline', 'trigger', 'next', 'last decision'], rows)
  return paused ? `All triggers are paused; "esteira triggers resume" lets them go on.\n${table}` : table
}

function nextWords({ nextAt, pausedAt }: Trigger): string {
  if (pausedAt !== null) return 'paused'
  return nextAt === null ? 'waits' : formatInstant(nextAt)
}

function describeTrigger(trigger: Trigger): string {
  const { id, pipeline, label, lastAt, lastRunId, decision } = trigger
  return [
    `${label} → ${pipeline}  (${id})`,
    `next: ${nextWords(trigger)}`,
    `last run: ${lastAt === null ? 'none yet' : `${formatInstant(lastAt)} ${lastRunId}`}`,
    `last decision: ${decision === null ? 'none yet' : `${formatInstant(decision.lastAt)} ${decisionWords(decision)}`}`,
  ].join('\n')
}

function describeHistory({ items, nextCursor }: TriggerDecisionPage): string {
  if (items.length === 0) return 'No decision yet.'
  const lines = items.map((decision) => {
    const times = decision.count === 1 ? '' : ` (${decision.count} times up to ${formatInstant(decision.lastAt)})`
    return `${formatInstant(decision.at)}${times}  ${decisionWords(decision)}`
  })
  return [...lines, ...(nextCursor === undefined ? [] : [`Older ones: --cursor ${nextCursor}`])].join('\n')
}

const outcomeWords: Record<TriggerCheck['outcome'], string> = {
  start: 'A run would start now.',
  'start-late': 'A run would start now, late.',
  skip: 'The planned time would be skipped.',
  'not-met': 'No run: the conditions are not met.',
  held: 'No run: the conditions are met, but it is held back.',
  wait: 'No run: nothing has happened that it waits for.',
  watching: 'No run: from now on the data would be watched.',
}

function describeCheck({ outcome, conditions, holds, parameters, paused }: TriggerCheck): string {
  return [
    outcomeWords[outcome],
    ...(paused ? ['It is paused, so not even that would happen.'] : []),
    ...conditions.map((evidence) => `${evidence.met ? 'met' : 'not met'}: ${evidenceWords(evidence)}`),
    ...holds.map((hold) => `held back: ${holdWords(hold)}`),
    ...Object.entries(parameters).map(([name, value]) => `${name} = ${JSON.stringify(value)}`),
  ].join('\n')
}
