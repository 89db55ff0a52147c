/** The installed git, run in a folder, with its failures as ours. */
import { GitError, type SimpleGit, simpleGit } from 'simple-git'
import type { CommitInfo } from '#shared/pipelines.ts'
import { EsteiraError } from '../kernel/errors.ts'

/** Hooks of a commit may check a while; git itself answers at once. */
const silenceMs = 120_000

export interface Git {
  readonly folder: string
  /** The output of a git command. Paths among the arguments are taken as they are, without wildcards. @throws GitError */
  run(...command: string[]): Promise<string>
}

/** A setting with which no hook of the repository runs. */
export const withoutHooks = 'core.hooksPath=/dev/null'

/**
 * @param settings for these commands alone, as `key=value`
 * @param environment variables of git for these commands alone
 */
export function gitIn(folder: string, settings: string[] = [], environment?: Readonly<Record<string, string>>): Git {
  const git: SimpleGit = simpleGit({
    baseDir: folder,
    config: settings,
    timeout: { block: silenceMs },
    // It is ours alone: it turns hooks off.
    unsafe: { allowUnsafeHooksPath: settings.includes(withoutHooks) },
    ...(environment !== undefined && { allowEnvironment: Object.keys(environment) }),
    // A hook may refuse without a word: any exit code but 0 is a failure.
    errors: (error, { exitCode, stdErr, stdOut }) =>
      error ?? (exitCode === 0 ? undefined : Buffer.concat([...stdErr, ...stdOut])),
  })
  if (environment !== undefined) git.env({ ...plainEnvironment(), ...environment })
  return { folder, run: (...command) => git.raw(['--literal-pathspecs', ...command]) }
}

/** What the command prints, without the last line break; undefined where it fails. */
export async function tryGit(git: Git, ...command: string[]): Promise<string | undefined> {
  try {
    return (await git.run(...command)).replace(/\n$/, '')
  } catch {
    return undefined
  }
}

/** @throws EsteiraError `git-missing`, `git-failed` with what git said */
export async function mustGit(git: Git, ...command: string[]): Promise<string> {
  try {
    return await git.run(...command)
  } catch (cause) {
    const said = cause instanceof Error ? cause.message.trim() : String(cause)
    if (/spawn .*ENOENT/.test(said)) {
      throw new EsteiraError('git-missing', 'The program git is not found on this machine.', {
        next: 'Install git from https://git-scm.com and try again; files can be saved without it.',
        cause,
      })
    }
    throw new EsteiraError('git-failed', 'Git did not carry the change out.', {
      where: git.folder,
      ...(said !== '' && { found: said }),
      next: 'The files are as they were. Do what git asks for, then try again.',
      cause: cause instanceof GitError ? cause : undefined,
    })
  }
}

/** One line of `git log` that `parseCommit` reads. */
export const commitFormat = '--format=%H%x00%ct%x00%an%x00%s'

export function parseCommit(line: string): CommitInfo | undefined {
  const [hash = '', seconds = '', author = '', ...subject] = line.trimEnd().split('\0')
  if (!/^[0-9a-f]{40,64}$/.test(hash)) return undefined
  return { hash, at: Math.max(0, Number(seconds)) * 1_000, author, subject: subject.join(' ') }
}

/** What git needs to be found and to find its settings, and nothing that would steer it elsewhere. */
function plainEnvironment(): Record<string, string> {
  const names = ['PATH', 'HOME', 'USERPROFILE', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'LANG', 'XDG_CONFIG_HOME']
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}
