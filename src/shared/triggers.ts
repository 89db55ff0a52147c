/** What starts runs by itself: conditions, and every decision with the evidence for it. */
import { z } from 'zod'
import { alertSeveritySchema } from './alert-rules.ts'
import { alertReadingSchema } from './alerts.ts'
import { problemSchema } from './errors.ts'
import { readingSchema } from './monitors.ts'
import { instantSchema, pageSchema } from './names.ts'
import { parametersSchema } from './runs.ts'

/** What follows when a planned time passed unused: one run as soon as possible, however many times passed, or none. */
export const missedPolicySchema = z.enum(['once', 'skip'])
export type MissedPolicy = z.infer<typeof missedPolicySchema>

/** One thing that must be so, with every default in place. */
export const leafConditionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('schedule'), schedule: z.string(), timeZone: z.string(), missed: missedPolicySchema }),
  z.object({
    kind: z.literal('new-data'),
    dataset: z.string(),
    debounceMs: z.number().int(),
    minRows: z.number().int(),
  }),
  z.object({
    kind: z.literal('performance'),
    model: z.string(),
    dataset: z.string(),
    metric: z.string(),
    limit: z.number(),
    /** On which side of the limit the metric must be to start a run. */
    side: z.enum(['below', 'above']),
    windowMs: z.number().int(),
    minRows: z.number().int(),
  }),
  z.object({
    kind: z.literal('drift'),
    model: z.string(),
    dataset: z.string(),
    limit: z.number(),
    windowMs: z.number().int(),
    minRows: z.number().int(),
  }),
  /** `project` null: the pipeline's own. */
  z.object({ kind: z.literal('after'), project: z.string().nullable(), pipeline: z.string() }),
  /** `check` null: any check of the monitor. */
  z.object({
    kind: z.literal('alert'),
    monitor: z.string(),
    check: z.string().nullable(),
    severity: alertSeveritySchema,
  }),
  /** Of drift or performance in production. `check` null: the checks of the monitor that are about it. */
  z.object({
    kind: z.literal('reading'),
    about: z.enum(['drift', 'performance']),
    monitor: z.string(),
    check: z.string().nullable(),
    limit: z.number(),
    side: z.enum(['below', 'above']),
  }),
])
export type LeafCondition = z.infer<typeof leafConditionSchema>

const innerGroupSchema = z.object({ kind: z.enum(['all', 'any']), of: z.array(leafConditionSchema) })
const groupSchema = z.object({
  kind: z.enum(['all', 'any']),
  of: z.array(z.union([leafConditionSchema, innerGroupSchema])),
})
export const conditionSchema = z.union([leafConditionSchema, groupSchema])
export type Condition = z.infer<typeof conditionSchema>

/** What holds a run back although its conditions are met. */
export const restraintsSchema = z.object({
  cooldownMs: z.number().int().nullable(),
  /** Times of the day as `22:00`, in `timeZone`. */
  quietHours: z.object({ from: z.string(), to: z.string() }).nullable(),
  budget: z.object({ runs: z.number().int().nullable(), minutes: z.number().nullable() }).nullable(),
  overlap: z.boolean(),
  timeZone: z.string(),
})
export type Restraints = z.infer<typeof restraintsSchema>

const conditionBase = { met: z.boolean() }
const rowsRead = {
  /** The rows looked at: how many, and from when to when. */
  rows: z.number().int().nullable(),
  from: z.string().nullable(),
  to: z.string().nullable(),
}

/** What was found for one condition, and what it was compared with. */
export const conditionEvidenceSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('schedule'),
    ...conditionBase,
    schedule: z.string(),
    timeZone: z.string(),
    /** The planned time that came due; null while none is. */
    plannedAt: instantSchema.nullable(),
    reason: z.enum(['due', 'late', 'missed', 'not-yet']),
  }),
  z.object({
    kind: z.literal('new-data'),
    ...conditionBase,
    dataset: z.string(),
    minRows: z.number().int(),
    /** New rows only, late ones among them. */
    ...rowsRead,
    /** Rows that came after rows of a later time were trained on. */
    lateRows: z.number().int(),
    /** New or changed files, where the dataset has no column for the time. */
    files: z.array(z.string()),
    reason: z.enum(['enough', 'too-few', 'settling', 'tried', 'unreadable', 'unknown']),
    problem: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('performance'),
    ...conditionBase,
    model: z.string(),
    version: z.number().int().nullable(),
    dataset: z.string(),
    metric: z.string(),
    value: z.number().nullable(),
    limit: z.number(),
    side: z.enum(['below', 'above']),
    ...rowsRead,
    reason: z.enum(['beyond', 'within', 'acted-on', 'too-few', 'no-champion', 'unreadable', 'unknown']),
    problem: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('drift'),
    ...conditionBase,
    model: z.string(),
    version: z.number().int().nullable(),
    dataset: z.string(),
    value: z.number().nullable(),
    limit: z.number(),
    ...rowsRead,
    /** The columns that moved most, the farthest first. */
    columns: z.array(z.object({ column: z.string(), value: z.number() })),
    reason: z.enum(['beyond', 'within', 'acted-on', 'too-few', 'no-champion', 'unreadable', 'unknown']),
    problem: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('after'),
    ...conditionBase,
    project: z.string().nullable(),
    pipeline: z.string(),
    /** The newest run that succeeded and was not followed yet. */
    runId: z.string().nullable(),
    reason: z.enum(['succeeded', 'none-yet', 'no-project']),
  }),
  z.object({
    kind: z.literal('alert'),
    ...conditionBase,
    monitor: z.string(),
    check: z.string().nullable(),
    severity: alertSeveritySchema,
    /** The open alert that it is about; null where none is open that is severe enough. */
    alert: z
      .object({
        id: z.string(),
        check: z.string(),
        severity: alertSeveritySchema,
        raisedAt: instantSchema,
        /** What was found, in English; and the reading that says it, absent in old decisions. */
        reason: z.string(),
        reading: alertReadingSchema.optional(),
      })
      .nullable(),
    reason: z.enum(['open', 'none-open', 'acted-on']),
  }),
  z.object({
    kind: z.literal('reading'),
    ...conditionBase,
    about: z.enum(['drift', 'performance']),
    monitor: z.string(),
    check: z.string().nullable(),
    limit: z.number(),
    side: z.enum(['below', 'above']),
    /** Of several checks the one that is farthest beyond the limit; null before the first reading. */
    reading: readingSchema
      .pick({
        ...{ id: true, check: true, endpoint: true, at: true, from: true, to: true, model: true, version: true },
        ...{ value: true, metric: true, estimate: true, rows: true },
      })
      .nullable(),
    reason: z.enum(['beyond', 'within', 'acted-on', 'no-data', 'none-yet', 'unreadable']),
    problem: z.string().nullable(),
  }),
])
export type ConditionEvidence = z.infer<typeof conditionEvidenceSchema>

