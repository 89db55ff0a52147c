/** The files of datasets as they are now, without a look inside. */
import { stat } from 'node:fs/promises'
import { relative, sep } from 'node:path'
import type { DatasetSpec } from '#shared/projects.ts'
import { datasetFiles } from '../data/dataset-files.ts'
import { hashJson } from '../kernel/canonical-json.ts'
import type { Clock } from '../kernel/clock.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { forEachFile } from '../kernel/for-each-file.ts'
import type { FilesState } from './signals.ts'

export class DatasetFiles {
  readonly #clock: Clock
  /** When which files were first seen as they are. */
  readonly #changes = new Map<string, { key: string; changedAt: number }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** @throws EsteiraError `path-outside-project` */
  async state(spec: DatasetSpec, folder: string): Promise<FilesState> {
    const place = `${folder} ${spec.path}`
    const found = await filesOf(spec, folder)
    const { description: _, ...read } = spec
    const files = Object.fromEntries(found.map(({ path, known }) => [path, known]))
    const key = found.length === 0 ? 'none' : hashJson({ read, files }).slice(0, 40)
    const before = this.#changes.get(place)
    if (before?.key === key) return { key, files, changedAt: before.changedAt }
    const now = this.#clock()
    // At a first look the files tell when they came: what lay there for long has settled.
    const newest = found.reduce((latest, { changedAt }) => Math.max(latest, changedAt), 0)
    const changedAt = before === undefined ? Math.min(now, newest) : now
    this.#changes.set(place, { key, changedAt })
    return { key, files, changedAt }
  }
}

async function filesOf(spec: DatasetSpec, folder: string) {
  const paths = await datasetFiles(spec, folder).catch((error: unknown) => {
    // Files that are still to come.
    if (error instanceof EsteiraError && error.code === 'dataset-not-found') return []
    throw error
  })
  const found = await forEachFile(paths, (path) => stateOf(path, folder))
  return found.flatMap((file) => file ?? [])
}

/** Undefined for a file that went away meanwhile. */
async function stateOf(path: string, folder: string) {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) return undefined
  const { size, mtimeMs, ino, ctimeMs } = found
  const name = relative(folder, path).split(sep).join('/')
  return { path: name, known: `${size} ${mtimeMs} ${ino}`, changedAt: Math.ceil(ctimeMs) }
}
