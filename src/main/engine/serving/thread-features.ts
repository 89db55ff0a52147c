/** The feature store as the inference thread holds it: its own connection that only reads, and the log of what was served. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { featureManifestFile, featureManifestSchema } from '#shared/features.ts'
import type { Signature } from '#shared/models.ts'
import type { FeaturePaths } from '../features/online/feature-paths.ts'
import type { OnlineReader } from '../features/online/online-reader.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { FeatureFiller } from './feature-filler.ts'
import type { ModelToServe } from './live-model.ts'
import { ServedFeaturesLog } from './served-features-log.ts'

export class ThreadFeatures {
  readonly log: ServedFeaturesLog
  readonly #onlinePath: string
  #reader: OnlineReader | undefined

  constructor({ onlinePath, servedFeaturesPath }: FeaturePaths) {
    this.#onlinePath = onlinePath
    this.log = new ServedFeaturesLog({ path: servedFeaturesPath })
  }

  /**
   * What fills the inputs of the model; undefined where its package names no features.
   * @throws EsteiraError `model-unusable` where the package does not say it in the expected form
   */
  async openFiller(source: ModelToServe, signature: Signature): Promise<FeatureFiller | undefined> {
    const path = source.files.get(featureManifestFile)
    if (path === undefined || source.projectId === undefined || !existsSync(this.#onlinePath)) return undefined
    const manifest = await readManifest(path)
    if (manifest.features.length === 0) return undefined
    const online = await this.#open()
    return new FeatureFiller({ manifest, signature, online, projectId: source.projectId })
  }

  /** Imported with the first model that has features: a server without one needs no database. */
  async #open(): Promise<OnlineReader> {
    const { OnlineReader } = await import('../features/online/online-reader.ts')
    this.#reader ??= OnlineReader.open(this.#onlinePath)
    return this.#reader
  }

  /** Writes what is still to be logged. */
  async close(): Promise<void> {
    await this.log.flush()
    this.#reader?.close()
  }
}

async function readManifest(path: string) {
  try {
    return featureManifestSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    throw new EsteiraError('model-unusable', `The file ${featureManifestFile} of the model package cannot be read.`, {
      where: featureManifestFile,
      next: 'Register the model again from a run that succeeded.',
      cause,
    })
  }
}
