/** Figures of the step of a rollout, gathered as the inference thread tells of them. Pure. */
import type { ArmFigures, Rollout, RolloutFigures, ShadowFigures } from '#shared/rollout.ts'
import type { TrafficSecond } from '../traffic-counter.ts'
import { mergeCounts } from './tally.ts'

const noRequests: ArmFigures = { requests: 0, errors: 0, latencies: [], predictions: [] }
export const noFigures: RolloutFigures = { stable: noRequests, candidate: noRequests, shadow: null, labels: null }

export type Revisions = Pick<Rollout, 'revision' | 'stable'>

/** With what was asked of either version; the same figures where it was neither. */
export function withTraffic(
  figures: RolloutFigures,
  { revision, stable }: Revisions,
  seconds: readonly TrafficSecond[],
): RolloutFigures {
  const of = (number: number) => seconds.filter((second) => second.revision === number)
  const [candidates, stables] = [of(revision), of(stable.revision)]
  if (candidates.length + stables.length === 0) return figures
  return { ...figures, stable: plus(figures.stable, stables), candidate: plus(figures.candidate, candidates) }
}

function plus(before: ArmFigures, seconds: readonly TrafficSecond[]): ArmFigures {
  if (seconds.length === 0) return before
  return {
    requests: before.requests + sum(seconds, ({ requests }) => requests),
    errors: before.errors + sum(seconds, ({ errors }) => errors),
    latencies: mergeCounts([before.latencies, ...seconds.map(({ latencies }) => latencies)]),
    predictions: mergeCounts([before.predictions, ...seconds.map(({ predictions = [] }) => predictions)]),
  }
}

export function withShadow(figures: RolloutFigures, more: ShadowFigures): RolloutFigures {
  const before = figures.shadow
  if (before === null) return { ...figures, shadow: more }
  return {
    ...figures,
    shadow: {
      requests: before.requests + more.requests,
      rows: before.rows + more.rows,
      agreed: before.agreed + more.agreed,
      failed: before.failed + more.failed,
      dropped: before.dropped + more.dropped,
      differences: mergeCounts([before.differences, more.differences]),
      latencies: mergeCounts([before.latencies, more.latencies]),
    },
  }
}

function sum<Item>(items: readonly Item[], amountOf: (item: Item) => number): number {
  return items.reduce((total, item) => total + amountOf(item), 0)
}
