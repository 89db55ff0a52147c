import type { Moment } from './kill.ts'

/** Random moments at which to kill, the same in every run of a test: one in five falls into the start of the process. */
export function seededMoments(seed: number, { startMs, runMs }: { startMs: number; runMs: number }): () => Moment {
  const random = seeded(seed)
  return () =>
    random() < 0.2 ? { after: 'start', ms: random() * startMs } : { after: 'under-way', ms: random() * runMs }
}

/** Uniform in [0, 1) (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
