import { sentence } from '#shared/sentences.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { SkipStep, type StepContext } from '../pipelines/component.ts'

/**
 * The package of the input "model" or of the option "model", one of which must be given. A registered model that does not
 * exist yet is nothing to do.
 * @param what the step does with it, e.g. `to evaluate`
 */
export async function modelFiles(
  context: StepContext<{ readonly model?: string | undefined }>,
  what: string,
): Promise<ReadonlyMap<string, string>> {
  const artifact = context.optionalInput('model')
  const reference = context.options.model
  if ((artifact === undefined) === (reference === undefined)) {
    throw new EsteiraError(
      'parameter-invalid',
      `The model ${what} must be given once: as the input "model" or as the option "model".`,
      {
        where: `${context.run.step}.with.model`,
      },
    )
  }
  if (artifact !== undefined) return artifact.files
  const named = reference ?? ''
  const resolved = await context.services.resolveModel(named)
  if (resolved === undefined) throw new SkipStep(sentence('no-version', { reference: named }))
  context.value('version', resolved.version.version)
  return resolved.files
}
