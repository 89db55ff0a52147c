import { z } from 'zod'
import { projectFile } from '../data/project-file.ts'
import { EsteiraError } from '../kernel/errors.ts'
import type { StepContext, StepProject } from '../pipelines/component.ts'

/** The option by which a step reads a file that came to the engine from elsewhere. */
export const uploadOption = z
  .string()
  .min(1)
  .optional()
  .describe('In place of the file: one that was uploaded, as the engine names it.')

interface SourceOptions {
  readonly file?: string | undefined
  readonly upload?: string | undefined
}

/** The absolute path of the file that the options name. @throws EsteiraError `parameter-invalid`, and where there is none */
export async function sourceFile({ options, project, services, run }: StepContext<SourceOptions>): Promise<string> {
  const { file, upload } = options
  if (file !== undefined && upload === undefined) return await projectFile(file, project.path)
  if (upload !== undefined && file === undefined) return await services.uploadedFile({ upload })
  throw new EsteiraError('parameter-invalid', 'Either "file" or "upload" must be given.', { where: `${run.step}.with` })
}

/** For the cache key: the file of the project. */
export async function sourceFiles({ file }: SourceOptions, project: StepProject): Promise<string[]> {
  return file === undefined ? [] : [await projectFile(file, project.path)]
}
