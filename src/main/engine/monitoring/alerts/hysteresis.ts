/** When a reading raises, changes or clears the alert of its check. Pure: memory and reading in, memory and change out. */
import { z } from 'zod'
import { type AlertRule, alertSeveritySchema } from '#shared/alert-rules.ts'
import type { Limit, Reading } from '#shared/monitors.ts'

/** What is remembered of a check. Counts are of readings in a row; those that concluded nothing break no row. */
export const alertMemorySchema = z.object({
  /** The newest reading that was taken in. */
  last: z.object({ id: z.string(), at: z.number() }).nullable(),
  /** Readings that are bad enough to raise. */
  bad: z.number(),
  critical: z.number(),
  /** Good, and by the margin. */
  good: z.number(),
  /** Not critical, and by the margin. */
  calm: z.number(),
  /** The severity of the open alert; null where none is open. */
  open: alertSeveritySchema.nullable(),
})
export type AlertMemory = z.infer<typeof alertMemorySchema>

export const freshAlertMemory: AlertMemory = { last: null, bad: 0, critical: 0, good: 0, calm: 0, open: null }

export type AlertChange = 'raised' | 'escalated' | 'eased' | 'cleared'

/** Of a reading, what decides. */
export type JudgedReading = Pick<Reading, 'id' | 'at' | 'value' | 'status' | 'limits'>

export interface AlertStep {
  readonly memory: AlertMemory
  readonly change: AlertChange | null
}

/** At most one change: an alert that is raised is never cleared by the same reading. A reading that came before is not taken in again. */
export function takeReading(memory: AlertMemory, reading: JudgedReading, rule: AlertRule): AlertStep {
  const { last } = memory
  if (last !== null && (reading.at < last.at || reading.id === last.id)) return { memory, change: null }
  const taken = { ...memory, last: { id: reading.id, at: reading.at } }
  if (reading.status === 'no-data') return { memory: taken, change: null }
  const counted = count(taken, reading, rule)
  return counted.open === null ? closed(counted, rule) : open(counted, rule)
}

function count(memory: AlertMemory, reading: JudgedReading, rule: AlertRule): AlertMemory {
  const { status, value, limits } = reading
  const isCritical = status === 'critical'
  const isBad = isCritical || (status === 'warning' && rule.severity === 'warning')
  const raising = rule.severity === 'critical' ? limits.critical : (limits.warning ?? limits.critical)
  const row = (goesOn: boolean, before: number) => (goesOn ? before + 1 : 0)
  return {
    ...memory,
    bad: row(isBad, memory.bad),
    critical: row(isCritical, memory.critical),
    good: row(!isBad && isBeyond(value, raising, rule.margin), memory.good),
    calm: row(!isCritical && isBeyond(value, limits.critical, rule.margin), memory.calm),
  }
}

/** Whether a value is on the good side of its limit by the margin, a share of the limit. */
function isBeyond(value: number | null, limit: Limit | null, margin: number): boolean {
  if (value === null || limit === null) return true
  const { above, below } = limit
  return (
    (above === undefined || value <= above - margin * Math.abs(above)) &&
    (below === undefined || value >= below + margin * Math.abs(below))
  )
}

function closed(memory: AlertMemory, { after }: AlertRule): AlertStep {
  if (memory.bad < after) return { memory, change: null }
  return { memory: { ...memory, open: memory.critical >= after ? 'critical' : 'warning' }, change: 'raised' }
}

function open(memory: AlertMemory, { after, clearAfter, severity }: AlertRule): AlertStep {
  if (memory.good >= clearAfter) return { memory: { ...memory, open: null }, change: 'cleared' }
  if (memory.open === 'warning' && memory.critical >= after) {
    return { memory: { ...memory, open: 'critical' }, change: 'escalated' }
  }
  // Where only critical readings raise, there is no lesser alert to fall to.
  if (memory.open === 'critical' && severity === 'warning' && memory.calm >= clearAfter) {
    return { memory: { ...memory, open: 'warning' }, change: 'eased' }
  }
  return { memory, change: null }
}
