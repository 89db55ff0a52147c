/** Where the true share lies, given how many of how many were seen. Pure. */
import type { Interval } from '#shared/monitors.ts'
import { shareOf } from '../../serving/rollout/intervals.ts'
import { normalQuantile } from '../../training/metrics/normal.ts'

export const confidence = 0.95

/** The score interval of a share at the usual confidence, as monitors tell it; undefined of no rows. */
export function wilsonInterval(hits: number, rows: number): Interval | undefined {
  if (rows === 0) return undefined
  const z = normalQuantile(1 - (1 - confidence) / 2)
  const { low, high } = shareOf(hits, rows, z)
  // At the ends the rounding of the last digit may leave 0 and 1.
  return { low: hits === 0 ? 0 : low, high: hits === rows ? 1 : high, confidence }
}
