/** How old the values of a view are, kept as a small histogram, so that a share is told without reading a million rows. */
import { z } from 'zod'

/** `count` entities have an event time in [from, to]. */
const spanSchema = z.object({ from: z.number(), to: z.number(), count: z.number() })
export const eventTimesSchema = z.array(spanSchema)
export type EventTimes = z.infer<typeof eventTimesSchema>

/** The share of the entities with an event time before the instant; null where there are none. Exact at the bounds of spans. */
export function shareBefore(eventTimes: EventTimes, instant: number): number | null {
  let total = 0
  let before = 0
  for (const { from, to, count } of eventTimes) {
    total += count
    if (to < instant) before += count
    else if (from < instant) before += (count * (instant - from)) / (to - from)
  }
  return total === 0 ? null : before / total
}
