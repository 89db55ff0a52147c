/** `esteira endpoints budget`: what a version must keep to before it gets traffic, and what versions did. */
import { InvalidArgumentError } from 'commander'
import type { EndpointBudget, InfrastructureCheck } from '#shared/rollout.ts'
import type { DefineCommand } from './command-line.ts'
import { withEngine } from './connect.ts'
import { formatInstant, formatTable } from './output.ts'

interface BudgetOptions {
  readonly latency?: number
  readonly memory?: number
  readonly tolerance?: number
}

const mebibyte = 1024 ** 2

export const defineBudget: DefineCommand = (command, line) => {
  command
    .command('budget')
    .description('what a version must keep to before it gets traffic, and what versions did; with options, changes it')
    .argument('<name>')
    .option('--latency <ms>', 'at most this for the slowest hundredth of requests', parseLimit)
    .option('--memory <megabytes>', 'at most this for loading the model', parseLimit)
    .option('--tolerance <difference>', 'how far an answer may be from the recorded one, from 0 to 1', parseTolerance)
    .action(async (name: string, { latency, memory, tolerance }: BudgetOptions) => {
      const body = { latencyP99Ms: latency, memoryMb: memory, tolerance }
      const isChange = Object.values(body).some((value) => value !== undefined)
      const params = { name }
      const answer = await withEngine(line, async ({ client }) => ({
        budget: await (isChange
          ? client.call('putEndpointBudget', { params, body })
          : client.call('getEndpointBudget', { params })),
        checks: await client.call('listInfrastructureChecks', { params }),
      }))
      line.answer(answer, () => describe(answer))
    })
}

function parseLimit(text: string): number {
  const limit = Number(text)
  if (text.trim() !== '' && limit > 0 && Number.isFinite(limit)) return limit
  throw new InvalidArgumentError('A limit is a number above 0')
}

function parseTolerance(text: string): number {
  const tolerance = Number(text)
  if (text.trim() !== '' && tolerance >= 0 && tolerance <= 1) return tolerance
  throw new InvalidArgumentError('A tolerance is a number from 0 to 1')
}

function describe({ budget, checks }: { budget: EndpointBudget; checks: readonly InfrastructureCheck[] }): string {
  const limits = [
    `latency    ${budget.latencyP99Ms} ms (p99)`,
    `memory     ${budget.memoryMb} MB`,
    `tolerance  ${budget.tolerance}`,
  ]
  const rows = checks.map(({ at, model, version, artifactHash, passed, latencyP99Ms, memoryBytes, problems }) => [
    formatInstant(at),
    model === undefined || version === undefined ? artifactHash.slice(0, 8) : `${model}/${version}`,
    passed ? 'passed' : 'refused',
    latencyP99Ms === null ? '' : `${latencyP99Ms.toFixed(1)} ms`,
    memoryBytes === null ? '' : `${(memoryBytes / mebibyte).toFixed(1)} MB`,
    problems.join(' '),
  ])
  if (rows.length === 0) return limits.join('\n')
  return [...limits, '', formatTable(['checked', 'version', 'outcome', 'p99', 'memory', 'why'], rows)].join('\n')
}
