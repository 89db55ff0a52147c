/**
 * What a work tree holds beyond its commit, as a patch. The repository is not touched: the patch is made with an index and
 * an object folder of its own.
 */
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { GitChanges } from '#shared/run-record.ts'
import { type Git, gitIn, mustGit } from './git.ts'

/** A larger file is data rather than code: runs note the hashes of the data that they read. */
const maxFileBytes = 1_000_000
/** All of the patch; the files that do not fit are left out. */
const maxPatchBytes = 5_000_000
const maxNamed = 100

/** Kinds of files that hold secrets, wherever they are; a patch of them would be a copy of the secret. */
const secretNames =
  /^(\.env(\..+)?|\.netrc|\.npmrc|\.pypirc|\.pgpass|id_(rsa|dsa|ecdsa|ed25519)|credentials(\..+)?|secrets?(\..+)?|.+\.(pem|key|p12|pfx|jks|keystore|kdbx))$/i
const secretContent = /-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bghp_[A-Za-z0-9]{36}\b/

export interface CapturedChanges extends Omit<GitChanges, 'artifactHash'> {
  /** For `git apply`; undefined where there is nothing in it. */
  readonly patch: Buffer | undefined
}

/**
 * @param folder of the project, inside the repository; what lies outside of it is left out
 * @param scratchPath an existing folder
 * @throws EsteiraError `git-failed`
 */
export async function captureChanges(folder: string, scratchPath: string): Promise<CapturedChanges> {
  const git = gitIn(folder)
  const top = (await mustGit(git, 'rev-parse', '--show-toplevel')).trimEnd()
  const changed = await changedPaths(git)
  const { taken, omitted } = await choose(top, changed)
  const named = { files: changed.slice(0, maxNamed), fileCount: changed.length, omitted: omitted.slice(0, maxNamed) }
  if (taken.length === 0) return { ...named, bytes: 0, patch: undefined }
  const patch = await makePatch(top, taken, scratchPath)
  return { ...named, bytes: patch.length, patch }
}

/** From the top of the repository. A renamed file counts as one removed and one added. */
async function changedPaths(git: Git): Promise<string[]> {
  const status = await mustGit(git, 'status', '--porcelain', '-z', '--no-renames', '--untracked-files=all', '--', '.')
  return status
    .split('\0')
    .filter((entry) => entry !== '')
    .map((entry) => entry.slice(3))
    .sort()
}

async function choose(top: string, paths: readonly string[]) {
  const taken: string[] = []
  const omitted: GitChanges['omitted'] = []
  let room = maxPatchBytes
  for (const path of paths) {
    const entry = await stat(join(top, path)).catch(() => undefined)
    const bytes = entry?.size ?? 0
    if (secretNames.test(basename(path)) || (await holdsSecret(join(top, path), bytes))) {
      omitted.push({ path, bytes, reason: 'may-hold-secrets' })
    } else if (bytes > maxFileBytes || bytes > room) {
      omitted.push({ path, bytes, reason: 'too-large' })
    } else {
      taken.push(path)
      room -= bytes
    }
  }
  return { taken, omitted }
}

async function holdsSecret(path: string, bytes: number): Promise<boolean> {
  if (bytes === 0 || bytes > maxFileBytes) return false
  const text = await readFile(path, 'latin1').catch(() => '')
  return secretContent.test(text)
}

async function makePatch(top: string, paths: readonly string[], scratchPath: string): Promise<Buffer> {
  const own = await mkdtemp(join(scratchPath, 'changes-'))
  try {
    const objects = (
      await mustGit(gitIn(top), 'rev-parse', '--path-format=absolute', '--git-path', 'objects')
    ).trimEnd()
    // Git takes a folder without one for no repository.
    await mkdir(join(own, 'objects'))
    const git = gitIn(top, [], {
      GIT_INDEX_FILE: join(own, 'index'),
      GIT_OBJECT_DIRECTORY: join(own, 'objects'),
      GIT_ALTERNATE_OBJECT_DIRECTORIES: objects,
    })
    const list = join(own, 'paths')
    await writeFile(list, `${paths.join('\0')}\0`)
    await mustGit(git, 'read-tree', 'HEAD')
    await mustGit(git, 'add', '--all', `--pathspec-from-file=${list}`, '--pathspec-file-nul')
    const patchFile = join(own, 'changes.patch')
    await mustGit(
      git,
      'diff',
      '--cached',
      '--binary',
      '--full-index',
      '--no-color',
      '--no-ext-diff',
      '--no-textconv',
      '--no-renames',
      `--output=${patchFile}`,
      'HEAD',
    )
    return await readFile(patchFile)
  } finally {
    await rm(own, { recursive: true, force: true })
  }
}
