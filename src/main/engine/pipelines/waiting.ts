import { setTimeout as delay } from 'node:timers/promises'
import { EsteiraError } from '../kernel/errors.ts'

/** A signal that aborts with `step-timeout` when the step has had its time, unless it is cleared before. */
export function timeLimit(step: string, timeoutMs: number): { signal: AbortSignal; clear: () => void } {
  const controller = new AbortController()
  const timer = setTimeout(() => {
    controller.abort(
      new EsteiraError('step-timeout', `The step "${step}" passed its time limit of ${timeoutMs / 60_000} minutes.`, {
        where: step,
        next: 'Raise timeoutMinutes, or give the step less to do.',
      }),
    )
  }, timeoutMs)
  return { signal: controller.signal, clear: () => clearTimeout(timer) }
}

/** Settles after the time, or at once when the signal aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined)
}
