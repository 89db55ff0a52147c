import { useFormat } from '../../lib/format.ts'
import { useNow } from '../../lib/use-now.ts'
import { latencyText } from './latency-text.ts'
import { useTraffic } from './queries.ts'
import { recentRate } from './traffic.ts'

const refreshMs = 2_000

export function useRecentRate(endpoint: string) {
  const { data } = useTraffic(endpoint)
  const now = useNow(refreshMs)
  return data && recentRate(data, now)
}

export function LiveRate({ endpoint }: { endpoint: string }) {
  const format = useFormat()
  const rate = useRecentRate(endpoint)
  return rate === undefined ? '–' : format.short(rate.requestsPerSecond)
}

export function LiveP99({ endpoint }: { endpoint: string }) {
  const format = useFormat()
  return latencyText(useRecentRate(endpoint)?.p99Ms ?? null, format.short)
}
