/** What can be said of shares, quantiles and their differences from so many requests. Pure. */

import { latencyQuantile } from '#shared/latency-histogram.ts'
import type { Counts } from '#shared/rollout.ts'

export interface Estimate {
  readonly value: number
  readonly low: number
  readonly high: number
}

/** The score interval of a share (E. B. Wilson 1927): honest from the first request on, 0 and all included. */
export function shareOf(count: number, total: number, z: number): Estimate {
  if (total === 0) return { value: 0, low: 0, high: 1 }
  const share = count / total
  const square = (z * z) / total
  const middle = (share + square / 2) / (1 + square)
  const half = (z / (1 + square)) * Math.sqrt((share * (1 - share)) / total + square / (4 * total))
  return { value: share, low: Math.max(0, middle - half), high: Math.min(1, middle + half) }
}

/**
 * The interval of a - b from the intervals of each, by the method of variance estimates recovery (G. Y. Zou and A. Donner,
 * Statistics in Medicine 27, 2008). Of two Wilson intervals it is method 10 of R. G. Newcombe (1998).
 */
export function difference(a: Estimate, b: Estimate): Estimate {
  const value = a.value - b.value
  return {
    value,
    low: value - Math.hypot(a.value - a.low, b.high - b.value),
    high: value + Math.hypot(a.high - a.value, b.value - b.low),
  }
}

/** An interval as wide as another confidence asks for, taken as normal. */
export function widened({ value, low, high }: Estimate, fromZ: number, toZ: number): Estimate {
  const factor = toZ / fromZ
  return { value, low: value - (value - low) * factor, high: value + (high - value) * factor }
}

/** What a quantile of the latency is at the most: an order statistic (W. J. Conover 1999, section 3.2). Null of none. */
export function quantileAtMost(latencies: Counts, total: number, share: number, z: number): number | null {
  if (total === 0) return null
  return latencyQuantile(latencies, Math.min(1, share + z * Math.sqrt((share * (1 - share)) / total)))
}
