/** The rollouts under way, one for each endpoint, with the figures as they come in: what is stored of them is a look old. */
import type { Rollout } from '#shared/rollout.ts'
import type { TrafficSecond } from '../traffic-counter.ts'
import { withShadow, withTraffic } from './figures.ts'
import type { ShadowNews } from './shadow-mirror.ts'

export class RolloutsUnderWay {
  readonly #running = new Map<string, Rollout>()

  constructor(running: readonly Rollout[]) {
    for (const rollout of running) this.put(rollout)
  }

  at(endpoint: string): Rollout | undefined {
    return this.#running.get(endpoint)
  }

  all(): Rollout[] {
    return [...this.#running.values()]
  }

  put(rollout: Rollout): void {
    this.#running.set(rollout.endpoint, rollout)
  }

  end(endpoint: string): void {
    this.#running.delete(endpoint)
  }

  /** The rollout with its newest figures, where it is under way. */
  current(rollout: Rollout): Rollout {
    const live = this.at(rollout.endpoint)
    return live?.id === rollout.id ? live : rollout
  }

  /** Finished seconds, as the inference thread counted them. */
  receiveTraffic(seconds: readonly TrafficSecond[]): void {
    for (const rollout of this.all()) {
      const own = seconds.filter(({ endpoint }) => endpoint === rollout.endpoint)
      const figures = withTraffic(rollout.figures, rollout, own)
      if (figures !== rollout.figures) this.put({ ...rollout, figures })
    }
  }

  receiveShadows(news: readonly ShadowNews[]): void {
    for (const { endpoint, rolloutId, figures } of news) {
      const rollout = this.at(endpoint)
      if (rollout?.id === rolloutId) this.put({ ...rollout, figures: withShadow(rollout.figures, figures) })
    }
  }
}
