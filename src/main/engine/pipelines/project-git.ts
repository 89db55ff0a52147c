/** A project folder under git: its state, its first commit, commits of named files, the history of one file. */
import { readdir, stat, writeFile } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path/posix'
import type { CommitInfo, ProjectGit } from '#shared/pipelines.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { commitFormat, type Git, gitIn, mustGit, parseCommit, tryGit } from './git.ts'
import { checkProjectPath } from './project-paths.ts'
import { maxTextBytes } from './text-files.ts'

/** More are not shown: a folder with so many new files wants a .gitignore first. */
const maxChanged = 1_000
/** Commits of one file that are looked at. */
const maxCommits = 100
/** Data files go into the first commit only if all of them together stay below this: git keeps every version for good. */
export const maxDataBytes = 5_000_000

const textExtensions = new Set([
  '.yaml',
  '.yml',
  '.sql',
  '.md',
  '.txt',
  '.json',
  '.toml',
  '.py',
  '.r',
  '.jl',
  '.js',
  '.mjs',
  '.ts',
  '.sh',
  '.ps1',
])

const noRepository: ProjectGit = { repository: false, branch: null, head: null, changed: [] }

export async function readProjectGit(folder: string): Promise<ProjectGit> {
  const git = gitIn(folder)
  const prefix = await tryGit(git, 'rev-parse', '--show-prefix')
  if (prefix === undefined) return noRepository
  const [branch, head, status] = await Promise.all([
    tryGit(git, 'symbolic-ref', '--quiet', '--short', 'HEAD'),
    tryGit(git, 'log', '-1', commitFormat),
    mustGit(git, 'status', '--porcelain', '-z', '--no-renames', '--untracked-files=all', '--', '.'),
  ])
  // Each entry is two letters of state, a blank, and the path from the top of the repository.
  const changed = status
    .split('\0')
    .filter((entry) => entry !== '')
    .map((entry) => entry.slice(3 + prefix.length))
  return {
    repository: true,
    branch: branch ?? null,
    head: (head !== undefined && parseCommit(head)) || null,
    changed: changed.sort().slice(0, maxChanged),
  }
}

/**
 * Makes the folder a repository with a first commit. A folder that is inside one already is left as it is.
 * @param paths what the commit may hold of it; all by default
 * @throws EsteiraError `git-missing`, `git-failed`
 */
export async function initProjectGit(folder: string, paths?: readonly string[]): Promise<ProjectGit> {
  const git = await withIdentity(folder)
  if ((await tryGit(git, 'rev-parse', '--git-dir')) !== undefined) return readProjectGit(folder)
  const branch = (await tryGit(git, 'config', '--get', 'init.defaultBranch')) === undefined
  await mustGit(branch ? gitIn(folder, ['init.defaultBranch=main']) : git, 'init', '--quiet')
  const { first, leftOut } = await filesOfFirstCommit(git, paths)
  const ignored = await ignoreNew(folder, leftOut)
  const all = ignored && !first.includes('.gitignore') ? [...first, '.gitignore'] : first
  for (const some of chunks(all)) await mustGit(git, 'add', '--', ...some)
  if (all.length > 0) await mustGit(git, 'commit', '--quiet', '--message', 'Start of the project')
  return readProjectGit(folder)
}

/** Few enough for one command line on every platform. */
function chunks(paths: readonly string[]): string[][] {
  const size = 100
  return Array.from({ length: Math.ceil(paths.length / size) }, (_, index) =>
    paths.slice(index * size, (index + 1) * size),
  )
}

/** Puts a new project under git where git is there. A failure is told to `onFailure` and is no failure of the project. */
export async function tryInitProjectGit(
  folder: string,
  onFailure: (error: unknown) => void,
  paths?: readonly string[],
): Promise<void> {
  try {
    if ((await tryGit(gitIn(folder), 'version')) !== undefined) await initProjectGit(folder, paths)
  } catch (error) {
    onFailure(error)
  }
}

/** Texts, and data if it is small; hidden files, which may hold secrets, never. */
async function filesOfFirstCommit(
  git: Git,
  paths: readonly string[] | undefined,
): Promise<{ first: string[]; leftOut: string[] }> {
  const listed = await mustGit(git, 'ls-files', '--others', '--exclude-standard', '-z')
  const isAsked = (path: string) => path !== '' && (paths === undefined || paths.includes(path))
  const names = listed.split('\0').filter((path) => isAsked(path) && !path.split('/').some(isLeftAlone))
  const files = await Promise.all(
    names.map(async (path) => ({
      path,
      bytes: await stat(join(git.folder, path)).then(
        ({ size }) => size,
        () => Infinity,
      ),
    })),
  )
  const isText = ({ path, bytes }: { path: string; bytes: number }) =>
    bytes <= maxTextBytes && (textExtensions.has(extname(path).toLowerCase()) || path.endsWith('.gitignore'))
  const texts = files.filter(isText).map(({ path }) => path)
  const data = files.filter((file) => !isText(file))
  const isSmall = data.reduce((sum, { bytes }) => sum + bytes, 0) <= maxDataBytes
  const rest = data.map(({ path }) => path)
  return isSmall ? { first: [...texts, ...rest], leftOut: [] } : { first: texts, leftOut: rest }
}

