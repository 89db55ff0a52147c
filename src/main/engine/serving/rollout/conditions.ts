/** The stop conditions: whether the new version is certainly worse than it may be. Pure. */

import { bucketOf, latencyQuantile } from '#shared/latency-histogram.ts'
import type { ArmFigures, Counts, LabelFigure, RolloutCheck, RolloutFigures, StopConditions } from '#shared/rollout.ts'
import { additiveChance } from '../../data/drift/additive-chance.ts'
import { jensenShannon } from '../../data/drift/jensen-shannon-divergence.ts'
import { normalQuantile } from '../../training/metrics/normal.ts'
import { difference, type Estimate, quantileAtMost, shareOf, widened } from './intervals.ts'
import { totalOf } from './tally.ts'

const slowest = 0.01
/** Fewer tell nothing of the slowest hundredth of the stable version. */
const minimumStable = 100
/** Predictions are compared in so many cells that are equally full together. */
const cells = 10

/** @param chance how often a condition may stop a version that is as good, at this look */
export function checkConditions(figures: RolloutFigures, conditions: StopConditions, chance: number): RolloutCheck[] {
  const { stable, candidate, labels } = figures
  const z = normalQuantile(1 - chance)
  const { errorRate, latencyP99, latencyP99Ms, predictions, label } = conditions
  return [
    errorRate !== false && errorCheck(stable, candidate, errorRate, z),
    latencyP99 !== false && latencyCheck(stable, candidate, latencyP99, z),
    latencyP99Ms !== undefined && absoluteLatencyCheck(candidate, latencyP99Ms, z),
    predictions !== false && predictionCheck(stable.predictions, candidate.predictions, predictions, chance),
    label !== undefined && labelCheck(labels, label.margin, z),
  ].filter((check) => check !== false)
}

function errorCheck(stable: ArmFigures, candidate: ArmFigures, limit: number, z: number): RolloutCheck {
  const [now, before] = [candidate, stable].map(({ errors, requests }) => shareOf(errors, requests, z))
  if (now === undefined || before === undefined) throw new Error('Two versions are compared.')
  const { low } = difference(now, before)
  return {
    check: 'error-rate',
    status: low > limit ? 'stop' : 'passed',
    value: candidate.requests === 0 ? null : now.value,
    stable: stable.requests === 0 ? null : before.value,
    limit,
    bound: low,
  }
}

/** Bound: the share of requests that are certainly slower than the limit allows one in a hundred to be. */
function latencyCheck(stable: ArmFigures, candidate: ArmFigures, limit: number, z: number): RolloutCheck {
  const total = totalOf(stable.latencies)
  const atMost = total < minimumStable ? null : quantileAtMost(stable.latencies, total, 1 - slowest, z)
  const over = atMost === null ? null : slowShare(candidate.latencies, atMost * limit, z)
  return {
    check: 'latency-p99',
    status: over !== null && over.low > slowest ? 'stop' : 'passed',
    value: latencyQuantile(candidate.latencies, 1 - slowest),
    stable: latencyQuantile(stable.latencies, 1 - slowest),
    limit,
    bound: over?.low ?? null,
  }
}

function absoluteLatencyCheck({ latencies }: ArmFigures, limit: number, z: number): RolloutCheck {
  const { low } = slowShare(latencies, limit, z)
  return {
    check: 'latency-p99-ms',
    status: low > slowest ? 'stop' : 'passed',
    value: latencyQuantile(latencies, 1 - slowest),
    stable: null,
    limit,
    bound: low,
  }
}

/** Only what lies in a higher bucket counts as slower. */
function slowShare(latencies: Counts, limitMs: number, z: number): Estimate {
  const bucket = bucketOf(limitMs)
  const slow = totalOf(latencies.filter(([each]) => each > bucket))
  return shareOf(slow, totalOf(latencies), z)
}

/** Bound: the divergence without what chance alone reaches between samples of this size. */
function predictionCheck(stable: Counts, candidate: Counts, limit: number, chance: number): RolloutCheck {
  const [n, m] = [totalOf(candidate), totalOf(stable)]
  const none = { check: 'predictions', status: 'passed', value: null, stable: null, limit, bound: null } as const
  if (n === 0 || m === 0) return none
  const { current, reference } = pooledCells(candidate, stable)
  const shares = [current.map((count) => count / n), reference.map((count) => count / m)] as const
  const value = jensenShannon(...shares)
  const term = (a: number, b: number) => jensenShannon([a], [b])
  const byChance = additiveChance({ current, reference }, { term, scale: 1 / (8 * Math.LN2) }, chance)
  const bound = Math.max(0, value - byChance)
  return { ...none, status: bound > limit ? 'stop' : 'passed', value, bound }
}

/** Neighbouring bins joined until each cell holds a tenth of all. */
function pooledCells(candidate: Counts, stable: Counts): { current: number[]; reference: number[] } {
  const [left, right] = [new Map(candidate), new Map(stable)]
  const bins = [...new Set([...left.keys(), ...right.keys()])].sort((a, b) => a - b)
  const full = (totalOf(candidate) + totalOf(stable)) / cells
  const joined: { current: number; reference: number }[] = []
  let open: { current: number; reference: number } | undefined
  for (const bin of bins) {
    if (open === undefined || open.current + open.reference >= full) {
      open = { current: 0, reference: 0 }
      joined.push(open)
    }
    open.current += left.get(bin) ?? 0
    open.reference += right.get(bin) ?? 0
  }
  return { current: joined.map(({ current }) => current), reference: joined.map(({ reference }) => reference) }
}

type Labels = RolloutFigures['labels']

/** Labels lag: a step waits for them. */
export function labelRowsCheck(labels: RolloutFigures['labels'], limit: number): RolloutCheck {
  const [value, stable] = [labels?.candidate?.rows ?? 0, labels?.stable?.rows ?? 0]
  const status = Math.min(value, stable) >= limit ? 'passed' : 'waiting'
  return { check: 'label-rows', status, value, stable, limit, bound: null }
}

/** Bound: how much worse it certainly is. */
function labelCheck(labels: Labels, limit: number, z: number): RolloutCheck {
  const { candidate, stable } = labels ?? {}
  const worse = candidate && stable ? worseBy(candidate, stable, z) : null
  return {
    check: 'label',
    status: worse !== null && worse.low > limit ? 'stop' : 'passed',
    value: candidate?.value ?? null,
    stable: stable?.value ?? null,
    limit,
    bound: worse?.low ?? null,
  }
}

/** Above 0 where the new version is worse, whichever way the metric runs. */
function worseBy(candidate: LabelFigure, stable: LabelFigure, z: number): Estimate {
  const [a, b] = [estimateOf(candidate, z), estimateOf(stable, z)]
  return candidate.higherIsBetter ? difference(b, a) : difference(a, b)
}

/** A label figure as wide as a one-sided test at `z` asks for. */
export function estimateOf(figure: LabelFigure, z: number): Estimate {
  return widened(figure, normalQuantile(1 - (1 - figure.confidence) / 2), z)
}
