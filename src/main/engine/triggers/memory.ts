/** What a trigger remembers of each of its conditions: up to where it has acted. Stored with the trigger as JSON. */
import { z } from 'zod'
import type { LeafCondition } from '#shared/triggers.ts'

/** A dataset as a run was given it, or as it was when the trigger came. */
export const snapshotSchema = z.object({
  /** Of the files; `none` where there were none. */
  key: z.string(),
  rows: z.number(),
  /** With a time column: the first instant after the newest row. */
  end: z.string().nullable(),
  /** With a time column: rows before `end` by day, of the newest days. */
  days: z.record(z.string(), z.number()),
  /** Without one: the files, each with what it was known by. */
  files: z.record(z.string(), z.string()),
})
export type Snapshot = z.infer<typeof snapshotSchema>

export const leafMemorySchema = z.discriminatedUnion('kind', [
  /** Planned times up to this one have been decided. */
  z.object({ kind: z.literal('schedule'), decidedUntil: z.number() }),
  z.object({
    kind: z.literal('new-data'),
    /** Trained on for good, or there from the beginning; null until the dataset was looked at. */
    trained: snapshotSchema.nullable(),
    /** Given to a run: counts as trained on unless that run fails. */
    offered: z.object({ runId: z.string(), snapshot: snapshotSchema }).nullable(),
  }),
  /** The measurement that a run was started for: the same one starts no other. */
  z.object({ kind: z.literal('measured'), actedOn: z.string().nullable() }),
  /** Runs that ended before `since`, and those of these ids, have been followed. */
  z.object({ kind: z.literal('after'), since: z.number(), followed: z.array(z.string()) }),
  /** Open alerts that a run was started for. */
  z.object({ kind: z.literal('alert'), actedOn: z.array(z.string()) }),
  /** Up to where the rows of each check had been read that a run was started for, and of which version. */
  z.object({
    kind: z.literal('reading'),
    actedOn: z.array(z.object({ check: z.string(), version: z.number().nullable(), to: z.number() })),
  }),
])
export type LeafMemory = z.infer<typeof leafMemorySchema>
export type MemoryOf<Kind extends LeafMemory['kind']> = Extract<LeafMemory, { kind: Kind }>

/** By `leafKey`. */
export const memorySchema = z.record(z.string(), leafMemorySchema)
export type Memory = z.infer<typeof memorySchema>

/** Of a condition that is new: it counts from `now`. */
export function freshMemory(leaf: LeafCondition, now: number): LeafMemory {
  switch (leaf.kind) {
    case 'schedule':
      return { kind: 'schedule', decidedUntil: now }
    case 'new-data':
      return { kind: 'new-data', trained: null, offered: null }
    case 'performance':
    case 'drift':
      return { kind: 'measured', actedOn: null }
    case 'after':
      return { kind: 'after', since: now, followed: [] }
    case 'alert':
      return { kind: 'alert', actedOn: [] }
    case 'reading':
      return { kind: 'reading', actedOn: [] }
    default:
      return leaf satisfies never
  }
}

/** After a pause, or after the clock was set back: planned times up to `now` are left behind. */
export function leavePlannedTimes(memory: Memory, now: number): Memory {
  return Object.fromEntries(
    Object.entries(memory).map(([key, part]) => [
      key,
      part.kind === 'schedule' ? { ...part, decidedUntil: Math.max(part.decidedUntil, now) } : part,
    ]),
  )
}
