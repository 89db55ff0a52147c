/** The form of `triggers` in `pipelines/*.yaml`: a list whose entries are told apart by their first key. */
import { z } from 'zod'
import { parametersSchema } from '#shared/runs.ts'
import { missedPolicySchema } from '#shared/triggers.ts'
import { nearestName } from '../kernel/errors.ts'
import { isTimeZone, scheduleProblem } from '../kernel/schedule.ts'

const scheduleSchema = z.string().superRefine((text, context) => {
  const message = scheduleProblem(text)
  if (message === undefined) return
  const expected = 'minute (0-59) hour (0-23) day (1-31) month (1-12) weekday (0-7 or MON-SUN), or @daily and the like'
  context.addIssue({ code: 'custom', message, params: { expected } })
})

const timeZoneSchema = z.string().superRefine((text, context) => {
  if (isTimeZone(text)) return
  const nearest = nearestName(text, Intl.supportedValuesOf('timeZone'))
  const expected = 'a name of the IANA list, such as America/Sao_Paulo or UTC'
  context.addIssue({ code: 'custom', message: 'the time zone is not known', params: { expected, nearest } })
})

export const scheduleTriggerSchema = z
  .strictObject({
    schedule: scheduleSchema.describe(
      'A cron expression, e.g. "0 3 * * 1": minute, hour, day of month, month, day of week, all of which must match.',
    ),
    timeZone: timeZoneSchema.optional().describe("The time zone of the schedule. Default: the machine's."),
    missed: missedPolicySchema
      .default('once')
      .describe('What follows when the time passed while the engine was off or an earlier run went on.'),
    parameters: parametersSchema.default({}).describe('Values in place of the defaults of the pipeline.'),
  })
  .describe('Starts a run at the times of a schedule.')

/** Grows by further kinds, each an object with a first key of its own. */
export const triggerSpecSchema = z.union([scheduleTriggerSchema])
export type TriggerSpec = z.output<typeof triggerSpecSchema>

/** What makes a trigger of a pipeline the same one after its file was edited. */
export function triggerIdentity(trigger: TriggerSpec): string {
  return JSON.stringify({ schedule: trigger.schedule, timeZone: trigger.timeZone ?? null })
}
