import { Argument } from 'commander'
import type { RollBack, RollBackRequest } from '#shared/roll-back.ts'
import type { DefineCommand } from '../command-line.ts'
import { type Connection, withEngine } from '../connect.ts'

interface Options {
  readonly to: string
  readonly project?: string
  readonly reason: string
  readonly dryRun?: true
}

export const define: DefineCommand = (command, line) => {
  command
    .addArgument(new Argument('<kind>', 'what goes back').choices(['model', 'pipeline', 'feature-view']))
    .argument('<name>')
    .requiredOption('--to <version>', 'the number of a model version, or the version of a pipeline or feature view')
    .option('--project <folder>', 'of the pipeline or feature view (default: the current folder)')
    .option('--reason <text>', 'kept in the history', '')
    .option('--dry-run', 'show what would change, and change nothing')
    .action(async (kind: RollBackRequest['kind'], name: string, options: Options) => {
      const { to, reason, dryRun = false } = options
      const done = await withEngine(line, async (connection) => {
        const projectId = kind === 'model' ? undefined : await projectOf(connection, options.project)
        const body = { kind, name, to, reason, dryRun, ...(projectId !== undefined && { projectId }) }
        return await connection.client.call('rollBackTo', { body })
      })
      line.answer(done, () => describe(done))
    })
}

async function projectOf({ client }: Connection, folder = '.'): Promise<string> {
  const { resolve } = await import('node:path')
  const project = await client.call('addProject', { body: { path: resolve(folder) } })
  return project.id
}

function describe({ kind, name, from, to, before, after, applied, commit }: RollBack): string {
  const outcome = applied
    ? `Rolled back ${kind} ${name} from ${from ?? 'none'} to ${to}.${commit === null ? '' : ` Commit ${commit.hash.slice(0, 10)}.`}`
    : `${kind} ${name}: ${from ?? 'none'} → ${to}; nothing was changed.`
  return `${lineDifference(before, after)}${outcome}${applied && from !== null ? `\nTo undo: --to ${from}` : ''}`
}

/** Lines that go and come, without what stays: a person wants to see what changes. */
function lineDifference(before: string, after: string): string {
  const [old, fresh] = [before.split('\n'), after.split('\n')]
  const gone = old.filter((text) => !fresh.includes(text)).map((text) => `- ${text}\n`)
  const come = fresh.filter((text) => !old.includes(text)).map((text) => `+ ${text}\n`)
  return [...gone, ...come].join('')
}
