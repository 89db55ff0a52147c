/** Looks at everything stored: every foreign key, every hash. Reads all files, so for a thread of its own. Changes nothing. */
import { existsSync, statSync } from 'node:fs'
import { z } from 'zod'
import type { Finding } from '#shared/doctor.ts'
import type { Artifact } from '#shared/runs.ts'
import { sentence } from '#shared/sentences.ts'
import { artifactHash, hashFile, storedFilePath } from '../../artifacts/artifact-files.ts'
import { ArtifactStore } from '../../artifacts/artifact-store.ts'
import type { Home } from '../../kernel/home.ts'
import type { Store } from '../../store/store.ts'
import { filesIn } from '../disk-use.ts'
import { settleMs } from '../stored-files.ts'

export interface Examined {
  readonly artifacts: number
  readonly files: number
  readonly bytes: number
  readonly foreignKeys: number
  readonly findings: readonly Finding[]
}

type Found = Pick<Finding, 'kind' | 'where' | 'detail'> & { readonly artifactHash?: string }
const countRow = z.object({ count: z.number() })

export async function examine(
  store: Store,
  home: Home,
  { now, onProgress }: { now: number; onProgress: (fraction: number) => void },
): Promise<Examined> {
  const artifacts = new ArtifactStore(store, home.artifactsPath, Date.now).list()
  const files = new Map(artifacts.flatMap((artifact) => artifact.files).map((file) => [file.sha256, file.bytes]))
  const broken = await brokenFiles(files, home, onProgress)
  const found = [
    ...database(store),
    ...artifacts.flatMap((artifact) => artifactProblems(artifact, broken, home)),
    ...missingArtifacts(store),
    ...cacheEntries(store),
    ...derivedRows(store),
    ...orphans(files, home, now),
  ]
  const keys = `SELECT count(*) AS count FROM sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'`
  return {
    artifacts: artifacts.length,
    files: files.size,
    bytes: [...files.values()].reduce((sum, bytes) => sum + bytes, 0),
    foreignKeys: store.get(countRow, keys)?.count ?? 0,
    findings: found.map((each) => ({
      artifactHash: null,
      ...each,
      outcome: 'left',
      repair: sentence('doctor-not-asked', {}),
    })),
  }
}

/** File by its hash to what is wrong with it. */
async function brokenFiles(
  files: ReadonlyMap<string, number>,
  home: Home,
  onProgress: (fraction: number) => void,
): Promise<Map<string, 'file-missing' | 'file-corrupt'>> {
  const broken = new Map<string, 'file-missing' | 'file-corrupt'>()
  const total = Math.max(
    1,
    [...files.values()].reduce((sum, bytes) => sum + bytes, 0),
  )
  let read = 0
  for (const [sha256, bytes] of files) {
    const path = storedFilePath(home.artifactsPath, sha256)
    if (!existsSync(path)) broken.set(sha256, 'file-missing')
    else if ((await hashFile(path).catch(() => undefined))?.sha256 !== sha256) broken.set(sha256, 'file-corrupt')
    read += bytes
    onProgress(read / total)
  }
  return broken
}

function database(store: Store): Found[] {
  return store.check().map((detail) => {
    const kind = detail.startsWith('foreign key') ? 'foreign-key' : 'integrity'
    return { kind, where: kind === 'foreign-key' ? (/"table":"([^"]+)"/.exec(detail)?.[1] ?? '') : 'database', detail }
  })
}

function artifactProblems(
  { hash, type, files }: Artifact,
  broken: ReadonlyMap<string, 'file-missing' | 'file-corrupt'>,
  home: Home,
): Found[] {
  const wrongHash: Found[] =
    artifactHash(type, files) === hash
      ? []
      : [{ kind: 'artifact-hash', where: hash, detail: sentence('doctor-row-hash', {}), artifactHash: hash }]
  const wrongFiles = files.flatMap(({ name, sha256 }): Found[] => {
    const kind = broken.get(sha256)
    if (kind === undefined) return []
    const detail = sentence(`doctor-${kind}`, { name, type })
    return [{ kind, where: storedFilePath(home.artifactsPath, sha256), detail, artifactHash: hash }]
  })
  return [...wrongHash, ...wrongFiles]
}

/** Steps name artifacts in JSON, which no foreign key watches. */
function missingArtifacts(store: Store): Found[] {
  const rows = store.all(
    z.object({ hash: z.string(), runId: z.string(), step: z.string() }),
    `SELECT s.artifact_hash AS hash, max(s.run_id) AS runId, s.step FROM step_artifact s
     WHERE NOT EXISTS (SELECT 1 FROM artifact a WHERE a.hash = s.artifact_hash) GROUP BY s.artifact_hash`,
  )
  return rows.map(({ hash, runId, step }) => ({
    kind: 'artifact-missing',
    where: `${runId}/${step}`,
    detail: sentence('doctor-not-recorded', { hash }),
    artifactHash: hash,
  }))
}

function cacheEntries(store: Store): Found[] {
  const rows = store.all(
    z.object({ key: z.string(), hash: z.string() }),
    `SELECT c.cache_key AS key, o.value AS hash FROM step_cache c, json_each(c.outputs) o
     WHERE NOT EXISTS (SELECT 1 FROM artifact a WHERE a.hash = o.value)`,
  )
  return rows.map(({ key, hash }) => ({
    kind: 'cache-entry',
    where: key,
    detail: sentence('doctor-gives-unrecorded', { hash }),
  }))
}

/** What the condition of a step's rows in `step_artifact` is: equal to the JSON that they repeat. */
export const stepsWithoutRows = `SELECT e.run_id AS runId, e.name AS step FROM step_execution e
  WHERE (SELECT count(*) FROM json_each(e.outputs)) <>
      (SELECT count(*) FROM step_artifact s WHERE s.run_id = e.run_id AND s.step = e.name AND s.direction = 'out')
    OR (SELECT count(*) FROM json_each(e.inputs) i, json_each(i.value)) <>
      (SELECT count(*) FROM step_artifact s WHERE s.run_id = e.run_id AND s.step = e.name AND s.direction = 'in')`

function derivedRows(store: Store): Found[] {
  const rows = store.all(z.object({ runId: z.string(), step: z.string() }), stepsWithoutRows)
  return rows.map(({ runId, step }) => ({
    kind: 'derived-rows',
    where: `${runId}/${step}`,
    detail: sentence('doctor-rows-missing', {}),
  }))
}

/** Files that no artifact holds; those of steps under way are younger. */
function orphans(files: ReadonlyMap<string, number>, home: Home, now: number): Found[] {
  return filesIn(home.artifactsPath)
    .filter(
      ({ name, path }) =>
        !files.has(name) && (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now) < now - settleMs,
    )
    .map(({ path, bytes }) => ({
      kind: 'orphan-file',
      where: path,
      detail: sentence('doctor-orphan', { count: bytes }),
    }))
}
