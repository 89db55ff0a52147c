/** Counts of split traffic in the Prometheus text format, per revision and role. Revisions are counted only while they share. */
import { escapeLabel, metricFamily } from '../../kernel/prometheus-text.ts'
import type { Route, ServedEndpoints } from '../served-endpoints.ts'

type Role = 'stable' | 'candidate' | 'shadow'

interface Counts {
  readonly labels: string
  requests: number
  errors: number
  seconds: number
}

export class RolloutMetrics {
  readonly #counts = new Map<string, Counts>()

  answered(endpoint: string, route: Route, latencyMs: number): void {
    if (route.rollout === undefined) return
    const counts = this.#of(endpoint, route.live.revision, route.arm)
    counts.requests++
    counts.seconds += latencyMs / 1_000
    if (route.shadow !== undefined) this.#of(endpoint, route.shadow.revision, 'shadow').requests++
  }

  failed(endpoint: string, route: Route | undefined): void {
    if (route?.rollout === undefined) return
    const counts = this.#of(endpoint, route.live.revision, route.arm)
    counts.requests++
    counts.errors++
  }

  render(served: ServedEndpoints): string {
    const all = [...this.#counts.values()]
    const shares = served.names().flatMap((endpoint) => {
      const split = served.splitAt(endpoint)
      if (split === undefined) return []
      const labels = `endpoint="${escapeLabel(endpoint)}",revision="${split.revision}",kind="${split.kind}"`
      return [{ labels, value: split.share }]
    })
    return [
      metricFamily(
        'esteira_rollout_requests_total',
        'counter',
        'Requests while two revisions share the traffic; of a shadow, those it was meant to be asked.',
        all.map(({ labels, requests }) => ({ labels, value: requests })),
      ),
      metricFamily(
        'esteira_rollout_errors_total',
        'counter',
        'Of these, requests that were refused or failed.',
        all.map(({ labels, errors }) => ({ labels, value: errors })),
      ),
      metricFamily(
        'esteira_rollout_duration_seconds_total',
        'counter',
        'Time that answers took, from the complete request.',
        all.map(({ labels, seconds }) => ({ labels, value: seconds })),
      ),
      metricFamily('esteira_rollout_share', 'gauge', 'Share of the traffic that the new revision gets.', shares),
    ].join('')
  }

  #of(endpoint: string, revision: number, role: Role): Counts {
    const labels = `endpoint="${escapeLabel(endpoint)}",revision="${revision}",role="${role}"`
    let counts = this.#counts.get(labels)
    if (counts === undefined) {
      counts = { labels, requests: 0, errors: 0, seconds: 0 }
      this.#counts.set(labels, counts)
    }
    return counts
  }
}
