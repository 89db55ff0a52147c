import { existsSync } from 'node:fs'
import { z } from 'zod'
import { type Artifact, artifactSchema } from '#shared/runs.ts'
import type { Clock } from '../kernel/clock.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { jsonColumn } from '../store/json-column.ts'
import type { Store } from '../store/store.ts'
import { storedFilePath, verifyFile } from './artifact-files.ts'

const artifactRow = z.object({
  hash: z.string(),
  type: artifactSchema.shape.type,
  files: jsonColumn(artifactSchema.shape.files),
})

/** What artifacts there are. Their files are written by the step threads (artifact-files.ts) before a row is recorded here. */
export class ArtifactStore {
  readonly root: string
  readonly #store: Store
  readonly #clock: Clock

  /** `root`: the folder of the stored files. */
  constructor(store: Store, root: string, clock: Clock) {
    this.#store = store
    this.root = root
    this.#clock = clock
  }

  /** Records an artifact whose files are in place; recording it again changes nothing. */
  record(artifact: Artifact): void {
    this.#store.run(
      'INSERT INTO artifact (hash, type, files, created_at) VALUES ($hash, $type, $files, $at) ON CONFLICT DO NOTHING',
      { hash: artifact.hash, type: artifact.type, files: JSON.stringify(artifact.files), at: this.#clock() },
    )
  }

  find(hash: string): Artifact | undefined {
    return this.#store.get(artifactRow, 'SELECT hash, type, files FROM artifact WHERE hash = $hash', { hash })
  }

  /** @throws EsteiraError `artifact-not-found` */
  get(hash: string): Artifact {
    const artifact = this.find(hash)
    if (artifact !== undefined) return artifact
    throw new EsteiraError('artifact-not-found', `There is no artifact ${hash}.`, {
      found: hash,
      next: 'Take the hash from a step of a run.',
    })
  }

  /** File name to absolute path, each file checked against its hash. */
  async files(hash: string): Promise<ReadonlyMap<string, string>> {
    const paths = new Map<string, string>()
    for (const file of this.get(hash).files) paths.set(file.name, await verifyFile(this.root, file.sha256))
    return paths
  }

  /** Whether the artifact is recorded and all of its files exist; their content is checked when they are read. */
  isComplete(hash: string): boolean {
    const files = this.find(hash)?.files
    return files?.every((file) => existsSync(storedFilePath(this.root, file.sha256))) ?? false
  }

  /** Every recorded artifact, for the doctor. */
  list(): Artifact[] {
    return this.#store.all(artifactRow, 'SELECT hash, type, files FROM artifact ORDER BY created_at, hash')
  }
}
