/** What endpoints were asked in the last 15 minutes, in memory alone: told when asked, and as it comes. */

import { type EndpointTraffic, recentSeconds, type TrafficPoint, trafficSeconds } from '#shared/traffic.ts'
import type { Clock } from '../kernel/clock.ts'
import type { EventBus } from '../kernel/events.ts'
import type { TrafficSecond } from './traffic-counter.ts'
import { sumTraffic, type TrafficCounts, trafficFigures } from './traffic-counts.ts'

interface KeptSecond {
  readonly at: number
  readonly revisions: ReadonlyMap<number, TrafficCounts>
  readonly point: TrafficPoint
}

export class Traffic {
  readonly #events: EventBus
  readonly #clock: Clock
  /** Oldest first. */
  readonly #seconds = new Map<string, KeptSecond[]>()

  constructor(events: EventBus, clock: Clock) {
    this.#events = events
    this.#clock = clock
  }

  /** Finished seconds, as the inference thread counted them. */
  receive(seconds: readonly TrafficSecond[]): void {
    const endpoints = [...Map.groupBy(seconds, ({ endpoint }) => endpoint)].map(([endpoint, counted]) => {
      const changed = [...Map.groupBy(counted, ({ at }) => at)].map(([at, parts]) => this.#keep(endpoint, at, parts))
      return this.#tell(endpoint, changed)
    })
    if (endpoints.length > 0) this.#events.publish({ type: 'traffic', at: this.#clock(), endpoints })
  }

  /** An endpoint that was asked nothing has no points. */
  of(endpoint: string): EndpointTraffic {
    return this.#tell(endpoint, this.#since(endpoint, trafficSeconds))
  }

  #tell(endpoint: string, seconds: readonly KeptSecond[]): EndpointTraffic {
    const recent = this.#since(endpoint, recentSeconds).flatMap(({ revisions }) => [...revisions.values()])
    return { endpoint, at: this.#clock(), points: seconds.map(({ point }) => point), recent: trafficFigures(recent) }
  }

  #since(endpoint: string, seconds: number): KeptSecond[] {
    const oldest = this.#clock() - seconds * 1_000
    return (this.#seconds.get(endpoint) ?? []).filter(({ at }) => at >= oldest)
  }

  /** A second that is known already, as from a thread that ended within it, is added to. */
  #keep(endpoint: string, at: number, parts: readonly TrafficSecond[]): KeptSecond {
    const kept = this.#since(endpoint, trafficSeconds)
    const known = kept.find((second) => second.at === at)
    const revisions = new Map(known?.revisions)
    for (const part of parts) {
      const before = revisions.get(part.revision)
      revisions.set(part.revision, before === undefined ? part : sumTraffic([before, part]))
    }
    const second = { at, revisions, point: pointOf(at, revisions) }
    const others = kept.filter((each) => each !== known)
    this.#seconds.set(
      endpoint,
      [...others, second].sort((a, b) => a.at - b.at),
    )
    return second
  }
}

function pointOf(at: number, revisions: ReadonlyMap<number, TrafficCounts>): TrafficPoint {
  const each = [...revisions].sort(([a], [b]) => a - b)
  return {
    at,
    ...trafficFigures([...revisions.values()]),
    revisions: each.map(([revision, counts]) => ({ revision, ...trafficFigures([counts]) })),
  }
}
