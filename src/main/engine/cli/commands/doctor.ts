import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { access, stat, statfs } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { promisify, styleText } from 'node:util'
import { EsteiraError, toProblem } from '../../kernel/errors.ts'
import { type Home, homeAt, homeFolder } from '../../kernel/home.ts'
import { esteiraVersion } from '../../kernel/version.ts'
import type { DefineCommand } from '../command-line.ts'
import { findEngine } from '../connect.ts'

type State = 'ok' | 'warning' | 'failed'
interface Check {
  readonly name: string
  readonly state: State
  readonly detail: string
}

const marks = { ok: ['✓', 'green'], warning: ['!', 'yellow'], failed: ['✗', 'red'] } as const
const oldestNodeMajor = 24
/** Less free space than this does not carry a few runs. */
const littleSpaceBytes = 1_000_000_000

export const define: DefineCommand = (command, line) => {
  command.action(async () => {
    const home = homeAt(homeFolder(line.home))
    const checks: Check[] = []
    for (const check of [
      checkNode,
      checkMachine,
      checkHome,
      checkDisk,
      checkEngine,
      checkDatabase,
      checkArtifacts,
      checkBackend,
      checkPython,
    ]) {
      checks.push(await guarded(check, home))
    }
    const healthy = checks.every((check) => check.state !== 'failed')
    line.answer({ healthy, version: esteiraVersion, home: home.path, checks }, () => checks.map(describe).join('\n'))
    if (!healthy) line.failed(toProblem(new EsteiraError('home-unusable', 'The doctor found problems.')))
  })
}

type CheckFunction = (home: Home) => Promise<Check> | Check

/** A check that cannot be made has failed, and says why. */
async function guarded(check: CheckFunction, home: Home): Promise<Check> {
  try {
    return await check(home)
  } catch (error) {
    const name = check.name.replace('check', '').toLowerCase()
    return { name, state: 'failed', detail: toProblem(error).detail }
  }
}

function describe({ name, state, detail }: Check): string {
  const [mark, style] = marks[state]
  return `${styleText(style, mark, { stream: process.stdout })} ${name.padEnd(10)} ${detail}`
}

function checkNode(): Check {
  const recent = Number(process.versions.node.split('.')[0]) >= oldestNodeMajor
  return {
    name: 'node',
    state: recent ? 'ok' : 'failed',
    detail: `${process.version} on ${process.platform} ${process.arch}`,
  }
}

function checkMachine(): Check {
  return { name: 'machine', state: 'ok', detail: `${availableParallelism()} cores, ${gigabytes(totalmem())} of memory` }
}

async function checkHome({ path }: Home): Promise<Check> {
  const name = 'home'
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) return { name, state: 'ok', detail: `${path} is made at the first use` }
  await access(path, constants.R_OK | constants.W_OK)
  const shared = process.platform !== 'win32' && (found.mode & 0o077) !== 0
  return { name, state: shared ? 'warning' : 'ok', detail: shared ? `${path} is open to other users` : path }
}

async function checkDisk({ path }: Home): Promise<Check> {
  const { bavail, bsize } = await statfs(path).catch(() => statfs('.'))
  const free = bavail * bsize
  return { name: 'disk', state: free < littleSpaceBytes ? 'warning' : 'ok', detail: `${gigabytes(free)} free` }
}

async function checkEngine({ path }: Home): Promise<Check> {
  const engine = await findEngine(path)
  const detail = engine === undefined ? 'not running' : `process ${engine.pid} at ${engine.controlUrl}`
  return { name: 'engine', state: 'ok', detail }
}

async function checkDatabase(home: Home): Promise<Check> {
  const name = 'database'
  const store = await openStore(home)
  if (store === undefined) return { name, state: 'ok', detail: 'none yet' }
  try {
    const problems = store.check()
    return { name, state: problems.length === 0 ? 'ok' : 'failed', detail: problems.join('; ') || home.databasePath }
  } finally {
    store.close()
  }
}

/** Reads every stored file again and compares its hash. */
async function checkArtifacts(home: Home): Promise<Check> {
  const name = 'artifacts'
  const store = await openStore(home)
  if (store === undefined) return { name, state: 'ok', detail: 'none yet' }
  try {
    const { ArtifactStore } = await import('../../artifacts/artifact-store.ts')
    const artifacts = new ArtifactStore(store, home.artifactsPath, Date.now)
    const list = artifacts.list()
    const broken: string[] = []
    for (const { hash } of list)
      await artifacts.files(hash).catch((error: unknown) => broken.push(toProblem(error).detail))
    if (broken.length === 0) return { name, state: 'ok', detail: `${list.length}, every file as it was written` }
    return {
      name,
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
  const { Store } = await import('../../store/store.ts')
  return Store.open(home.databasePath)
}

async function checkBackend(): Promise<Check> {
  const { loadBackend } = await import('../../training/backend.ts')
  return { name: 'training', state: 'ok', detail: (await loadBackend()).description }
}

/** Only scripts in Python need it. */
async function checkPython(): Promise<Check> {
  const name = 'python'
  try {
    const { stdout } = await promisify(execFile)('python3', ['--version'], { timeout: 5_000 })
    return { name, state: 'ok', detail: stdout.trim() }
  } catch {
    return { name, state: 'ok', detail: 'not found; only steps that are Python scripts need it' }
  }
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`
}
