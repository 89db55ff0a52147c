import { writeFile } from 'node:fs/promises'
import { z } from 'zod'
import type { ApprovalState } from '#shared/approvals.ts'
import { type Outcome, type Verdict, verdictSchema } from '#shared/gate.ts'
import { ledgerText } from '#shared/ledger-reasons.ts'
import { evaluationSchema, type ModelVersion, modelManifestSchema, modelVersionSchema } from '#shared/models.ts'
import { nameSchema } from '#shared/names.ts'
import { defineComponent, type StepContext } from '../pipelines/component.ts'
import { packageFiles } from '../training/package.ts'
import { readJsonFile } from './artifact-files.ts'

/** `version.json`: the version as it was after the step, and whether it may be deployed. */
export const registeredVersionSchema = modelVersionSchema.extend({
  promoted: z.boolean(),
  reason: z.string(),
  /** Of the person who is asked, where the gate says so. */
  approvalId: z.string().optional(),
})
export type RegisteredVersion = z.infer<typeof registeredVersionSchema>

const aliasOption = z.union([nameSchema, z.literal(false)])

export const register = defineComponent({
  name: 'model/register',
  version: '2',
  summary:
    'Adds the model to the registry as a version, whatever the verdict, and moves an alias to it or asks a person.',
  inputs: {
    model: { types: ['model'], summary: 'The model to register.' },
    verdict: {
      types: ['verdict'],
      summary: 'Decides whether the version is promoted. Without a gate in the pipeline every version is.',
      optional: true,
    },
    evaluation: {
      types: ['evaluation'],
      summary: 'Where the metrics of the version come from when there is no verdict; else from training.',
      optional: true,
    },
  },
  outputs: { version: { type: 'model-version', summary: 'version.json: the registered version.' } },
  options: z.strictObject({
    model: nameSchema.describe('Name of the model in the registry, unique in the home.'),
    description: z.string().max(2_000).optional().describe('What the model is for.'),
    promote: aliasOption
      .default('champion')
      .describe('The alias that moves to a blessed version; false registers without promoting.'),
    rejected: aliasOption
      .default('challenger')
      .describe('The alias that moves to a version that was not blessed; false: none.'),
  }),
  cacheable: false,
  references: ({ model }) => [{ kind: 'model', name: model }],

  async run(context) {
    const { options, services } = context
    const model = context.input('model')
    const manifest = await readJsonFile(model, packageFiles.manifest, modelManifestSchema)
    const verdictInput = context.optionalInput('verdict')
    const verdict = verdictInput && (await readJsonFile(verdictInput, 'verdict.json', verdictSchema))
    const evaluationInput = context.optionalInput('evaluation')
    const evaluation = evaluationInput && (await readJsonFile(evaluationInput, 'evaluation.json', evaluationSchema))
    const registered = await services.registerVersion({
      model: options.model,
      artifactHash: model.hash,
      signature: manifest.signature,
      metrics: verdict?.metrics ?? evaluation?.metrics ?? manifest.validationMetrics,
      verdict,
      description: options.description,
    })
    const decision = decide(options, verdict)
    const { alias, promoted, reason, approvalId } =
      decision.outcome === 'ask'
        ? await ask(context, decision, registered, verdictInput?.hash ?? '')
        : { ...decision, promoted: decision.outcome === 'promote', approvalId: undefined }
    if (alias !== false && decision.outcome !== 'ask') {
      const { model: name, version: number } = registered
      await services.moveAlias({ model: name, alias, version: number, reason, verdictHash: verdictInput?.hash })
    }
    const version = withAlias(registered, alias)
    context.log(`Registered version ${version.version} of ${version.model}${alias ? ` as ${alias}` : ''}: ${reason}`)
    context.value('version', version.version)
    context.value('promoted', promoted)
    context.value('reason', reason)
    if (approvalId !== undefined) context.value('approval', approvalId)
    const content: RegisteredVersion = { ...version, promoted, reason, ...(approvalId !== undefined && { approvalId }) }
    await writeFile(context.output('version').path('version.json'), JSON.stringify(content, null, 2))
  },
})

interface Decision {
  readonly outcome: Outcome
  /** What moves to the version, or would if a person says so. */
  readonly alias: string | false
  readonly reason: string
}

/** What becomes of a version: what its verdict says; one that no gate has judged is promoted. */
function decide(
  options: { promote: string | false; rejected: string | false },
  verdict: Verdict | undefined,
): Decision {
  const outcome = verdict === undefined ? 'promote' : (verdict.outcome ?? (verdict.blessed ? 'promote' : 'keep'))
  const reason = verdict?.reason ?? ledgerText({ kind: 'no-gate' })
  if (outcome === 'keep') return { outcome, alias: verdict?.blessed ? false : options.rejected, reason }
  if (options.promote === false) {
    return { outcome: 'keep', alias: false, reason: ledgerText({ kind: 'not-promoting' }) }
  }
  return { outcome, alias: options.promote, reason }
}

/** Nothing moves until a person has decided; one who has already, before the step was repeated, is not asked again. */
async function ask(
  { services }: StepContext<unknown>,
  { alias, reason }: Decision,
  { model, version }: ModelVersion,
  verdictHash: string,
): Promise<{ alias: string | false; promoted: boolean; reason: string; approvalId: string }> {
  const approval = await services.requestApproval({ model, version, alias: alias || '', verdictHash, reason })
  const asked = {
    alias: approval.state === 'approved' && alias,
    promoted: approval.state === 'approved',
    approvalId: approval.id,
  }
  return { ...asked, reason: `${askedReason[approval.state]}${reason}` }
}

const askedReason: Record<ApprovalState, string> = {
  approved: '',
  pending: 'A person is asked. ',
  rejected: 'A person has rejected it. ',
  obsolete: 'The alias has moved on since a person was asked. ',
}

function withAlias(version: ModelVersion, alias: string | false): ModelVersion {
  if (alias === false || version.aliases.includes(alias)) return version
  return { ...version, aliases: [...version.aliases, alias].sort() }
}
