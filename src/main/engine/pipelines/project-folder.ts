/** Reads what a person wrote in a project folder. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FileProblem } from '#shared/errors.ts'
import { type ProjectSpec, projectSpecSchema } from '#shared/projects.ts'
import { projectFileName } from '../data/project-file.ts'
import { EsteiraError, nearestName } from '../kernel/errors.ts'
import { parseYamlFile } from '../kernel/yaml-file.ts'

export { projectFileName }

/** @throws EsteiraError `project-not-found`, `project-invalid` */
export async function readProjectSpec(folder: string): Promise<ProjectSpec> {
  const text = await readOptional(join(folder, projectFileName))
  if (text === undefined) {
    throw new EsteiraError('project-not-found', `The folder holds no ${projectFileName}.`, {
      where: folder,
      next: 'Name the folder of a project, or make one with "esteira init".',
    })
  }
  const parsed = parseYamlFile(text, projectFileName, projectSpecSchema)
  if (parsed.ok) return parsed.value
  throw new EsteiraError('project-invalid', `${projectFileName} has ${countProblems(parsed.problems)}.`, {
    where: folder,
    problems: parsed.problems,
  })
}

/** The names of the pipelines in the folder, sorted. */
export async function listPipelineNames(folder: string): Promise<string[]> {
  const entries = await readdir(join(folder, 'pipelines')).catch(() => [])
  return entries
    .filter((entry) => entry.endsWith('.yaml'))
    .map((entry) => entry.slice(0, -'.yaml'.length))
    .sort()
}

/** Relative to the project folder, always with "/". */
export function pipelineFile(name: string): string {
  return `pipelines/${name}.yaml`
}

/** @throws EsteiraError `pipeline-not-found` */
export async function readPipelineText(folder: string, name: string): Promise<string> {
  const known = await listPipelineNames(folder)
  const text = known.includes(name) ? await readOptional(join(folder, pipelineFile(name))) : undefined
  if (text !== undefined) return text
  throw new EsteiraError('pipeline-not-found', `The project has no pipeline "${name}".`, {
    where: join(folder, 'pipelines'),
    found: name,
    allowed: known.length > 0 ? known.join(', ') : 'no pipelines yet',
    nearest: nearestName(name, known),
  })
}

export function countProblems(problems: readonly FileProblem[]): string {
  return problems.length === 1 ? '1 problem' : `${problems.length} problems`
}

async function readOptional(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined
    throw error
  })
}