function isLeftAlone(name: string): boolean {
  return (name.startsWith('.') && name !== '.gitignore') || name === 'node_modules' || name === '__pycache__'
}

/** Writes a .gitignore where there is none. Returns whether it did. */
async function ignoreNew(folder: string, leftOut: readonly string[]): Promise<boolean> {
  if ((await readdir(folder)).includes('.gitignore')) return false
  await writeFile(join(folder, '.gitignore'), gitignoreText(leftOut), { flag: 'wx' })
  return true
}

/** @param largeData paths of files that hold more than git should keep; they and all of their kind beside them are ignored */
export function gitignoreText(largeData: readonly string[]): string {
  const kinds = largeData.map((path) => {
    const extension = extname(path)
    return extension === '' ? `/${escaped(path)}` : join('/', escaped(dirname(path)), `*${escaped(extension)}`)
  })
  const lines = [...new Set(kinds)].sort().map((kind) => `${kind}\n`)
  const reason =
    '# Large data: git would keep every version of it for good. Each run notes what it read all the same.\n'
  const machine = '# What the machine writes lies in the home, not here.\n.DS_Store\n'
  return `${machine}.env\nnode_modules/\n__pycache__/\n${lines.length > 0 ? reason : ''}${lines.join('')}`
}

function escaped(text: string): string {
  return text.replace(/[\\*?[\]!#]/g, '\\$&')
}

/**
 * Commits the files as they are now, new and deleted ones too, and nothing else that is staged.
 * @throws EsteiraError `conflict` where the folder is not under git or the files hold no change; `git-missing`, `git-failed`
 *   (a hook that refuses, a merge under way); `path-outside-project`, `invalid-request`
 */
export async function commitFiles(folder: string, paths: readonly string[], message: string): Promise<CommitInfo> {
  for (const path of paths) checkProjectPath(path)
  const git = await withIdentity(folder)
  await mustBeRepository(git)
  const unknown = await mustGit(git, 'ls-files', '--others', '-z', '--', ...paths)
  const added = unknown.split('\0').filter((path) => path !== '')
  await mustHaveChanges(git, paths)
  if (added.length > 0) await mustGit(git, 'add', '--intent-to-add', '--', ...added)
  try {
    await mustGit(git, 'commit', '--quiet', '--only', '--message', message, '--', ...paths)
  } catch (error) {
    if (added.length > 0) await tryGit(git, 'rm', '--quiet', '--cached', '--force', '--', ...added)
    throw error
  }
  const commit = parseCommit(await mustGit(git, 'log', '-1', commitFormat))
  if (commit === undefined) throw new Error('git log did not show the commit')
  return commit
}

async function mustBeRepository(git: Git): Promise<void> {
  if ((await tryGit(git, 'rev-parse', '--show-prefix')) !== undefined) return
  // Tells git that is missing from a folder that is not under it.
  await mustGit(git, 'version')
  throw new EsteiraError('conflict', 'The project folder is not under git.', {
    where: git.folder,
    next: 'Put it under git first.',
  })
}

async function mustHaveChanges(git: Git, paths: readonly string[]): Promise<void> {
  const status = await mustGit(git, 'status', '--porcelain', '--untracked-files=all', '--', ...paths)
  if (status.trim() !== '') return
  throw new EsteiraError('conflict', 'The files hold no change to commit.', { found: paths.join(', ') })
}

/** With an identity of ours only where the person has set none: git refuses to commit without. */
async function withIdentity(folder: string): Promise<Git> {
  const git = gitIn(folder)
  const [name, email] = await Promise.all([
    tryGit(git, 'config', '--get', 'user.name'),
    tryGit(git, 'config', '--get', 'user.email'),
  ])
  const settings = [...(name ? [] : ['user.name=Esteira']), ...(email ? [] : ['user.email=esteira@localhost'])]
  return settings.length === 0 ? git : gitIn(folder, settings)
}

export interface CommittedText {
  readonly commit: CommitInfo
  readonly text: string
}

/** The texts that a file had in the newest commits that changed it, newest first. Empty outside a repository. */
export async function committedTexts(folder: string, path: string): Promise<CommittedText[]> {
  const git = gitIn(folder)
  const prefix = await tryGit(git, 'rev-parse', '--show-prefix')
  if (prefix === undefined) return []
  const log = await tryGit(git, 'log', `--max-count=${maxCommits}`, commitFormat, '--', path)
  const commits = (log ?? '').split('\n').flatMap((line) => parseCommit(line) ?? [])
  const texts = await Promise.all(
    // As a checkout would write it: with the line breaks of this machine.
    commits.map((commit) => tryGitText(git, 'cat-file', '--filters', `${commit.hash}:${prefix}${path}`)),
  )
  return commits.flatMap((commit, index) => {
    const text = texts[index]
    return text === undefined ? [] : [{ commit, text }]
  })
}

async function tryGitText(git: Git, ...command: string[]): Promise<string | undefined> {
  return git.run(...command).catch(() => undefined)
}
