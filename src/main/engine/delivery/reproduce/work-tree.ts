/** A work tree of a recorded commit in a folder of its own, beside the one that people work in, which stays as it is. */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EsteiraError } from '../../kernel/errors.ts'
import { gitIn, mustGit, tryGit, withoutHooks } from '../../pipelines/git.ts'

export interface WorkTree {
  /** The project folder in it. */
  readonly projectPath: string
  /** The top of the repository that it belongs to. */
  readonly repository: string
}

/** No hook of the repository runs, and nothing is asked of the network. */
const quiet = [withoutHooks, 'advice.detachedHead=false']

/**
 * @param folder of the project, in the repository
 * @param target a folder that does not exist yet
 * @param patch what differed from the commit
 * @throws EsteiraError `git-failed`, `git-missing`, `not-found` where the commit is gone
 */
export async function addWorkTree(
  folder: string,
  { commit, target, patch }: { commit: string; target: string; patch: string | undefined },
): Promise<WorkTree> {
  const git = gitIn(folder, quiet)
  const repository = (await mustGit(git, 'rev-parse', '--show-toplevel')).trimEnd()
  const prefix = (await mustGit(git, 'rev-parse', '--show-prefix')).trimEnd()
  if ((await tryGit(git, 'cat-file', '-e', `${commit}^{commit}`)) === undefined) {
    throw new EsteiraError('not-found', 'The commit of the run is not in the repository any more.', {
      where: folder,
      found: commit,
      next: 'Fetch it from a copy of the repository that still holds it.',
    })
  }
  await mustGit(git, 'worktree', 'add', '--quiet', '--detach', target, commit)
  // Git of some versions applies nothing, without a word, to paths outside the folder that it runs in.
  if (patch !== undefined) await mustGit(gitIn(target, quiet), 'apply', '--whitespace=nowarn', patch)
  return { projectPath: join(target, prefix), repository }
}

/** What a crash left of it is gone with the folder and the next `prune`. */
export async function removeWorkTree(repository: string, target: string): Promise<void> {
  const git = gitIn(repository, quiet)
  await tryGit(git, 'worktree', 'remove', '--force', target)
  await rm(target, { recursive: true, force: true })
  await pruneWorkTrees(repository)
}

/** Makes a repository forget the work trees whose folders are gone. */
export async function pruneWorkTrees(repository: string): Promise<void> {
  await tryGit(gitIn(repository, quiet), 'worktree', 'prune')
}

/** For a project that is not under git: a folder with the given files alone. */
export async function plainFolder(target: string, files: ReadonlyMap<string, string>): Promise<string> {
  for (const [path, text] of files) {
    await mkdir(join(target, path, '..'), { recursive: true })
    await writeFile(join(target, path), text)
  }
  return target
}
