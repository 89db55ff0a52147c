/** What starts runs by itself. */
import { z } from 'zod'
import { problemSchema } from './errors.ts'
import { instantSchema } from './names.ts'
import { parametersSchema } from './runs.ts'

/** What follows when a planned time passed unused: one run as soon as possible, however many times passed, or none. */
export const missedPolicySchema = z.enum(['once', 'skip'])
export type MissedPolicy = z.infer<typeof missedPolicySchema>

/** What became of a planned time, or of several that passed at once: of the latest of them then. */
export const triggerDecisionSchema = z.object({
  plannedAt: instantSchema,
  at: instantSchema,
  /** `started-late`: missed, and made good for. `skipped`: missed, and left at that. `failed`: no run could be started. */
  outcome: z.enum(['started', 'started-late', 'skipped', 'failed']),
  runId: z.string().nullable(),
  problem: problemSchema.nullable(),
})
export type TriggerDecision = z.infer<typeof triggerDecisionSchema>

/** One trigger of a pipeline file, as it stands now. */
export const triggerSchema = z.object({
  id: z.string(),
  projectId: z.string(),
  pipeline: z.string(),
  kind: z.literal('schedule'),
  /** As the file says it: a cron expression. */
  schedule: z.string(),
  timeZone: z.string(),
  missed: missedPolicySchema,
  parameters: parametersSchema,
  /** When it fires next; null while triggers are paused. */
  nextAt: instantSchema.nullable(),
  /** When it last started a run, and which. */
  lastAt: instantSchema.nullable(),
  lastRunId: z.string().nullable(),
  /** The latest decisions, newest first. */
  decisions: z.array(triggerDecisionSchema),
})
export type Trigger = z.infer<typeof triggerSchema>

export const triggerStateSchema = z.object({ paused: z.boolean(), triggers: z.array(triggerSchema) })
export type TriggerState = z.infer<typeof triggerStateSchema>
