import { resolve } from 'node:path'
import type { Pipeline } from '#shared/projects.ts'
import { describeFileProblem, EsteiraError, toProblem } from '../../kernel/errors.ts'
import type { DefineCommand } from '../command-line.ts'
import { withEngine } from '../connect.ts'

export const define: DefineCommand = (command, line) => {
  command
    .option('--project <dir>', 'the project folder', '.')
    .action(async ({ project: folder }: { project: string }) => {
      const { pipelines, monitors } = await withEngine(line, async ({ client }) => {
        const { id } = await client.call('addProject', { body: { path: resolve(folder) } })
        return {
          pipelines: await client.call('listPipelines', { params: { id } }),
          monitors: await client.call('listMonitors', { query: { project: id } }),
        }
      })
      const problems = [
        ...pipelines.flatMap((pipeline) => pipeline.problems),
        ...monitors.problems.map(({ projectId: _, ...problem }) => problem),
      ]
      const valid = problems.length === 0
      const files = ({ name, file }: { name: string; file: string }) => ({ name, file })
      const watched = monitors.monitors.map(({ file, checks }) => `${file}: ${checks.length} checks, no problems`)
      line.answer({ valid, pipelines: pipelines.map(files), monitors: monitors.monitors.map(files), problems }, () => {
        const lines = [...pipelines.map(describePipeline), ...watched, ...monitors.problems.map(describeFileProblem)]
        return lines.join('\n') || 'The project has no pipelines.'
      })
      if (!valid) line.failed(toProblem(new EsteiraError('pipeline-invalid', 'The project has errors.', { problems })))
    })
}

function describePipeline({ file, steps, problems }: Pipeline): string {
  if (problems.length === 0) return `${file}: ${steps.length} steps, no problems`
  return problems.map(describeFileProblem).join('\n')
}
