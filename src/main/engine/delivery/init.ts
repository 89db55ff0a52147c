/** `esteira init`: from one data file and its target to a readable project that runs unedited. */
import { constants } from 'node:fs'
import { access, copyFile, link, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve } from 'node:path'
import type { InitReport } from '#shared/api.ts'
import type { Task } from '#shared/models.ts'
import type { Project } from '#shared/projects.ts'
import type { ProjectAdvice } from '../data/advice.ts'
import { inferSchema, schemaText } from '../data/schema.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { projectFileName } from '../pipelines/project-folder.ts'
import { maxDataBytes, tryInitProjectGit } from '../pipelines/project-git.ts'
import { adviseInThread } from './advise.ts'
import { withChoices } from './column-choices.ts'
import { projectFiles } from './project-files.ts'

export interface InitRequest {
  /** Absolute path of the new project folder. */
  readonly path: string
  /** Absolute path of the data file; it is copied into the project, or moved where it was uploaded for it. */
  readonly data: string
  readonly target: string
  readonly task?: Task | undefined
  readonly name?: string | undefined
  /** Columns to use or leave out, against the advice. */
  readonly use?: Readonly<Record<string, boolean>> | undefined
}

/** What init asks of the home. */
export interface InitHome {
  add(request: { path: string; trust: boolean }): Promise<Project>
  /** Project and model names that are taken, except by the folder itself. */
  takenNames(path: string): Promise<readonly string[]>
  /** Whether the file was uploaded to make this project of it: nobody else needs it. */
  isUploaded(file: string): Promise<boolean>
  /** Told when the project could not be put under git; it works without. */
  onGitFailure(error: unknown): void
}

/**
 * Everything is looked at before anything is written; esteira.yaml is written last, so that a folder is a project or not.
 * @throws EsteiraError `project-exists`, `dataset-not-found`, `dataset-unreadable`, `dataset-empty`, `column-not-found`,
 *   `target-unusable`, `invalid-usage` where no column is left to learn from
 */
export async function initProject(request: InitRequest, home: InitHome): Promise<InitReport> {
  const folder = resolve(request.path)
  const file = resolve(request.data)
  await refuseExistingProject(folder)
  await refuseMissingFile(file)
  const advised = await adviseInThread({ file, target: request.target, task: request.task })
  const advice = { ...advised, columns: withChoices(advised, request.use ?? {}) }
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
    isLarge: (await stat(file)).size > maxDataBytes,
    schema: schemaText(inferSchema(advice.statistics, { target: advice.target }), advice.statistics),
  })
  const uploaded = await home.isUploaded(file)
  await writeProject(folder, file, files, uploaded)
  if (uploaded) await rm(dirname(file), { recursive: true, force: true })
  const project = await home.add({ path: folder, trust: true })
  // What else lies in the folder is the person's to commit.
  await tryInitProjectGit(folder, home.onGitFailure, [...files.keys(), `data/${basename(file)}`])
  return describeProject(project, advice, [...files.keys()].sort())
}

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

async function writeProject(
  folder: string,
  dataFile: string,
  files: ReadonlyMap<string, string>,
  uploaded: boolean,
): Promise<void> {
  const existedBefore = await access(folder).then(
    () => true,
    () => false,
  )
  try {
    await mkdir(join(folder, 'data'), { recursive: true })
    const copy = join(folder, 'data', basename(dataFile))
    if (resolve(copy) !== resolve(dataFile)) await placeFile(dataFile, copy, uploaded)
    for (const [path, text] of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      // A folder may have its own .gitignore already.
      const isTheirs = path === '.gitignore' && (await readdir(folder)).includes(path)
      if (!isTheirs) await writeFile(join(folder, path), text)
    }
  } catch (error) {
    if (!existedBefore) await rm(folder, { recursive: true, force: true })
    throw error
  }
}

/** An uploaded file gets a second name, which takes no time and no space where both are on one disk; it loses the first later. */
async function placeFile(from: string, to: string, uploaded: boolean): Promise<void> {
  const linked =
    uploaded &&
    (await link(from, to).then(
      () => true,
      () => false,
    ))
  if (!linked) await copyFile(from, to, constants.COPYFILE_FICLONE)
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
