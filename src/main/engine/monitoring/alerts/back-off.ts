/** When a delivery that failed is tried again. Pure. */
import type { Receiver } from '#shared/alerts.ts'

const firstWaitMs = 5_000
const longestWaitMs = 30 * 60_000
/** A webhook is given about three quarters of an hour; a program that fails is rarely mended by itself. */
const attempts: Readonly<Record<Exclude<Receiver['kind'], 'desktop'>, number>> = { webhook: 10, command: 3 }

/**
 * Twice as long after each attempt, less up to half of it by chance, so that many do not come back at once.
 * @param attempt how many were made, this one included @param chance from 0 to 1
 * @returns milliseconds; null: no more
 */
export function waitAfter(kind: Receiver['kind'], attempt: number, chance: number): number | null {
  if (kind === 'desktop' || attempt >= attempts[kind]) return null
  const whole = Math.min(longestWaitMs, firstWaitMs * 2 ** (attempt - 1))
  return Math.round(whole * (1 - chance / 2))
}
