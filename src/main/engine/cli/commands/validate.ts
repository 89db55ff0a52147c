import { resolve } from 'node:path'
import type { Pipeline } from '#shared/projects.ts'
import { describeFileProblem, EsteiraError, toProblem } from '../../kernel/errors.ts'
import type { DefineCommand } from '../command-line.ts'
import { withEngine } from '../connect.ts'

export const define: DefineCommand = (command, line) => {
  command
    .option('--project <dir>', 'the project folder', '.')
    .action(async ({ project: folder }: { project: string }) => {
      const pipelines = await withEngine(line, async ({ client }) => {
        const project = await client.call('addProject', { body: { path: resolve(folder) } })
        return client.call('listPipelines', { params: { id: project.id } })
      })
      const problems = pipelines.flatMap((pipeline) => pipeline.problems)
      const valid = problems.length === 0
      line.answer(
        { valid, pipelines: pipelines.map(({ name, file }) => ({ name, file })), problems },
        () => pipelines.map(describePipeline).join('\n') || 'The project has no pipelines.',
      )
      if (!valid) line.failed(toProblem(new EsteiraError('pipeline-invalid', 'The project has errors.', { problems })))
    })
}

function describePipeline({ file, steps, problems }: Pipeline): string {
  if (problems.length === 0) return `${file}: ${steps.length} steps, no problems`
  return problems.map(describeFileProblem).join('\n')
}
