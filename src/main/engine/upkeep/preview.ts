/** What a clean-up would remove, worked out as it works it out, and nothing removed. For a thread of its own. */
import { statSync } from 'node:fs'
import { z } from 'zod'
import { type CleanUpPreview, cleanUpPreviewSchema } from '#shared/settings.ts'
import type { Home } from '../kernel/home.ts'
import type { Store } from '../store/store.ts'
import { filesIn } from './disk-use.ts'
import { expiredRun, type KeepingRules, sum, workOutKeeping } from './keeping.ts'
import { settleMs } from './stored-files.ts'

/** Of each list; the counts are of all. */
const maxListed = 500

const typeRow = z.object({ type: z.string() })

export function previewCleanUp(store: Store, home: Home, rules: KeepingRules, now: number): CleanUpPreview {
  const { endedBefore } = rules
  const runs = store.all(
    cleanUpPreviewSchema.shape.runs.element,
    `SELECT r.id, r.pipeline, r.project_id AS projectId, r.finished_at AS finishedAt
     FROM run r WHERE ${expiredRun} ORDER BY r.id LIMIT ${maxListed}`,
    { endedBefore },
  )
  const runCount = store.get(
    z.object({ count: z.number() }),
    `SELECT count(*) AS count FROM run r WHERE ${expiredRun}`,
    {
      endedBefore,
    },
  )
  const { artifacts, needed, surplusCacheKeys } = workOutKeeping(store, rules)
  const going = artifacts.filter(({ hash, createdAt }) => !needed.has(hash) && createdAt < now - settleMs)
  const gone = new Set(going.map(({ hash }) => hash))
  const kept = new Set(
    artifacts.filter(({ hash }) => !gone.has(hash)).flatMap(({ files }) => files.map(({ sha256 }) => sha256)),
  )
  const files = filesIn(home.artifactsPath).filter(({ name, path }) => !kept.has(name) && isSettled(path, now))
  return {
    at: now,
    runCount: runCount?.count ?? 0,
    runs,
    artifactCount: going.length,
    artifacts: going.slice(0, maxListed).map(({ hash, createdAt, files: held }) => ({
      hash,
      type: store.get(typeRow, 'SELECT type FROM artifact WHERE hash = $hash', { hash })?.type ?? '',
      bytes: sum(held.map(({ bytes }) => bytes)),
      createdAt,
    })),
    cacheEntries: surplusCacheKeys.length,
    fileCount: files.length,
    freedBytes: sum(files.map(({ bytes }) => bytes)),
  }
}

function isSettled(path: string, now: number): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  return found !== undefined && found.mtimeMs < now - settleMs
}
