/** One timer for everything that is renewed at the same pace. A table holds a hundred such cells, and timers are dear. */
interface Ticker {
  readonly timer: ReturnType<typeof setInterval>
  readonly listeners: Set<() => void>
}

const tickers = new Map<number, Ticker>()

/** Calls `listener` every `intervalMs`, together with all others of that interval; the returned function ends it. */
export function everyTick(intervalMs: number, listener: () => void): () => void {
  const ticker = tickers.get(intervalMs) ?? startTicker(intervalMs)
  // A function of its own, so that a listener may be given twice.
  const call = () => listener()
  ticker.listeners.add(call)
  return () => {
    ticker.listeners.delete(call)
    if (ticker.listeners.size > 0 || tickers.get(intervalMs) !== ticker) return
    clearInterval(ticker.timer)
    tickers.delete(intervalMs)
  }
}

function startTicker(intervalMs: number): Ticker {
  const listeners = new Set<() => void>()
  const timer = setInterval(() => {
    for (const listener of listeners) listener()
  }, intervalMs)
  const ticker = { timer, listeners }
  tickers.set(intervalMs, ticker)
  return ticker
}
