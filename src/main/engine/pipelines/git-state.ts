import { simpleGit } from 'simple-git'

export interface GitState {
  readonly commit: string
  /** Whether the folder differs from the commit, untracked files included. */
  readonly dirty: boolean
}

/** The commit that a project folder stands at; undefined outside a repository, without git, or before the first commit. */
export async function readGitState(folder: string): Promise<GitState | undefined> {
  try {
    const git = simpleGit({ baseDir: folder, timeout: { block: 10_000 } })
    const commit = (await git.revparse(['HEAD'])).trim()
    const status = await git.raw(['status', '--porcelain', '--', '.'])
    return { commit, dirty: status.trim() !== '' }
  } catch {
    return undefined
  }
}