/** What held a run back. `until`: when that ends by itself. */
export const holdSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('cooldown'), until: instantSchema }),
  z.object({ kind: z.literal('quiet-hours'), until: instantSchema }),
  z.object({
    kind: z.literal('budget'),
    unit: z.enum(['runs', 'minutes']),
    used: z.number(),
    limit: z.number(),
    until: instantSchema,
  }),
  z.object({ kind: z.literal('overlap'), runId: z.string() }),
])
export type Hold = z.infer<typeof holdSchema>

export const decisionOutcomeSchema = z.enum([
  'started',
  /** Missed, and made good for. */
  'started-late',
  /** By a person, whatever the conditions say. */
  'fired',
  /** A planned time that was missed or held back, and left at that. */
  'skipped',
  /** A run was due and could not be started. */
  'failed',
  'not-met',
  /** Met, but held back. */
  'held',
  /** What is there was taken as the state to count from. */
  'watching',
])
export type DecisionOutcome = z.infer<typeof decisionOutcomeSchema>

/** A decision; of those that say the same one after another, all in one. */
export const triggerDecisionSchema = z.object({
  id: z.number().int(),
  outcome: decisionOutcomeSchema,
  /** When it was taken: the first time, and the last. */
  at: instantSchema,
  lastAt: instantSchema,
  count: z.number().int(),
  /** Of a schedule: the time that it was about. */
  plannedAt: instantSchema.nullable(),
  conditions: z.array(conditionEvidenceSchema),
  holds: z.array(holdSchema),
  /** Who fired it by hand. */
  actor: z.string().nullable(),
  runId: z.string().nullable(),
  problem: problemSchema.nullable(),
})
export type TriggerDecision = z.infer<typeof triggerDecisionSchema>

export const triggerKindSchema = z.enum([
  'schedule',
  'new-data',
  'performance',
  'drift',
  'after',
  'alert',
  'reading',
  'all',
  'any',
])
export type TriggerKind = z.infer<typeof triggerKindSchema>

/** One trigger of a pipeline file, as it stands now. */
export const triggerSchema = z.object({
  id: z.string(),
  projectId: z.string(),
  pipeline: z.string(),
  kind: triggerKindSchema,
  /** In a few words of the file, such as `new-data flights`: what runs that it starts are said to be started by. */
  label: z.string(),
  condition: conditionSchema,
  restraints: restraintsSchema,
  parameters: parametersSchema,
  /** Since when this trigger alone is paused. */
  pausedAt: instantSchema.nullable(),
  /** When it can fire next as far as that is a matter of time; null while it waits for something else or is paused. */
  nextAt: instantSchema.nullable(),
  /** When it last started a run, and which. */
  lastAt: instantSchema.nullable(),
  lastRunId: z.string().nullable(),
  /** The latest decision; null before the first. */
  decision: triggerDecisionSchema.nullable(),
})
export type Trigger = z.infer<typeof triggerSchema>

export const triggerStateSchema = z.object({ paused: z.boolean(), triggers: z.array(triggerSchema) })
export type TriggerState = z.infer<typeof triggerStateSchema>

/** What would be decided now, and why; nothing is started or stored. */
export const triggerCheckSchema = z.object({
  outcome: z.enum(['start', 'start-late', 'skip', 'not-met', 'held', 'wait', 'watching']),
  plannedAt: instantSchema.nullable(),
  conditions: z.array(conditionEvidenceSchema),
  holds: z.array(holdSchema),
  /** What a run would get; the pipeline's own defaults are not among it. */
  parameters: parametersSchema,
  /** Whether a pause keeps it from happening. */
  paused: z.boolean(),
})
export type TriggerCheck = z.infer<typeof triggerCheckSchema>

export const triggerDecisionPageSchema = pageSchema(triggerDecisionSchema)
export type TriggerDecisionPage = z.infer<typeof triggerDecisionPageSchema>

/** What started a run by itself: stays even where the trigger is gone. */
export const runTriggerSchema = z.object({
  triggerId: z.string(),
  label: z.string(),
  /** False where the pipeline file does not hold it any more. */
  exists: z.boolean(),
  decision: triggerDecisionSchema,
})
export type RunTrigger = z.infer<typeof runTriggerSchema>

/** How `startedBy` of a run that a trigger started begins. */
export const startedByTrigger = 'trigger '
