/** Whether this machine and a home are in order. Some of it computes for seconds: for a process or thread of its own. */
import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { access, stat, statfs } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { promisify } from 'node:util'
import type { Check } from '#shared/settings.ts'
import { toProblem } from '../kernel/errors.ts'
import type { Home } from '../kernel/home.ts'

const oldestNodeMajor = 24
/** Less free space than this does not carry a few runs. */
const littleSpaceBytes = 1_000_000_000

export interface NamedCheck {
  readonly name: string
  readonly make: (home: Home) => Promise<Omit<Check, 'name'>> | Omit<Check, 'name'>
}

/** All checks, in order. `readFiles`: reads every stored file again and compares its hash, rather than see that it is there. */
export function homeChecks({ readFiles }: { readFiles: boolean }): NamedCheck[] {
  return [
    { name: 'node', make: checkNode },
    { name: 'machine', make: checkMachine },
    { name: 'home', make: checkHome },
    { name: 'disk', make: checkDisk },
    { name: 'database', make: checkDatabase },
    { name: 'artifacts', make: (home) => checkArtifacts(home, readFiles) },
    { name: 'training', make: checkBackend },
    { name: 'python', make: checkPython },
  ]
}

/** A check that cannot be made has failed, and says why. */
export async function makeChecks(checks: readonly NamedCheck[], home: Home): Promise<Check[]> {
  const made: Check[] = []
  for (const { name, make } of checks) {
    try {
      made.push({ name, ...(await make(home)) })
    } catch (error) {
      made.push({ name, state: 'failed', detail: toProblem(error).detail })
    }
  }
  return made
}

function checkNode(): Omit<Check, 'name'> {
  const recent = Number(process.versions.node.split('.')[0]) >= oldestNodeMajor
  return { state: recent ? 'ok' : 'failed', detail: `${process.version} on ${process.platform} ${process.arch}` }
}

function checkMachine(): Omit<Check, 'name'> {
  return { state: 'ok', detail: `${availableParallelism()} cores, ${gigabytes(totalmem())} of memory` }
}

async function checkHome({ path }: Home): Promise<Omit<Check, 'name'>> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) return { state: 'ok', detail: `${path} is made at the first use` }
  await access(path, constants.R_OK | constants.W_OK)
  const shared = process.platform !== 'win32' && (found.mode & 0o077) !== 0
  return { state: shared ? 'warning' : 'ok', detail: shared ? `${path} is open to other users` : path }
}

async function checkDisk({ path }: Home): Promise<Omit<Check, 'name'>> {
  const { bavail, bsize } = await statfs(path).catch(() => statfs('.'))
  const free = bavail * bsize
  return { state: free < littleSpaceBytes ? 'warning' : 'ok', detail: `${gigabytes(free)} free` }
}

async function checkDatabase(home: Home): Promise<Omit<Check, 'name'>> {
  const store = await openStore(home)
  if (store === undefined) return { state: 'ok', detail: 'none yet' }
  try {
    const problems = store.check()
    return { state: problems.length === 0 ? 'ok' : 'failed', detail: problems.join('; ') || home.databasePath }
  } finally {
    store.close()
  }
}

async function checkArtifacts(home: Home, readFiles: boolean): Promise<Omit<Check, 'name'>> {
  const store = await openStore(home)
  if (store === undefined) return { state: 'ok', detail: 'none yet' }
  try {
    const { ArtifactStore } = await import('../artifacts/artifact-store.ts')
    const artifacts = new ArtifactStore(store, home.artifactsPath, Date.now)
    const list = artifacts.list()
    const broken: string[] = []
    for (const { hash } of list) {
      if (readFiles) await artifacts.files(hash).catch((error: unknown) => broken.push(toProblem(error).detail))
      else if (!artifacts.isComplete(hash)) broken.push(`The artifact ${hash} lacks a file.`)
    }
    if (broken.length === 0) {
      return { state: 'ok', detail: `${list.length}, every file ${readFiles ? 'as it was written' : 'in its place'}` }
    }
    return {
      state: 'failed',
      detail: `${broken.length} of ${list.length} are damaged: ${broken.slice(0, 3).join('; ')}`,
    }
  } finally {
    store.close()
  }
}

async function openStore(home: Home) {
  const made = await stat(home.databasePath).catch(() => undefined)
  if (made === undefined) return undefined
  const { Store } = await import('../store/store.ts')
  return Store.open(home.databasePath)
}

async function checkBackend(): Promise<Omit<Check, 'name'>> {
  const { loadBackend } = await import('../training/backend.ts')
  return { state: 'ok', detail: (await loadBackend()).description }
}

/** Only scripts in Python need it. */
async function checkPython(): Promise<Omit<Check, 'name'>> {
  try {
    const { stdout } = await promisify(execFile)('python3', ['--version'], { timeout: 5_000 })
    return { state: 'ok', detail: stdout.trim() }
  } catch {
    return { state: 'ok', detail: 'not found; only steps that are Python scripts need it' }
  }
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`
}
