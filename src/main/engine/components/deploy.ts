import { writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { nameSchema } from '#shared/names.ts'
import { rolloutSpecSchema } from '#shared/rollout.ts'
import { sentence } from '#shared/sentences.ts'
import { defineComponent, SkipStep } from '../pipelines/component.ts'
import { readJsonFile } from './artifact-files.ts'
import { registeredVersionSchema } from './register.ts'

/** `deployment.json` */
export interface DeploymentFile {
  readonly endpoint: string
  readonly model: string
  readonly version: number
  readonly revision: number
  /** Null where no inference server runs. */
  readonly url: string | null
  /** Where it comes step by step, beside what answers. */
  readonly rolloutId?: string
}

export const deploy = defineComponent({
  name: 'model/deploy',
  version: '2',
  summary: 'Makes a promoted version answer at an endpoint, without a failed request; skips a version that was not.',
  inputs: { version: { types: ['model-version'], summary: 'The version to deploy.' } },
  outputs: { deployment: { type: 'deployment', summary: 'deployment.json: what answers where.' } },
  options: z.strictObject({
    endpoint: nameSchema
      .optional()
      .describe('Name of the endpoint, unique in the home. Default: the name of the model.'),
    rollout: rolloutSpecSchema
      .optional()
      .describe('Bring the version beside the one that answers, step by step. Default: in its place, at once.'),
  }),
  cacheable: false,

  async run(context) {
    const version = await readJsonFile(context.input('version'), 'version.json', registeredVersionSchema)
    const { model, reason, approvalId } = version
    const endpoint = context.options.endpoint ?? model
    let { promoted } = version
    if (!promoted && approvalId !== undefined) {
      const { rollout } = context.options
      const { state } = await context.services.planDeployment({ approval: approvalId, endpoint, rollout })
      if (state === 'pending') throw new SkipStep(sentence('waits-for-person', { version: version.version, model }))
      // Approved while the run went on: the approval did not know of this endpoint yet.
      promoted = state === 'approved'
    }
    if (!promoted) throw new SkipStep(sentence('not-promoted', { version: version.version, model, more: reason }))
    const { revision, url, rolloutId } = await context.services.deploy({
      endpoint,
      model,
      version: version.version,
      reason,
      rollout: context.options.rollout,
    })
    const address = url ?? `endpoint ${revision.endpoint}`
    const done = rolloutId === undefined ? 'answers at' : `comes as a rollout (${context.options.rollout?.kind}) to`
    context.log(`Version ${version.version} of ${model} ${done} ${address}.`)
    if (rolloutId !== undefined) context.value('rollout', rolloutId)
    context.value('endpoint', revision.endpoint)
    context.value('revision', revision.number)
    context.value('url', url)
    const content: DeploymentFile = {
      endpoint: revision.endpoint,
      model,
      version: version.version,
      revision: revision.number,
      url,
      ...(rolloutId !== undefined && { rolloutId }),
    }
    await writeFile(context.output('deployment').path('deployment.json'), JSON.stringify(content, null, 2))
  },
})
