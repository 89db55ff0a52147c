/** What starts runs by itself. */
import { z } from 'zod'
import { instantSchema } from './names.ts'

/** One trigger of a pipeline file, as it stands now. */
export const triggerSchema = z.object({
  projectId: z.string(),
  pipeline: z.string(),
  kind: z.literal('schedule'),
  /** As the file says it: a cron expression. */
  schedule: z.string(),
  timeZone: z.string(),
  /** When it fires next; null while triggers are paused. */
  nextAt: instantSchema.nullable(),
  lastAt: instantSchema.nullable(),
  lastRunId: z.string().nullable(),
})
export type Trigger = z.infer<typeof triggerSchema>

export const triggerStateSchema = z.object({ paused: z.boolean(), triggers: z.array(triggerSchema) })
export type TriggerState = z.infer<typeof triggerStateSchema>
