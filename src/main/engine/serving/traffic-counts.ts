/** Counted requests, added up and told. Pure. */
import { type LatencyCounts, latencyQuantile, mergeLatencies } from '#shared/latency-histogram.ts'
import type { TrafficFigures } from '#shared/traffic.ts'

export interface TrafficCounts {
  readonly requests: number
  readonly errors: number
  /** Of the requests without an error. */
  readonly latencies: LatencyCounts
}

export function sumTraffic(parts: readonly TrafficCounts[]): TrafficCounts {
  return {
    requests: parts.reduce((total, { requests }) => total + requests, 0),
    errors: parts.reduce((total, { errors }) => total + errors, 0),
    latencies: mergeLatencies(parts.map(({ latencies }) => latencies)),
  }
}

export function trafficFigures(parts: readonly TrafficCounts[]): TrafficFigures {
  const { requests, errors, latencies } = sumTraffic(parts)
  return {
    requests,
    errors,
    p50Ms: latencyQuantile(latencies, 0.5),
    p95Ms: latencyQuantile(latencies, 0.95),
    p99Ms: latencyQuantile(latencies, 0.99),
  }
}
