/** Processes that kill themselves at a chosen moment: no latency lies between the moment and the kill. */
import { spawnSync } from 'node:child_process'

/** To be called by the process, with its last argument. Empty: it goes on to its end. */
export function killMyselfAfter(milliseconds: string): void {
  if (milliseconds !== '') setTimeout(() => process.kill(process.pid, 'SIGKILL'), Number(milliseconds)).unref()
}

/**
 * Runs a module with arguments and the moment of its death. Returns whether it was killed.
 * @throws Error when it fails by itself
 */
export function runAndKill(module: string, args: readonly string[], milliseconds: number | undefined): boolean {
  const moment = milliseconds === undefined ? '' : String(milliseconds)
  const { status, signal, stderr } = spawnSync(process.execPath, [module, ...args, moment], { encoding: 'utf8' })
  if (signal === 'SIGKILL') return true
  if (status !== 0) throw new Error(`the process ended with ${status ?? signal}: ${stderr}`)
  return false
}
