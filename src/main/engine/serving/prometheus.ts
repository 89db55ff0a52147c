/** Counts of the inference server in the Prometheus text format 0.0.4, per endpoint. */
import { escapeLabel, type MetricSample, metricFamily } from '../kernel/prometheus-text.ts'

/** Upper bounds of the latency buckets, in seconds. */
const bucketBounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

interface EndpointCounts {
  requests: number
  rows: number
  /** One more than there are bounds: the last is +Inf. */
  readonly buckets: Uint32Array
  durationSum: number
  readonly errors: Map<string, number>
}

export interface Gauges {
  readonly endpoint: string
  readonly waitingRequests: number
  readonly revision: number
}

export class InferenceMetrics {
  readonly #counts = new Map<string, EndpointCounts>()

  /** A prediction that was answered. */
  answered(endpoint: string, rows: number, durationMs: number): void {
    const counts = this.#of(endpoint)
    counts.requests++
    counts.rows += rows
    const seconds = durationMs / 1_000
    counts.durationSum += seconds
    let bucket = 0
    while (bucket < bucketBounds.length && seconds > (bucketBounds[bucket] ?? 0)) bucket++
    counts.buckets[bucket] = (counts.buckets[bucket] ?? 0) + 1
  }

  /** A prediction that was refused or failed. `endpoint` is one that exists, so that the labels stay few. */
  failed(endpoint: string, code: string): void {
    const counts = this.#of(endpoint)
    counts.requests++
    counts.errors.set(code, (counts.errors.get(code) ?? 0) + 1)
  }

  render(gauges: readonly Gauges[]): string {
    const all = [...this.#counts].map(([endpoint, counts]) => ({
      label: `endpoint="${escapeLabel(endpoint)}"`,
      counts,
    }))
    const gauge = (value: (gauges: Gauges) => number) =>
      gauges.map((each) => ({ labels: `endpoint="${escapeLabel(each.endpoint)}"`, value: value(each) }))
    return [
      metricFamily(
        'esteira_inference_requests_total',
        'counter',
        'Prediction requests.',
        all.map(({ label, counts }) => ({ labels: label, value: counts.requests })),
      ),
      metricFamily(
        'esteira_inference_errors_total',
        'counter',
        'Prediction requests that were refused or failed.',
        all.flatMap(({ label, counts }) =>
          [...counts.errors].map(([code, value]) => ({ labels: `${label},code="${code}"`, value })),
        ),
      ),
      metricFamily(
        'esteira_inference_rows_total',
        'counter',
        'Rows predicted.',
        all.map(({ label, counts }) => ({ labels: label, value: counts.rows })),
      ),
      metricFamily(
        'esteira_inference_duration_seconds',
        'histogram',
        'Time from a complete request to its answer.',
        all.flatMap(({ label, counts }) => histogram(label, counts)),
      ),
      metricFamily(
        'esteira_inference_waiting_requests',
        'gauge',
        'Requests that wait for the model or are in it.',
        gauge((each) => each.waitingRequests),
      ),
      metricFamily(
        'esteira_inference_revision',
        'gauge',
        'Number of the revision that answers.',
        gauge((each) => each.revision),
      ),
    ].join('')
  }

  #of(endpoint: string): EndpointCounts {
    let counts = this.#counts.get(endpoint)
    if (counts === undefined) {
      counts = {
        requests: 0,
        rows: 0,
        buckets: new Uint32Array(bucketBounds.length + 1),
        durationSum: 0,
        errors: new Map(),
      }
      this.#counts.set(endpoint, counts)
    }
    return counts
  }
}

function histogram(label: string, counts: EndpointCounts): MetricSample[] {
  let total = 0
  const buckets = Array.from(counts.buckets, (count, index) => {
    total += count
    return { suffix: '_bucket', labels: `${label},le="${bucketBounds[index] ?? '+Inf'}"`, value: total }
  })
  return [
    ...buckets,
    { suffix: '_sum', labels: label, value: counts.durationSum },
    { suffix: '_count', labels: label, value: total },
  ]
}
