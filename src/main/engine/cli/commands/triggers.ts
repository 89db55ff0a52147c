import type { Trigger, TriggerState } from '#shared/triggers.ts'
import type { CommandLine, DefineCommand } from '../command-line.ts'
import { withEngine } from '../connect.ts'
import { formatInstant, formatTable } from '../output.ts'
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
    .command('pause')
    .description('hold all triggers back')
    .action(() => setPaused(line, true))
  command
    .command('resume')
    .description('let the triggers go on; what was planned meanwhile is left out')
    .action(() => setPaused(line, false))
  defineBacktest(command, line)
}

async function setPaused(line: CommandLine, paused: boolean): Promise<void> {
  const state = await withEngine(line, ({ client }) => client.call('pauseTriggers', { body: { paused } }))
  line.answer(state, () => (paused ? 'All triggers are paused.' : 'The triggers go on.'))
}

function describeTriggers({ paused, triggers }: TriggerState): string {
  if (triggers.length === 0) return 'No triggers yet: list them under "triggers" in a pipeline file.'
  const rows = triggers.map((trigger) => [
    trigger.projectId,
    trigger.pipeline,
    trigger.schedule,
    trigger.timeZone,
    trigger.nextAt === null ? '' : formatInstant(trigger.nextAt),
    describeLast(trigger),
  ])
  const table = formatTable(['project', 'pipeline', 'schedule', 'time zone', 'next', 'last'], rows)
  return paused ? `All triggers are paused; "esteira triggers resume" lets them go on.\n${table}` : table
}

function describeLast({ decisions }: Trigger): string {
  const [last] = decisions
  if (last === undefined) return ''
  const what = last.problem?.detail ?? last.runId ?? ''
  return `${formatInstant(last.at)} ${last.outcome} ${what}`.trim()
}
