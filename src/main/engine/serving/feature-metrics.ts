/** Counts of filled features in the Prometheus text format, by endpoint and view. */
import type { FeatureStatus } from '#shared/online.ts'
import { escapeLabel, type MetricSample, metricFamily } from '../kernel/prometheus-text.ts'
import type { FilledRows } from './feature-filler.ts'

/** Upper bounds of the latency buckets, in seconds. */
const bucketBounds = [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.1]

type Counts = Record<FeatureStatus, number>

interface Latencies {
  /** One more than there are bounds: the last is +Inf. */
  readonly buckets: Uint32Array
  sum: number
}

export class FeatureMetrics {
  /** By the text of their labels. */
  readonly #counts = new Map<string, Counts>()
  readonly #latencies = new Map<string, Latencies>()

  record(endpoint: string, { summary, readMs }: Pick<FilledRows, 'summary' | 'readMs'>): void {
    for (const { view, fresh, stale, missing } of summary) {
      const label = `endpoint="${escapeLabel(endpoint)}",view="${escapeLabel(view)}"`
      const counts = this.#counts.get(label) ?? { fresh: 0, stale: 0, missing: 0 }
      counts.fresh += fresh
      counts.stale += stale
      counts.missing += missing
      this.#counts.set(label, counts)
    }
    for (const { view, ms } of readMs) this.#time(`view="${escapeLabel(view)}"`, ms / 1_000)
  }

  /** @param dropped lines of the log of served features that were not written; undefined where there is no log */
  render(dropped: number | undefined): string {
    const counter = (value: (counts: Counts) => number) =>
      [...this.#counts].map(([labels, counts]) => ({ labels, value: value(counts) }))
    return [
      metricFamily(
        'esteira_online_features_reads_total',
        'counter',
        'Look-ups of the features of a row that the request left out.',
        counter(({ fresh, stale, missing }) => fresh + stale + missing),
      ),
      metricFamily(
        'esteira_online_features_stale_total',
        'counter',
        'Look-ups whose newest value was older than the ttl of its view.',
        counter(({ stale }) => stale),
      ),
      metricFamily(
        'esteira_online_features_missing_total',
        'counter',
        'Look-ups that found no value.',
        counter(({ missing }) => missing),
      ),
      metricFamily(
        'esteira_online_features_read_seconds',
        'histogram',
        'Time of one read from the online store.',
        [...this.#latencies].flatMap(([label, latencies]) => histogram(label, latencies)),
      ),
      dropped === undefined ? '' : droppedFamily(dropped),
    ].join('')
  }

  #time(label: string, seconds: number): void {
    const latencies = this.#latencies.get(label) ?? { buckets: new Uint32Array(bucketBounds.length + 1), sum: 0 }
    let bucket = 0
    while (bucket < bucketBounds.length && seconds > (bucketBounds[bucket] ?? 0)) bucket++
    latencies.buckets[bucket] = (latencies.buckets[bucket] ?? 0) + 1
    latencies.sum += seconds
    this.#latencies.set(label, latencies)
  }
}

function droppedFamily(value: number): string {
  const help = 'Lines of the log of served features that were not written.'
  return metricFamily('esteira_served_features_dropped_total', 'counter', help, [{ labels: '', value }])
}

function histogram(label: string, { buckets, sum }: Latencies): MetricSample[] {
  let total = 0
  const samples = Array.from(buckets, (count, index) => {
    total += count
    return { suffix: '_bucket', labels: `${label},le="${bucketBounds[index] ?? '+Inf'}"`, value: total }
  })
  return [...samples, { suffix: '_sum', labels: label, value: sum }, { suffix: '_count', labels: label, value: total }]
}
