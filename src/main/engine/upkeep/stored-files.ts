/**
 * Removes stored files that no recorded artifact holds. For a thread of its own.
 *
 * Step threads store files before their artifact is recorded, and take over a file that is there already. Both set the
 * file's time of change (artifact-files.ts), so a file that changed lately is left alone. As it could be taken over in the
 * very moment of its removal, it is first moved aside; if it then turns out to have been, it is moved back.
 */
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { storedFilePath } from '../artifacts/artifact-files.ts'
import type { Home } from '../kernel/home.ts'
import { filesIn } from './disk-use.ts'

/** From storing the first file of a step to recording its artifacts it never takes this long. */
export const settleMs = 60 * 60_000

/** Returns the bytes that were freed. `kept`: the names (SHA-256) of the files that recorded artifacts hold. */
export function removeStoredFiles(home: Home, kept: ReadonlySet<string>, now: number): number {
  const trash = home.trashPath
  mkdirSync(trash, { recursive: true })
  let freedBytes = 0
  for (const { name, path, bytes } of filesIn(home.artifactsPath)) {
    if (kept.has(name) || !isSettled(path, now)) continue
    const aside = join(trash, name)
    renameSync(path, aside)
    if (isSettled(aside, now)) {
      rmSync(aside)
      freedBytes += bytes
    } else {
      renameSync(aside, path)
    }
  }
  return freedBytes
}

function isSettled(path: string, now: number): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  return found !== undefined && found.mtimeMs < now - settleMs
}

/** Puts back what a crash left moved aside. To be called before anything uses the stored files. */
export function restoreTrash(home: Home): void {
  let names: string[]
  try {
    names = readdirSync(home.trashPath)
  } catch {
    return
  }
  for (const name of names) {
    const path = storedFilePath(home.artifactsPath, name)
    mkdirSync(dirname(path), { recursive: true })
    renameSync(join(home.trashPath, name), path)
  }
}
