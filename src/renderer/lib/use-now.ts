import { useEffect, useState } from 'react'
import { everyTick } from './ticker.ts'

/** The time now, in epoch milliseconds, renewed every `intervalMs` while `active`. */
export function useNow(intervalMs: number, active = true): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (!active) return
    return everyTick(intervalMs, () => setNow(Date.now()))
  }, [intervalMs, active])
  return now
}
