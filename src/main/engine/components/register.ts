import { writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { type Verdict, verdictSchema } from '#shared/gate.ts'
import { evaluationSchema, type ModelVersion, modelManifestSchema, modelVersionSchema } from '#shared/models.ts'
import { nameSchema } from '#shared/names.ts'
import { defineComponent } from '../pipelines/component.ts'
import { packageFiles } from '../training/package.ts'
import { readJsonFile } from './artifact-files.ts'

/** `version.json`: the version as it was after the step, and whether it may be deployed. */
export const registeredVersionSchema = modelVersionSchema.extend({ promoted: z.boolean(), reason: z.string() })
export type RegisteredVersion = z.infer<typeof registeredVersionSchema>

const aliasOption = z.union([nameSchema, z.literal(false)])

export const register = defineComponent({
  name: 'model/register',
  version: '1',
  summary: 'Adds the model to the registry as a version, whatever the verdict, and moves an alias to it.',
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
    const { alias, promoted, reason } = decide(options, verdict)
    if (alias !== false) {
      await services.moveAlias({ model: registered.model, alias, version: registered.version, reason })
    }
    const version = withAlias(registered, alias)
    context.log(`Registered version ${version.version} of ${version.model}${alias ? ` as ${alias}` : ''}: ${reason}`)
    context.value('version', version.version)
    context.value('promoted', promoted)
    context.value('reason', reason)
    const content: RegisteredVersion = { ...version, promoted, reason }
    await writeFile(context.output('version').path('version.json'), JSON.stringify(content, null, 2))
  },
})

interface Decision {
  readonly alias: string | false
  readonly promoted: boolean
  readonly reason: string
}

/** What becomes of a version: a blessed one is promoted, as is one that no gate has judged. */
function decide(
  options: { promote: string | false; rejected: string | false },
  verdict: Verdict | undefined,
): Decision {
  if (verdict !== undefined && !verdict.blessed) {
    return { alias: options.rejected, promoted: false, reason: verdict.reason }
  }
  if (options.promote === false) {
    return { alias: false, promoted: false, reason: 'The pipeline registers without promoting.' }
  }
  return { alias: options.promote, promoted: true, reason: verdict?.reason ?? 'The pipeline has no gate.' }
}

function withAlias(version: ModelVersion, alias: string | false): ModelVersion {
  if (alias === false || version.aliases.includes(alias)) return version
  return { ...version, aliases: [...version.aliases, alias].sort() }
}
