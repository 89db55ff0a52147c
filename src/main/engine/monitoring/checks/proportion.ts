/** Where the true share lies, given how many of how many were seen. Pure. */
import type { Interval } from '#shared/monitors.ts'
import { normalQuantile } from '../../training/metrics/normal.ts'

export const confidence = 0.95

/** The score interval of E. B. Wilson (1927), which is sound for few rows and for shares near 0 and 1. */
export function wilsonInterval(hits: number, rows: number): Interval | undefined {
  if (rows === 0) return undefined
  const z = normalQuantile(1 - (1 - confidence) / 2)
  const share = hits / rows
  const scale = 1 + z ** 2 / rows
  const middle = (share + z ** 2 / (2 * rows)) / scale
  const half = (z * Math.sqrt((share * (1 - share)) / rows + z ** 2 / (4 * rows ** 2))) / scale
  // At the ends the rounding of the last digit may leave 0 and 1.
  return { low: hits === 0 ? 0 : middle - half, high: hits === rows ? 1 : middle + half, confidence }
}
