import { InvalidArgumentError } from 'commander'
import type { Approval } from '#shared/approvals.ts'
import type { ModelVersion, RegisteredModel } from '#shared/models.ts'
import type { DefineCommand } from '../command-line.ts'
import { withEngine } from '../connect.ts'
import { type ImportOptions, importModel } from '../import-model.ts'
import { formatInstant, formatMetrics, formatTable } from '../output.ts'

export const define: DefineCommand = (command, line) => {
  command
    .command('list', { isDefault: true })
    .description('the registered models')
    .action(async () => {
      const models = await withEngine(line, ({ client }) => client.call('listModels'))
      line.answer(models, () => describeModels(models))
    })
  command
    .command('show')
    .description('one model and its versions')
    .argument('<name>')
    .action(async (name: string) => {
      const params = { name }
      const answer = await withEngine(line, async ({ client }) => ({
        ...(await client.call('getModel', { params })),
        versions: (await client.call('listModelVersions', { params })).items,
      }))
      line.answer(answer, () => describeVersions(answer.versions))
    })
  command
    .command('card')
    .description('the model card of a version, in Markdown')
    .argument('<name>')
    .argument('<version>', 'its number', parseVersion)
    .action(async (name: string, version: number) => {
      const card = await withEngine(line, ({ client }) => client.call('getModelCard', { params: { name, version } }))
      line.answer(card, () => card.markdown.trimEnd())
    })
  command
    .command('alias')
    .description('point an alias at a version')
    .argument('<name>')
    .argument('<alias>', 'such as champion')
    .argument('<version>', 'its number', parseVersion)
    .option('--reason <text>', 'kept in the history')
    .action(async (name: string, alias: string, version: number, { reason = '' }: { reason?: string }) => {
      const request = { params: { name, alias }, body: { version, reason } }
      const model = await withEngine(line, ({ client }) => client.call('moveAlias', request))
      line.answer(model, () => `${name}@${alias} is version ${version}.`)
    })
  command
    .command('import')
    .description('make an ONNX file that was made elsewhere a version of a model')
    .argument('<file>', 'such as model.onnx')
    .requiredOption('--model <name>', 'in the registry')
    .option('--project <dir>', 'the project that the model belongs to', '.')
    .option('--signature <file>', 'YAML or JSON: target, task, classes and inputs, where the file does not say')
    .option('--promote <alias>', 'the alias that moves to the version, such as champion (default: none)')
    .action((file: string, options: ImportOptions) => importModel(line, file, options))
  defineApprovals(command, line)
}

const defineApprovals: DefineCommand = (command, line) => {
  command
    .command('approvals')
    .description('the versions that a gate asked a person about')
    .option('--all', 'also those that are decided')
    .option('--model <name>', 'of one model')
    .action(async ({ all = false, model }: { all?: boolean; model?: string }) => {
      const query = { ...(!all && { state: 'pending' as const }), ...(model !== undefined && { model }) }
      const { items } = await withEngine(line, ({ client }) => client.call('listApprovals', { query }))
      line.answer(items, () => describeApprovals(items))
    })
  for (const decision of ['approve', 'reject'] as const) {
    command
      .command(decision)
      .description(decisionTexts[decision])
      .argument('<id>', 'of the approval')
      .option('--reason <text>', 'kept in the history')
      .action(async (id: string, { reason = '' }: { reason?: string }) => {
        const request = { params: { id }, body: { decision, reason } }
        const approval = await withEngine(line, ({ client }) => client.call('decideApproval', request))
        line.answer(approval, () => describeDecision(approval))
      })
  }
}

const decisionTexts = {
  approve: 'promote and deploy a version that waits for a person, as its pipeline would have',
  reject: 'leave a version that waits for a person as it is',
}

function describeApprovals(approvals: readonly Approval[]): string {
  if (approvals.length === 0) return 'No version waits for a person.'
  const rows = approvals.map((approval) => [
    approval.id,
    `${approval.model}/${approval.version}`,
    approval.state,
    [`@${approval.alias}`, ...approval.endpoints.map((endpoint) => placeOf(approval, endpoint))].join(', '),
    formatInstant(approval.createdAt),
    approval.reason,
  ])
  return formatTable(['approval', 'version', 'state', 'promotes to', 'asked', 'verdict'], rows)
}

function placeOf({ rollouts }: Approval, endpoint: string): string {
  const rollout = rollouts[endpoint]
  return rollout === undefined ? endpoint : `${endpoint} (${rollout.kind})`
}

function describeDecision(approval: Approval): string {
  const { model, version, alias, state, endpoints, rollouts } = approval
  if (state !== 'approved') return `Version ${version} of ${model} is ${state}; nothing was moved.`
  const [coming, answering] = [
    endpoints.filter((one) => one in rollouts),
    endpoints.filter((one) => !(one in rollouts)),
  ]
  const answers = answering.length === 0 ? '' : ` It answers at ${answering.join(', ')}.`
  const comes = coming.length === 0 ? '' : ` It comes to ${coming.map((one) => placeOf(approval, one)).join(', ')}.`
  return `${model}@${alias} is version ${version}.${answers}${comes}`
}

/** For commander: the number of a version. */
export function parseVersion(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new InvalidArgumentError('A version is a number: 1, 2, 3 …')
}

function describeModels(models: readonly RegisteredModel[]): string {
  if (models.length === 0) return 'No models yet: a run with the step model/register adds one.'
  const rows = models.map(({ name, latestVersion, aliases }) => [
    name,
    latestVersion === null ? '' : String(latestVersion),
    Object.entries(aliases)
      .map(([alias, version]) => `${alias} ${version}`)
      .join(', '),
  ])
  return formatTable(['model', 'versions', 'aliases'], rows)
}

function describeVersions(versions: readonly ModelVersion[]): string {
  const rows = versions.map((version) => [
    String(version.version),
    version.aliases.join(', '),
    formatInstant(version.createdAt),
    version.runId,
    formatMetrics(version.metrics),
  ])
  return formatTable(['version', 'aliases', 'created', 'run', 'metrics'], rows)
}
