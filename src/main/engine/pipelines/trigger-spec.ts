/** The form of `triggers` in `pipelines/*.yaml`: a list whose entries are told apart by the one condition that each holds. */
import { z } from 'zod'
import { alertSeveritySchema } from '#shared/alert-rules.ts'
import { durationSchema } from '#shared/durations.ts'
import { parametersSchema } from '#shared/runs.ts'
import { missedPolicySchema } from '#shared/triggers.ts'
import { nearestName } from '../kernel/errors.ts'
import { isTimeZone, scheduleProblem } from '../kernel/schedule.ts'
import { driftSchema, performanceSchema } from './trigger-limits.ts'

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

const timeOfDaySchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of the day as "22:00", in quotes')

const afterSchema = z
  .union([
    z.string().min(1),
    z.strictObject({
      project: z.string().min(1).describe('The name of another project.'),
      pipeline: z.string().min(1).describe('A pipeline of it.'),
    }),
  ])
  .describe('Starts a run after a run of another pipeline succeeded.')

const alertSchema = z.strictObject({
  monitor: z.string().min(1).describe('A monitor of the project.'),
  check: z.string().min(1).optional().describe('A check of it. Default: any.'),
  severity: alertSeveritySchema.default('warning').describe('How severe the alert must be, at least.'),
})

/** The keys of which each condition has exactly one, with the options that belong to it. */
const leafOptions = {
  schedule: ['missed'],
  'new-data': ['debounce', 'minRows'],
  performance: [],
  drift: [],
  after: [],
  alert: [],
} as const satisfies Record<string, readonly string[]>
type LeafKey = keyof typeof leafOptions

const leafShape = {
  schedule: scheduleSchema
    .optional()
    .describe(
      'Starts runs at the times of a cron expression, e.g. "0 3 * * 1": minute, hour, day of month, month, day of week, all of which must match.',
    ),
  missed: missedPolicySchema
    .optional()
    .describe(
      'With schedule: what follows when the time passed while the engine was off or a run was held back. Default: once.',
    ),
  'new-data': z
    .string()
    .min(1)
    .optional()
    .describe('Starts a run when rows or files of this dataset are new since the last one.'),
  debounce: durationSchema
    .optional()
    .describe('With new-data: how long the files must have been left alone. Default: 10s.'),
  minRows: z.number().int().min(1).optional().describe('With new-data: how many rows must be new. Default: 1.'),
  performance: performanceSchema
    .optional()
    .describe(
      'Starts a run when a model does worse: its champion on the newest labelled rows, or what answers in production.',
    ),
  drift: driftSchema
    .optional()
    .describe(
      'Starts a run when the newest rows, or those of production, have moved away from what the model learned from.',
    ),
  after: afterSchema.optional(),
  alert: alertSchema.optional().describe('Starts a run while an alert of a monitor is open, once for each alert.'),
}

type LeafBag = z.output<z.ZodObject<typeof leafShape>>

function checkOneKind(entry: Record<string, unknown>, kinds: readonly string[], context: z.RefinementCtx): void {
  const given = kinds.filter((kind) => entry[kind] !== undefined)
  const [first, second] = given
  if (first === undefined) {
    const params = { expected: `one of ${kinds.join(', ')}` }
    context.addIssue({ code: 'custom', message: 'the condition is missing', params })
  }
  if (second !== undefined) {
    const params = { expected: `all: [{ ${first}: … }, { ${second}: … }]` }
    context.addIssue({
      code: 'custom',
      path: [second],
      message: 'several conditions are joined by "all" or "any"',
      params,
    })
  }
  for (const [kind, options] of Object.entries(leafOptions)) {
    const stray = given.includes(kind) ? undefined : options.find((option) => entry[option] !== undefined)
    if (stray === undefined) continue
    context.addIssue({ code: 'custom', path: [stray], message: `"${stray}" belongs to the condition "${kind}"` })
  }
}

const leafKeys = Object.keys(leafOptions)
const leafEntrySchema = z
  .strictObject(leafShape)
  .superRefine((entry, context) => checkOneKind(entry, leafKeys, context))
const innerListSchema = z.array(leafEntrySchema).min(2).max(20).optional()
const innerEntrySchema = z
  .strictObject({ ...leafShape, all: innerListSchema, any: innerListSchema })
  .superRefine((entry, context) => checkOneKind(entry, [...leafKeys, 'all', 'any'], context))
const outerListSchema = z.array(innerEntrySchema).min(2).max(20).optional()

export const triggerSpecSchema = z
  .strictObject({
    ...leafShape,
    all: outerListSchema.describe('Starts a run when every condition of the list is met.'),
    any: outerListSchema.describe('Starts a run when one condition of the list is met.'),
    parameters: parametersSchema
      .default({})
      .describe('Values in place of the defaults of the pipeline; may hold ${{ trigger.from }} and the like.'),
    timeZone: timeZoneSchema
      .optional()
      .describe("Of schedules, quiet hours and the day of the budget. Default: the machine's."),
    cooldown: durationSchema.optional().describe('How long after a run that it started no other one is started.'),
    quietHours: z
      .strictObject({ from: timeOfDaySchema, to: timeOfDaySchema })
      .optional()
      .describe('Times of the day between which nothing is started, e.g. { from: "22:00", to: "06:00" }.'),
    budget: z
      .strictObject({
        runs: z.number().int().min(1).optional().describe('Runs a day.'),
        minutes: z.number().positive().optional().describe('Minutes that runs may take a day, all together.'),
      })
      .refine(({ runs, minutes }) => runs !== undefined || minutes !== undefined, 'must hold runs, minutes or both')
      .optional()
      .describe('What this trigger may use up a day.'),
    overlap: z
      .enum(['forbid', 'allow'])
      .default('forbid')
      .describe('Whether a run may start while another one of the pipeline goes on.'),
  })
  .superRefine((entry, context) => checkOneKind(entry, [...leafKeys, 'all', 'any'], context))
export type TriggerSpec = z.output<typeof triggerSpecSchema>
export type TriggerEntry = LeafBag & {
  readonly all?: readonly TriggerEntry[] | undefined
  readonly any?: readonly TriggerEntry[] | undefined
}
export type { LeafKey }
