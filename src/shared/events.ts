import { z } from 'zod'
import { alertSchema } from './alerts.ts'
import { approvalSchema } from './approvals.ts'
import { endpointSchema } from './models.ts'
import { readingSchema } from './monitors.ts'
import { instantSchema } from './names.ts'
import { requestLogStateSchema } from './requests.ts'
import { rolloutStateSchema } from './rollout.ts'
import { logLineSchema, metricPointSchema, runSummarySchema, stepExecutionSchema } from './runs.ts'
import { endpointTrafficSchema } from './traffic.ts'

/** What the engine tells its listeners, after the change is stored. Sent over SSE with `type` as the event name. */
export const eventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('run-changed'), at: instantSchema, run: runSummarySchema }),
  z.object({ type: z.literal('step-changed'), at: instantSchema, runId: z.string(), step: stepExecutionSchema }),
  z.object({ type: z.literal('log'), at: instantSchema, runId: z.string(), lines: z.array(logLineSchema) }),
  z.object({ type: z.literal('metrics'), at: instantSchema, runId: z.string(), points: z.array(metricPointSchema) }),
  z.object({ type: z.literal('project-changed'), at: instantSchema, projectId: z.string() }),
  /** A gate asks a person, or the person has decided. */
  z.object({ type: z.literal('approval-changed'), at: instantSchema, approval: approvalSchema }),
  z.object({ type: z.literal('model-changed'), at: instantSchema, model: z.string() }),
  /** A trigger fired, was paused, or its file changed. */
  z.object({ type: z.literal('triggers-changed'), at: instantSchema }),
  /** Of the clean-up of the home: it goes on, or has ended. */
  z.object({
    type: z.literal('clean-up-changed'),
    at: instantSchema,
    underWay: z.boolean(),
    removedRuns: z.number().int(),
  }),
  /** A check of a monitor was answered. */
  z.object({ type: z.literal('reading'), at: instantSchema, reading: readingSchema }),
  /** An alert was raised, changed, acknowledged or cleared; was told, or tried to be; or has acted. */
  z.object({
    type: z.literal('alert-changed'),
    at: instantSchema,
    change: z.enum(['raised', 'escalated', 'eased', 'cleared', 'acknowledged', 'delivery', 'acted']),
    alert: alertSchema,
  }),
  /** The file of a monitor changed, or a look at it began or ended. */
  z.object({ type: z.literal('monitors-changed'), at: instantSchema }),
  z.object({ type: z.literal('endpoint-changed'), at: instantSchema, endpoint: endpointSchema }),
  /** Requests cannot be logged, or can again. */
  z.object({ type: z.literal('request-log-changed'), at: instantSchema, state: requestLogStateSchema }),
  /** A rollout began, took a step or ended, or its figures are new. */
  z.object({
    type: z.literal('rollout-changed'),
    at: instantSchema,
    endpoint: z.string(),
    rolloutId: z.string(),
    state: rolloutStateSchema,
  }),
  /** What was asked of endpoints; at most once a second, and only while there is something to tell. */
  z.object({ type: z.literal('traffic'), at: instantSchema, endpoints: z.array(endpointTrafficSchema) }),
])
export type EngineEvent = z.infer<typeof eventSchema>
