import { InvalidArgumentError, Option } from 'commander'
import type { LineageAnswer, LineageGraph, StaleItem } from '#shared/lineage.ts'
import type { CommandLine, DefineCommand } from '../command-line.ts'
import { withEngine } from '../connect.ts'
import { formatTable } from '../output.ts'
import { projectIdOf } from '../project-choice.ts'

interface Options {
  readonly project?: string
  readonly limit: number
}

export const define: DefineCommand = (command, line) => {
  command
    .argument(
      '[thing]',
      'model/3, model@alias, a run, an artifact, dataset:flights, column:flights.distance, file:…, feature-view:…, pipeline:…, endpoint:…',
    )
    .option('--project <project>', 'its id, name or folder, where several have such a thing')
    .option('--limit <count>', 'the most things in each direction', parseCount, 200)
    .action(async (thing: string | undefined, options: Options) => {
      if (thing === undefined) return command.help({ error: true })
      await trace(line, thing, options)
    })
  command
    .command('export')
    .description('write the lineage of a run in a form that other tools read')
    .addOption(new Option('--format <format>', 'the form').choices(['openlineage']).default('openlineage'))
    .requiredOption('--run <id>', 'the run')
    .action(async ({ run }: { run: string }) => {
      const events = await withEngine(line, ({ client }) => client.call('getOpenLineage', { params: { id: run } }))
      // One event a line, as they are sent.
      line.answer(events, () => events.map((event) => JSON.stringify(event)).join('\n'))
    })
}

async function trace(line: CommandLine, of: string, { project, limit }: Options): Promise<void> {
  const answer = await withEngine(line, async ({ client }) => {
    const chosen = project === undefined ? {} : { project: await projectIdOf(client, project) }
    return await client.call('getLineage', { query: { of, limit, ...chosen } })
  })
  line.answer(answer, () => describe(answer))
}

function parseCount(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count >= 1 && count <= 500) return count
  throw new InvalidArgumentError('It is a number from 1 to 500')
}

function describe({ node, upstream, downstream, impact }: LineageAnswer): string {
  return [
    `${node.kind} ${node.label}${node.detail === '' ? '' : ` (${node.detail})`}`,
    '',
    section('Made of', upstream, node.id),
    section('Used by', downstream, node.id),
    ...(impact === null ? [] : [describeImpact(impact.items, impact)]),
  ].join('\n')
}

function section(title: string, { nodes, truncated }: LineageGraph, own: string): string {
  const rows = nodes
    .filter(({ id }) => id !== own)
    .map(({ kind, label, detail, state }) => [kind, label, detail, state ?? ''])
  if (rows.length === 0) return `${title}: nothing that is recorded.\n`
  return `${title}:\n${formatTable(['kind', 'name', '', 'state'], rows)}${truncated ? '\n… and more: see --limit.' : ''}\n`
}

function describeImpact(
  items: readonly StaleItem[],
  { versionsLeft, approximations }: { versionsLeft: number; approximations: readonly string[] },
): string {
  const rows = items.map(({ node, certainty, reason }) => [node.kind, node.label, certainty, reason])
  return [
    rows.length === 0
      ? 'Nothing would be stale if it changed.'
      : `Stale if it changed:\n${formatTable(['kind', 'name', '', 'why'], rows)}`,
    ...(versionsLeft > 0 ? [`${versionsLeft} older versions were not looked at.`] : []),
    ...approximations.map((text) => `Approximate: ${text}`),
  ].join('\n')
}
