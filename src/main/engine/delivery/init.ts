/** `esteira init`: from one data file and its target to a readable project that runs unedited. */
import { constants } from 'node:fs'
import { access, copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { InitReport } from '#shared/api.ts'
import type { Problem } from '#shared/errors.ts'
import type { Task } from '#shared/models.ts'
import type { Project } from '#shared/projects.ts'
import type { ProjectAdvice } from '../data/advice.ts'
import { inferSchema, schemaText } from '../data/schema.ts'
import { asEsteiraError, EsteiraError, fromProblem } from '../kernel/errors.ts'
import { projectFileName } from '../pipelines/project-folder.ts'
import { projectFiles } from './project-files.ts'

export interface InitRequest {
  /** Absolute path of the new project folder. */
  readonly path: string
  /** Absolute path of the data file; it is copied into the project. */
  readonly data: string
  readonly target: string
  readonly task?: Task | undefined
  readonly name?: string | undefined
}

/** What init asks of the home. */
export interface InitHome {
  add(request: { path: string; trust: boolean }): Promise<Project>
  /** Project and model names that are taken, except by the folder itself. */
  takenNames(path: string): Promise<readonly string[]>
}

/**
 * Everything is looked at before anything is written; esteira.yaml is written last, so that a folder is a project or not.
 * @throws EsteiraError `project-exists`, `dataset-not-found`, `dataset-unreadable`, `dataset-empty`, `column-not-found`,
 *   `target-unusable`
 */
export async function initProject(request: InitRequest, home: InitHome): Promise<InitReport> {
  const folder = resolve(request.path)
  const file = resolve(request.data)
  await refuseExistingProject(folder)
  await refuseMissingFile(file)
  const advice = await adviseInThread({ file, target: request.target, task: request.task })
  const name = request.name ?? freeName(nameFrom(basename(folder), 'project'), await home.takenNames(folder))
  const dataset = nameFrom(basename(file, extname(file)), 'data')
  const leftOut = advice.columns
    .filter(({ use }) => !use)
    .map(({ name: column, reason }) => ({ name: column, reason: reason ?? '' }))
  const files = projectFiles({
    name,
    dataset,
    spec: { ...advice.dataset, path: `data/${basename(file)}` },
    rows: advice.statistics.rows,
    task: advice.task,
    target: advice.target,
    classes: advice.classes,
    leftOut,
    schema: schemaText(inferSchema(advice.statistics, { target: advice.target }), advice.statistics),
  })
  await writeProject(folder, file, files)
  const project = await home.add({ path: folder, trust: true })
  return describeProject(project, advice, [...files.keys()].sort())
}

/** Statistics and the search for leaks take a while on large files: not in the engine's own thread. */
function adviseInThread(request: { file: string; target: string; task: Task | undefined }): Promise<ProjectAdvice> {
  return new Promise((resolveAdvice, reject) => {
    const worker = new Worker(new URL('./advice-thread.ts', import.meta.url), { workerData: request })
    worker.on('message', (answer: AdviceAnswer) => {
      if ('advice' in answer) resolveAdvice(answer.advice)
      else reject(fromProblem(answer.problem))
    })
    worker.on('error', (error) => reject(asEsteiraError(error)))
    worker.on('exit', () => reject(new EsteiraError('internal', 'The look at the data file ended without an answer.')))
  })
}

export type AdviceAnswer = { readonly advice: ProjectAdvice } | { readonly problem: Problem }

async function refuseExistingProject(folder: string): Promise<void> {
  const entries = await readdir(folder).catch((): string[] => [])
  const ours = [projectFileName, 'pipelines', 'schemas'].filter((entry) => entries.includes(entry))
  if (ours.length === 0) return
  throw new EsteiraError(
    'project-exists',
    'The folder already holds a project, or files that a new one would replace.',
    {
      where: folder,
      found: ours.join(', '),
      next: 'Name another folder; nothing was changed.',
    },
  )
}

async function refuseMissingFile(file: string): Promise<void> {
  try {
    await access(file, constants.R_OK)
  } catch (error) {
    const siblings = await readdir(dirname(file)).catch((): string[] => [])
    throw new EsteiraError('dataset-not-found', 'The data file cannot be read.', {
      where: file,
      ...(siblings.length > 0 && { allowed: siblings.slice(0, 20).join(', ') }),
      cause: error,
    })
  }
}

async function writeProject(folder: string, dataFile: string, files: ReadonlyMap<string, string>): Promise<void> {
  const existedBefore = await access(folder).then(
    () => true,
    () => false,
  )
  try {
    await mkdir(join(folder, 'data'), { recursive: true })
    const copy = join(folder, 'data', basename(dataFile))
    if (resolve(copy) !== resolve(dataFile)) await copyFile(dataFile, copy, constants.COPYFILE_FICLONE)
    for (const [path, text] of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), text)
    }
  } catch (error) {
    if (!existedBefore) await rm(folder, { recursive: true, force: true })
    throw error
  }
}

/** A valid name made of a file or folder name. */
function nameFrom(text: string, otherwise: string): string {
  const name = text
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '')
    .slice(0, 80)
  return name === '' ? otherwise : name
}

/** Models and endpoints are named after the project and are unique in a home: a second "churn" becomes "churn-2". */
function freeName(name: string, taken: readonly string[]): string {
  const lower = new Set(taken.map((one) => one.toLowerCase()))
  let candidate = name
  for (let number = 2; lower.has(candidate.toLowerCase()); number++) candidate = `${name}-${number}`
  return candidate
}

function describeProject(project: Project, advice: ProjectAdvice, files: string[]): InitReport {
  return {
    project,
    task: advice.task,
    target: advice.target,
    rows: advice.statistics.rows,
    columns: advice.columns.map(({ name, use, reason, statistics }) => ({
      name,
      type: statistics.type,
      used: use,
      ...(reason !== undefined && { reason }),
    })),
    files,
  }
}
