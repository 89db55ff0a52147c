/** For tests: what is stored of the rollouts of a home that nobody has open, and whether it fits together. */
import { z } from 'zod'
import { type RolloutSpec, type RolloutState, rolloutSpecSchema } from '#shared/rollout.ts'
import type { Home } from '../kernel/home.ts'
import { RolloutStore } from '../serving/rollout/rollout-store.ts'
import { positionOf } from '../serving/rollout/split.ts'
import { Store } from '../store/store.ts'

export const testKeys: readonly string[] = Array.from({ length: 24 }, (_, index) => `user-${index}`)

/** A canary that goes on as fast as one can: each key always has the same version at the same share. */
export function rolloutOf(change: object = {}): RolloutSpec {
  return rolloutSpecSchema.parse({
    kind: 'canary',
    steps: [0.3, 0.7],
    hold: '1s',
    minimumRequests: 1,
    key: { header: 'x-user' },
    // The machine of the test is shared, and few requests say little.
    stop: { latencyP99: false, predictions: false },
    ...change,
  })
}

export function hasCandidate(rollout: { id: string; share: number }, key: string): boolean {
  return positionOf(rollout.id, key) < rollout.share
}

const stateAfter = {
  start: 'running',
  step: 'running',
  promote: 'promoted',
  'roll-back': 'rolled-back',
  abort: 'aborted',
} as const satisfies Record<string, RolloutState>

const wholeNumber = z.object({ value: z.number() })

/** The last rollout of the endpoint, and everything in which it, its ledger, the endpoint and the champion disagree. */
export function readRollouts({ databasePath }: Pick<Home, 'databasePath'>, endpoint: string) {
  const store = Store.open(databasePath)
  try {
    const rollouts = new RolloutStore(store)
    const all = rollouts.list(endpoint, { limit: 100 }).items
    const [last] = all
    const numbers = (sql: string) => store.all(wholeNumber, sql).map(({ value }) => value)
    const champions = numbers("SELECT version AS value FROM model_alias WHERE alias = 'champion'")
    const moves = numbers("SELECT to_version AS value FROM alias_move WHERE alias = 'champion' ORDER BY id")
    const answering = numbers('SELECT v.number AS value FROM endpoint e JOIN revision v ON v.id = e.revision_id')
    const problems = all.flatMap((rollout) => {
      const entries = rollouts.entries(rollout.id)
      const action = entries.at(-1)?.action
      const broken = entries.filter(({ fromShare }, index) => fromShare !== (entries[index - 1]?.toShare ?? 0))
      return [
        ...(action !== undefined && stateAfter[action] === rollout.state ? [] : [`${rollout.state} after ${action}`]),
        ...(entries.at(-1)?.toShare === rollout.share ? [] : [`share ${rollout.share}`]),
        ...broken.map(({ action: next, fromShare }) => `${next} from ${fromShare}`),
      ]
    })
    if (champions.length !== 1 || champions[0] !== moves.at(-1)) problems.push(`champions ${champions} after ${moves}`)
    return { last, problems, champion: champions[0], answering }
  } finally {
    store.close()
  }
}
