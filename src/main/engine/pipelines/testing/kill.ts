/** Kills a process at chosen moments and starts it again until it has done its work, for tests of what survives. */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { verifyFile } from '../../artifacts/artifact-files.ts'
import { ArtifactStore } from '../../artifacts/artifact-store.ts'
import type { Home } from '../../kernel/home.ts'
import { Store } from '../../store/store.ts'

/** Milliseconds after the process was started, or after it said that the run is under way. */
export interface Moment {
  readonly after: 'start' | 'under-way'
  readonly ms: number
}

export interface KillOptions {
  /** Program and arguments. It starts the run, or takes it up again, and exits with 0 once the run has ended. */
  readonly command: readonly [string, ...string[]]
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  /** What the process prints once the run is under way. */
  readonly underWay: RegExp
  /** When to kill next; undefined lets the process finish. */
  readonly nextMoment: () => Moment | undefined
  /** Called after each kill, while nothing runs. */
  readonly afterKill: () => Promise<void>
}

/**
 * Returns the number of kills after which the command finished by itself. The whole process group is killed, so that the
 * command may be a chain such as `npx esteira run`.
 * @throws when the command fails by itself
 */
export async function killUntilDone(options: KillOptions): Promise<number> {
  for (let kills = 0; ; kills++) {
    const end = await runOnce(options, options.nextMoment())
    if (end.signal === 'SIGKILL') {
      await options.afterKill()
      continue
    }
    if (end.code === 0) return kills
    throw new Error(`the process ended with ${end.code ?? end.signal} after ${kills} kills:\n${end.output}`)
  }
}

/** How long the run takes after the process said that it is under way, where nobody kills it. @throws when the command fails */
export async function underWayMs(options: Pick<KillOptions, 'command' | 'cwd' | 'env' | 'underWay'>): Promise<number> {
  const { code, signal, output, runMs } = await runOnce(options, undefined)
  if (code !== 0) throw new Error(`the process ended with ${code ?? signal}:\n${output}`)
  return runMs
}

interface End {
  /** Since it said that the run is under way; 0 where it did not. */
  readonly runMs: number
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly output: string
}

function runOnce(
  { command, cwd, env, underWay }: Pick<KillOptions, 'command' | 'cwd' | 'env' | 'underWay'>,
  moment: Moment | undefined,
): Promise<End> {
  const [program, ...args] = command
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let underWayAt: number | undefined
  const killLater = async (ms: number) => {
    await delay(ms)
    // The group is gone already if the process was faster.
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, 'SIGKILL')
  }
  const read = (chunk: Buffer) => {
    output += chunk.toString()
    if (underWayAt !== undefined || !underWay.test(output)) return
    underWayAt = performance.now()
    if (moment?.after === 'under-way') void killLater(moment.ms)
  }
  child.stdout.on('data', read)
  child.stderr.on('data', read)
  if (moment?.after === 'start') void killLater(moment.ms)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      const now = performance.now()
      resolve({ code, signal, output, runMs: now - (underWayAt ?? now) })
    })
  })
}

/**
 * Everything that is wrong in a home that nobody has open: in the database, in the recorded artifacts, in any file of the
 * artifact folder. Empty when all is well.
 */
export async function homeProblems(home: Pick<Home, 'databasePath' | 'artifactsPath'>): Promise<string[]> {
  // Killed before it was made: opening it would make it.
  if (!existsSync(home.databasePath)) return []
  const store = Store.open(home.databasePath)
  try {
    const artifacts = new ArtifactStore(store, home.artifactsPath, Date.now)
    const checks = [
      ...artifacts.list().map(async (artifact) => void (await artifacts.files(artifact.hash))),
      ...storedFileNames(home.artifactsPath).map(async (name) => void (await verifyFile(home.artifactsPath, name))),
    ]
    const failures = (await Promise.allSettled(checks)).filter((check) => check.status === 'rejected')
    return [...store.check(), ...failures.map((failure) => String(failure.reason))]
  } finally {
    store.close()
  }
}

function storedFileNames(root: string): string[] {
  try {
    const entries = readdirSync(root, { recursive: true, withFileTypes: true })
    return entries.filter((entry) => entry.isFile()).map((entry) => entry.name)
  } catch {
    return []
  }
}
