/**
 * Latencies counted in fixed buckets whose bounds grow by 10 %, so that any quantile is told within 5 %: the value told for
 * a bucket is the geometric middle of its bounds, off by at most √1.1 - 1 = 4.9 % (as DDSketch does it: Masson, Rim and Lee
 * 2019).
 */
const growth = 1.1
const smallestMs = 0.02
const largestMs = 120_000
const perLog = 1 / Math.log(growth)
/** Bucket 0 holds what is below `smallestMs`, the last what is above `largestMs`. */
export const bucketCount = Math.ceil(Math.log(largestMs / smallestMs) * perLog) + 2

/** How many latencies fell into which bucket, without the empty ones: what is sent and kept. */
export type LatencyCounts = readonly (readonly [bucket: number, count: number])[]

export function bucketOf(latencyMs: number): number {
  if (!(latencyMs >= smallestMs)) return 0
  return Math.min(bucketCount - 1, 1 + Math.floor(Math.log(latencyMs / smallestMs) * perLog))
}

/** In milliseconds. */
function middleOf(bucket: number): number {
  return bucket === 0 ? smallestMs : smallestMs * growth ** (bucket - 0.5)
}

export function mergeLatencies(all: readonly LatencyCounts[]): LatencyCounts {
  const merged = new Map<number, number>()
  for (const counts of all) for (const [bucket, count] of counts) merged.set(bucket, (merged.get(bucket) ?? 0) + count)
  return [...merged].sort(([a], [b]) => a - b)
}

/** The latency, in milliseconds, that the given share of requests does not exceed; null of none. Counts are in order. */
export function latencyQuantile(counts: LatencyCounts, share: number): number | null {
  const total = counts.reduce((sum, [, count]) => sum + count, 0)
  if (total === 0) return null
  let left = Math.max(1, Math.ceil(share * total))
  for (const [bucket, count] of counts) {
    left -= count
    if (left <= 0) return middleOf(bucket)
  }
  return null
}
