/** Puts load on a server, from a process of its own. One message in (`Load`), one message out (`Measured`). */
import autocannon from 'autocannon'

export interface Load {
  readonly url: string
  readonly body: string
  readonly connections: number
  readonly seconds: number
}

export interface Measured {
  readonly requestsPerSecond: number
  readonly p99Ms: number
  readonly failed: number
}

process.on('message', async ({ url, body, connections, seconds }: Load) => {
  const result = await autocannon({
    url,
    body,
    connections,
    duration: seconds,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
  })
  const measured: Measured = {
    requestsPerSecond: result.requests.total / result.duration,
    p99Ms: result.latency.p99,
    failed: result.errors + result.timeouts + result.non2xx,
  }
  process.send?.(measured)
})
