/** What follows from where a rollout stands. Pure. */
import type { Rollout, RolloutEvidence, RolloutSpec } from '#shared/rollout.ts'
import type { Progress } from './rollout-store.ts'
import type { Split } from './split.ts'

export const noLooks = { count: 0, atRequests: 0, atLabels: 0 }

export function firstShare(spec: RolloutSpec): number {
  return spec.kind === 'canary' ? (spec.steps[0] ?? 0) : spec.share
}

export function splitOf({ id, spec, share }: Pick<Rollout, 'id' | 'spec' | 'share'>): Split {
  return { rolloutId: id, kind: spec.kind, share, key: spec.kind === 'shadow' ? undefined : spec.key }
}

/** Scored on labelled rows; undefined where nothing is. */
export function metricOf(spec: RolloutSpec): string | undefined {
  switch (spec.kind) {
    case 'canary':
      return spec.stop.label?.metric
    case 'a-b':
      return spec.metric
    case 'shadow':
      return undefined
  }
}

export function evidenceOf({ checks, figures, result }: Rollout): RolloutEvidence {
  return { checks, figures, result }
}

export function progressOf({ step, stepSince, share, looks, figures, checks, result }: Rollout): Progress {
  return { step, stepSince, share, looks, figures, checks, result }
}
