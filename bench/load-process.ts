/** Puts load on a server, from a process of its own. One message in (`Load`), one message out (`Measured`). */
import autocannon from 'autocannon'

export interface Load {
  readonly url: string
  readonly body: string
  readonly connections: number
  readonly seconds: number
  /** Requests a second over all connections; left out, as many as are answered. */
  readonly rate?: number
}

export interface Measured {
  readonly requestsPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly failed: number
}

process.on('message', async ({ url, body, connections, seconds, rate }: Load) => {
  const result = await autocannon({
    url,
    body,
    connections,
    duration: seconds,
    ...(rate !== undefined && { overallRate: rate }),
    method: 'POST',
    headers: { 'content-type': 'application/json' },
  })
  const measured: Measured = {
    requestsPerSecond: result.requests.total / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    failed: result.errors + result.timeouts + result.non2xx,
  }
  process.send?.(measured)
})
