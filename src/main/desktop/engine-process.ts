import { existsSync } from 'node:fs'
import { utilityProcess } from 'electron'
import type { EngineChild } from './engine-supervisor.ts'

/** Enough to see why an engine did not start. */
const keptLogCharacters = 8_000

/** Starts the bundled engine in a process of its own; undefined where there is no bundle. */
export function engineLauncher(bundle: string, serveArguments: readonly string[]): (() => EngineChild) | undefined {
  if (!existsSync(bundle)) return undefined
  return () => {
    const child = utilityProcess.fork(bundle, ['serve', ...serveArguments], {
      serviceName: 'esteira-engine',
      stdio: 'pipe',
    })
    let log = ''
    const keep = (chunk: unknown) => {
      log = (log + String(chunk)).slice(-keptLogCharacters)
    }
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    return {
      ended: new Promise((resolve) => child.once('exit', () => resolve())),
      log: () => log,
      kill: () => void child.kill(),
    }
  }
}
