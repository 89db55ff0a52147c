/** What a home holds on its disk, by kind and by project. For a thread of its own. */
import { readdirSync, statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { type DiskUse, diskKinds } from '#shared/settings.ts'
import type { Home } from '../kernel/home.ts'
import type { Store } from '../store/store.ts'
import { expiredRun, type Keeping, type KeepingRules, sum, workOutKeeping } from './keeping.ts'

type DiskKind = (typeof diskKinds)[number]

/** Entries of the home by the kind that they count for. */
const kindOfEntry: Readonly<Record<string, DiskKind>> = {
  artifacts: 'artifacts',
  trash: 'artifacts',
  cache: 'caches',
  caches: 'caches',
  uploads: 'uploads',
  projects: 'samples',
  logs: 'logs',
}

export async function measureDiskUse(store: Store, home: Home, rules: KeepingRules, now: number): Promise<DiskUse> {
  const kinds = bytesByKind(home)
  const { bavail, bsize } = await statfs(home.path)
  const keeping = workOutKeeping(store, rules)
  return {
    at: now,
    totalBytes: sum(kinds.map(({ bytes }) => bytes)),
    freeBytes: bavail * bsize,
    kinds,
    projects: bytesByProject(store, keeping),
    reclaimableBytes: reclaimable(home, keeping),
    expiredRuns: countExpired(store, rules),
  }
}

function bytesByKind(home: Home): DiskUse['kinds'] {
  const bytes = new Map<DiskKind, number>(diskKinds.map((kind) => [kind, 0]))
  for (const entry of readdirSync(home.path, { withFileTypes: true })) {
    const kind = entry.name.startsWith('metadata.db') ? 'database' : (kindOfEntry[entry.name] ?? 'other')
    const path = join(home.path, entry.name)
    const size = entry.isDirectory() ? folderBytes(path) : fileBytes(path)
    bytes.set(kind, (bytes.get(kind) ?? 0) + size)
  }
  return [...bytes].map(([kind, size]) => ({ kind, bytes: size }))
}

function folderBytes(path: string): number {
  return sum(filesIn(path).map(({ bytes }) => bytes))
}

/** The files below a folder, with names that are relative to none. What vanishes meanwhile counts as nothing. */
export function filesIn(path: string): { name: string; path: string; bytes: number }[] {
  try {
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name, parentPath }) => ({
        name,
        path: join(parentPath, name),
        bytes: fileBytes(join(parentPath, name)),
      }))
  } catch {
    return []
  }
}

function fileBytes(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

/** Projects that are hidden, too: their runs take room. */
function bytesByProject(store: Store, { artifacts }: Keeping): DiskUse['projects'] {
  const projects = store.all(
    z.object({ projectId: z.string(), name: z.string(), runs: z.number() }),
    `SELECT p.id AS projectId, p.name, (SELECT count(*) FROM run WHERE project_id = p.id) AS runs
     FROM project p ORDER BY p.added_at, p.id`,
  )
  const files = new Map(artifacts.map((artifact) => [artifact.hash, artifact.files]))
  const counted = new Set<string>()
  return projects.map((project) => {
    const made = store.all(
      z.object({ hash: z.string() }),
      `SELECT DISTINCT o.value AS hash FROM run r JOIN step_execution e ON e.run_id = r.id, json_each(e.outputs) o
       WHERE r.project_id = $projectId`,
      { projectId: project.projectId },
    )
    const own = made.flatMap(({ hash }) => files.get(hash) ?? []).filter(({ sha256 }) => isNew(counted, sha256))
    return { ...project, artifactBytes: sum(own.map(({ bytes }) => bytes)) }
  })
}

function isNew(known: Set<string>, value: string): boolean {
  if (known.has(value)) return false
  known.add(value)
  return true
}

function reclaimable(home: Home, { artifacts, needed }: Keeping): number {
  const kept = new Set(
    artifacts.filter(({ hash }) => needed.has(hash)).flatMap(({ files }) => files.map(({ sha256 }) => sha256)),
  )
  return sum(
    filesIn(home.artifactsPath)
      .filter(({ name }) => !kept.has(name))
      .map(({ bytes }) => bytes),
  )
}

function countExpired(store: Store, { endedBefore }: KeepingRules): number {
  const row = z.object({ count: z.number() })
  return store.get(row, `SELECT count(*) AS count FROM run r WHERE ${expiredRun}`, { endedBefore })?.count ?? 0
}
