/** Whether a value from the online store may be used: the same rule as that of the point-in-time join offline. */
import type { FeatureGap, FeatureStatus } from '#shared/online.ts'

export interface ValueTimes {
  readonly eventTime: number
  readonly knownAt: number
}

export interface Judgement {
  readonly status: FeatureStatus
  readonly gap: FeatureGap | null
  /** Null where there is no value. */
  readonly ageMs: number | null
}

/**
 * @param found the times of the newest value; undefined where the entity has none
 * @param asOf the time that is looked at: that of the row, else now
 */
export function judge(found: ValueTimes | undefined, asOf: number, ttlMs: number | null): Judgement {
  if (found === undefined) return { status: 'missing', gap: 'unknown-entity', ageMs: null }
  const ageMs = asOf - found.eventTime
  // A value of later, or known only later, would tell the model what it cannot know.
  if (ageMs < 0 || found.knownAt > asOf) return { status: 'missing', gap: 'after-request', ageMs }
  if (ttlMs !== null && ageMs > ttlMs) return { status: 'stale', gap: 'expired', ageMs }
  return { status: 'fresh', gap: null, ageMs }
}
