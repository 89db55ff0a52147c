/** What the truth that has arrived says of the two versions of a rollout. */
import { higherIsBetter } from '#shared/metrics.ts'
import type { LabelFigure, Rollout, RolloutFigures } from '#shared/rollout.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { LabelledMetric } from '../labelled-metric.ts'
import { metricOf } from './progress.ts'

/** Labels are asked for no more often: scoring reads the log of requests. */
const everyMs = 15_000

export class RolloutLabels {
  readonly #labelledMetric: LabelledMetric | undefined
  readonly #clock: Clock
  readonly #askedAt = new Map<string, number>()

  constructor(labelledMetric: LabelledMetric | undefined, clock: Clock) {
    this.#labelledMetric = labelledMetric
    this.#clock = clock
  }

  /** False where no feedback is kept, so that nothing can be decided by it. */
  get areKept(): boolean {
    return this.#labelledMetric !== undefined
  }

  /** Since the rollout began: labels lag behind its steps. Undefined where it is not time to ask, or nothing is asked. */
  async ask(rollout: Rollout): Promise<RolloutFigures['labels'] | undefined> {
    const metric = metricOf(rollout.spec)
    const labelledMetric = this.#labelledMetric
    if (metric === undefined || labelledMetric === undefined) return undefined
    const now = this.#clock()
    if (now - (this.#askedAt.get(rollout.id) ?? 0) < everyMs) return undefined
    this.#askedAt.set(rollout.id, now)
    const of = async (revision: number): Promise<LabelFigure | null> => {
      const question = { endpoint: rollout.endpoint, revision, metric, since: rollout.createdAt }
      const { labelled: rows, value, interval } = await labelledMetric(question)
      if (value === null || interval === null) return null
      const { low, high, confidence } = interval
      return { value, low, high, confidence, rows, higherIsBetter: higherIsBetter[metric] ?? true }
    }
    return { stable: await of(rollout.stable.revision), candidate: await of(rollout.revision) }
  }
}
