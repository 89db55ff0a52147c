import { existsSync } from 'node:fs'
import { utilityProcess } from 'electron'
import type { EngineChild } from './engine-supervisor.ts'

/** Enough to see why an engine did not start. */
const keptLogCharacters = 8_000

export interface EngineBundle {
  /** Its launcher. */
  readonly path: string
  readonly serveArguments: readonly string[]
  /** A folder of the person's own for compiled code: the one beside the engine may belong to the installation. */
  readonly compileCache: string
}

/** Starts the bundled engine in a process of its own; undefined where there is no bundle. */
export function engineLauncher({ path, serveArguments, compileCache }: EngineBundle): (() => EngineChild) | undefined {
  if (!existsSync(path)) return undefined
  return () => {
    const child = utilityProcess.fork(path, ['serve', ...serveArguments], {
      serviceName: 'esteira-engine',
      stdio: 'pipe',
      env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
    })
    let log = ''
    const keep = (chunk: unknown) => {
      log = (log + String(chunk)).slice(-keptLogCharacters)
    }
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    return {
      ended: new Promise((resolve) => child.once('exit', () => resolve())),
      // A person may pass it on; it must not let anyone in.
      log: () => log.replace(/token=[\w-]+/g, 'token=…'),
      kill: () => void child.kill(),
    }
  }
}
