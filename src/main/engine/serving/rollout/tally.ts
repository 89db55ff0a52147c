/** Counts in numbered bins. */
import type { Counts } from '#shared/rollout.ts'

export class Tally {
  readonly #counts = new Map<number, number>()

  add(bin: number): void {
    this.#counts.set(bin, (this.#counts.get(bin) ?? 0) + 1)
  }

  /** In the order of the bins. */
  counts(): [number, number][] {
    return [...this.#counts].sort(([a], [b]) => a - b)
  }
}

export function mergeCounts(all: readonly Counts[]): [number, number][] {
  const merged = new Map<number, number>()
  for (const counts of all) for (const [bin, count] of counts) merged.set(bin, (merged.get(bin) ?? 0) + count)
  return [...merged].sort(([a], [b]) => a - b)
}

export function totalOf(counts: Counts): number {
  return counts.reduce((sum, [, count]) => sum + count, 0)
}
