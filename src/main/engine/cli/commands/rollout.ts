import { InvalidArgumentError, Option } from 'commander'
import type { Rollout, RolloutCheck, RolloutDetails } from '#shared/rollout.ts'
import type { DefineCommand } from '../command-line.ts'
import { type Connection, withEngine } from '../connect.ts'
import { formatInstant, formatTable } from '../output.ts'
import { parseVersion } from './models.ts'

interface StartOptions {
  readonly kind: 'canary' | 'a-b' | 'shadow'
  readonly spec?: string
  readonly reason?: string
}

interface EndOptions {
  readonly reason?: string
  readonly keepChampion?: boolean
}

export const define: DefineCommand = (command, line) => {
  command
    .command('start')
    .description('bring a version to an endpoint beside the one that answers')
    .argument('<endpoint>')
    .argument('<model>')
    .argument('<version>', 'its number', parseVersion)
    .addOption(new Option('--kind <kind>', 'how it comes').choices(['canary', 'a-b', 'shadow']).default('canary'))
    .option('--spec <json>', 'what else the rollout is to be: see docs/rollouts.md', parseObject)
    .option('--reason <text>', 'kept in the ledger', '')
    .action(async (name: string, model: string, version: number, options: StartOptions) => {
      const { rolloutSpecSchema } = await import('#shared/rollout.ts')
      const { refusedSpec } = await import('../rollout-spec.ts')
      const given: unknown = JSON.parse(options.spec ?? '{}')
      const parsed = rolloutSpecSchema.safeParse({ kind: options.kind, ...Object(given) })
      if (!parsed.success) throw refusedSpec(parsed.error)
      const body = { model, version, rollout: parsed.data, reason: options.reason ?? '' }
      const rollout = await withEngine(line, ({ client }) => client.call('startRollout', { params: { name }, body }))
      line.answer(rollout, () => describeRollout(rollout))
    })
  command
    .command('status', { isDefault: true })
    .description('the last rollout of an endpoint: where it stands, and what was decided why')
    .argument('<endpoint>')
    .action(async (name: string) => {
      const details = await withEngine(line, (connection) => lastOf(connection, name))
      line.answer(details, () => (details === null ? 'No rollouts yet.' : describe(details)))
    })
  const endings = [
    { verb: 'promote', route: 'promoteRollout', description: 'the new version answers every request' },
    { verb: 'abort', route: 'abortRollout', description: 'the version that answered before answers every request' },
  ] as const
  for (const { verb, route, description } of endings) {
    const ending = command
      .command(verb)
      .description(description)
      .argument('<endpoint>')
      .option('--reason <text>', 'kept in the ledger', '')
    if (verb === 'abort') ending.option('--keep-champion', 'leave the champion where it is')
    ending.action(async (name: string, { reason = '', keepChampion }: EndOptions) => {
      const ended = await withEngine(line, async (connection) => {
        const last = await lastOf(connection, name)
        const { noRollout } = await import('../rollout-spec.ts')
        if (last === null) throw noRollout(name)
        return await connection.client.call(route, {
          params: { name, id: last.rollout.id },
          body: { reason, keepChampion },
        })
      })
      line.answer(ended, () => describeRollout(ended))
    })
  }
}

async function lastOf({ client }: Connection, name: string): Promise<RolloutDetails | null> {
  const { items } = await client.call('listRollouts', { params: { name }, query: { limit: 1 } })
  const [last] = items
  return last === undefined ? null : await client.call('getRollout', { params: { name, id: last.id } })
}

/** As it came: it is read once the command runs. */
function parseObject(text: string): string {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return text
  } catch {
    // Told below.
  }
  throw new InvalidArgumentError('The specification is a JSON object, such as {"steps": [0.1, 0.5], "hold": "30m"}')
}

function describeRollout({ endpoint, spec, model, version, revision, stable, state, share }: Rollout): string {
  const name = `${model}/${version}`
  const gets = spec.kind === 'shadow' ? 'is asked a copy of' : 'answers'
  const shown = `${Math.round(share * 1_000) / 10} %`
  return `${spec.kind} of ${name} (revision ${revision}) at ${endpoint}: ${state}; it ${gets} ${shown} of the requests, ${stable.model}/${stable.version} the rest.`
}

function describe({ rollout, entries }: RolloutDetails): string {
  const { figures, checks } = rollout
  const ledger = entries.map(({ at, action, actor, fromShare, toShare, reason }) => [
    formatInstant(at),
    action,
    actor,
    `${fromShare} → ${toShare}`,
    reason,
  ])
  return [
    describeRollout(rollout),
    `requests  ${figures.candidate.requests} of the new version, ${figures.stable.requests} of the stable one, in this step`,
    ...(checks.length > 0 ? ['', formatTable(['check', 'state', 'new', 'stable', 'limit'], checks.map(checkRow))] : []),
    '',
    formatTable(['when', 'what', 'who', 'share', 'why'], ledger),
  ].join('\n')
}

function checkRow({ check, status, value, stable, limit }: RolloutCheck): string[] {
  const shown = (number: number | null) => (number === null ? '' : String(Number(number.toPrecision(4))))
  return [check, status, shown(value), shown(stable), shown(limit)]
}
