/** Brings the files that steps read back to what they were, as far as they are still somewhere. */
import { constants, existsSync } from 'node:fs'
import { copyFile, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ReproductionReport } from '#shared/reproduction.ts'
import type { RunRecord } from '#shared/run-record.ts'

export interface SourcePlaces {
  /** The project as people work in it. */
  readonly projectPath: string
  /** The folder in which the run is repeated. */
  readonly repeatPath: string
  /** The hashes of the files that a step reads in the repeated folder; in a thread of its own. */
  hash(step: string): Promise<ReadonlyMap<string, string>>
}

/**
 * Files that the commit does not hold, such as large data, come from the project folder. Returns those that are not as they
 * were.
 */
export async function restoreSources(
  recorded: RunRecord['sources'],
  { projectPath, repeatPath, hash }: SourcePlaces,
): Promise<ReproductionReport['sources']> {
  const take = async (path: string) => {
    if (!existsSync(join(projectPath, path))) return
    await mkdir(dirname(join(repeatPath, path)), { recursive: true })
    await copyFile(join(projectPath, path), join(repeatPath, path), constants.COPYFILE_FICLONE)
  }
  for (const { path } of recorded) if (!existsSync(join(repeatPath, path))) await take(path)
  const different: ReproductionReport['sources'] = []
  for (const [step, files] of Map.groupBy(recorded, (source) => source.step)) {
    let found = await hash(step)
    const wrong = files.filter(({ path, sha256 }) => found.get(path) !== sha256)
    if (wrong.length > 0) {
      for (const { path } of wrong) await take(path)
      found = await hash(step)
    }
    for (const { path, sha256 } of files) {
      const now = found.get(path) ?? null
      if (now !== sha256) different.push({ step, path, recorded: sha256, found: now })
    }
    for (const [path, now] of found) {
      if (files.some((file) => file.path === path)) continue
      different.push({ step, path, recorded: 'no file', found: now })
    }
  }
  return different
}
