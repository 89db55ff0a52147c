/** What serves features, put together for an engine: the online store and the log of what was served lie in the home. */
import { existsSync, renameSync, rmSync } from 'node:fs'
import type { FeaturePaths } from '../features/online/feature-paths.ts'
import { OnlineStore } from '../features/online/online-store.ts'
import { EsteiraError } from '../kernel/errors.ts'
import type { Home } from '../kernel/home.ts'
import type { Logger } from '../kernel/logger.ts'

export function featurePaths({ onlinePath, servedFeaturesPath }: Home): FeaturePaths {
  return { onlinePath, servedFeaturesPath }
}

/**
 * Opens the online store. One that cannot be read is set aside: all that it held can be materialised again, and an engine
 * that does not start for it would be the greater harm.
 * @throws EsteiraError `home-newer-version`
 */
export function openOnlineStore({ onlinePath }: Home, logger: Logger): OnlineStore {
  try {
    return OnlineStore.open(onlinePath)
  } catch (error) {
    if (!(error instanceof EsteiraError) || error.code !== 'home-unusable' || !existsSync(onlinePath)) throw error
    logger.error('the online feature store cannot be read; it is set aside and a new one is begun', { error })
    renameSync(onlinePath, `${onlinePath}.unreadable`)
    for (const suffix of ['-wal', '-shm']) rmSync(`${onlinePath}${suffix}`, { force: true })
    return OnlineStore.open(onlinePath)
  }
}
