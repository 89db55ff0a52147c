/** What happened to an endpoint, and what followed from what: one story from decay to promotion or roll-back. */
import { z } from 'zod'
import { alertSeveritySchema } from './alert-rules.ts'
import { actRefusalSchema, alertReadingSchema } from './alerts.ts'
import { judgementSchema } from './gate.ts'
import { instantSchema, pageQuerySchema } from './names.ts'
import { rolloutEvidenceSchema, rolloutKindSchema } from './rollout.ts'
import { runStatusSchema } from './runs.ts'
import { conditionEvidenceSchema, decisionOutcomeSchema, holdSchema } from './triggers.ts'

const base = {
  id: z.string(),
  at: instantSchema,
  /** The entry that led to this one; null where nothing stored did. It may be on another page. */
  follows: z.string().nullable(),
}

/** One entry, with enough to find its evidence. */
export const timelineEntrySchema = z.discriminatedUnion('kind', [
  /** The reading that raised or changed an alert. */
  z.object({ kind: z.literal('reading'), ...base, alertId: z.string(), reading: alertReadingSchema }),
  z.object({
    kind: z.literal('alert'),
    ...base,
    alertId: z.string(),
    monitor: z.string(),
    check: z.string(),
    change: z.enum(['raised', 'escalated', 'eased', 'cleared', 'acknowledged']),
    severity: alertSeveritySchema,
    /** What was read, which is what the reason says; absent where a person acknowledged: then it is that person's note. */
    reading: alertReadingSchema.optional(),
    reason: z.string(),
  }),
  /** What an alert did by itself. */
  z.object({
    kind: z.literal('act'),
    ...base,
    alertId: z.string(),
    act: z.enum(['roll-back']),
    outcome: z.enum(['done', 'refused']),
    revision: z.number().int().nullable(),
    reason: z.string(),
    refusal: actRefusalSchema.optional(),
  }),
  z.object({
    kind: z.literal('decision'),
    ...base,
    triggerId: z.string(),
    label: z.string(),
    outcome: decisionOutcomeSchema,
    conditions: z.array(conditionEvidenceSchema),
    holds: z.array(holdSchema),
    runId: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('run'),
    ...base,
    runId: z.string(),
    pipeline: z.string(),
    status: runStatusSchema,
    startedBy: z.string(),
    startedAt: instantSchema.nullable(),
    finishedAt: instantSchema.nullable(),
  }),
  z.object({
    kind: z.literal('gate'),
    ...base,
    runId: z.string(),
    step: z.string(),
    blessed: z.boolean(),
    reason: z.string(),
    /** What the reason says, as structure; absent where no version was registered with the verdict. */
    gate: judgementSchema.optional(),
    /** The version that was registered with the verdict; null where none was. */
    model: z.string().nullable(),
    version: z.number().int().nullable(),
  }),
  z.object({
    kind: z.literal('alias'),
    ...base,
    model: z.string(),
    alias: z.string(),
    fromVersion: z.number().int().nullable(),
    toVersion: z.number().int().nullable(),
    actor: z.string(),
    reason: z.string(),
    gate: judgementSchema.optional(),
  }),
  z.object({
    kind: z.literal('revision'),
    ...base,
    number: z.number().int(),
    model: z.string(),
    version: z.number().int(),
    /** Of the candidate of a rollout, which does not answer everything from its beginning; null for any other. */
    rollout: rolloutKindSchema.nullable(),
    actor: z.string(),
    reason: z.string(),
    gate: judgementSchema.optional(),
  }),
  /** A step of a canary, an A/B test or a shadow, and its end. */
  z.object({
    kind: z.literal('rollout'),
    ...base,
    rolloutId: z.string(),
    rollout: rolloutKindSchema,
    /** Of the candidate. */
    number: z.number().int(),
    model: z.string(),
    version: z.number().int(),
    action: z.enum(['start', 'step', 'promote', 'roll-back', 'abort']),
    fromShare: z.number(),
    toShare: z.number(),
    actor: z.string(),
    reason: z.string(),
    /** What the engine decided by. */
    evidence: rolloutEvidenceSchema.pick({ checks: true, result: true }),
  }),
])
export type TimelineEntry = z.infer<typeof timelineEntrySchema>
export type TimelineKind = TimelineEntry['kind']

export const timelineQuerySchema = pageQuerySchema.extend({
  order: z.enum(['newest', 'oldest']).default('newest').describe('Which comes first.'),
})
export type TimelineQuery = z.output<typeof timelineQuerySchema>

export const timelineSchema = z.object({ items: z.array(timelineEntrySchema), nextCursor: z.string().optional() })
export type Timeline = z.infer<typeof timelineSchema>
