/** Alerts: the answer of a monitor when it matters, with all that became of it. */
import { z } from 'zod'
import { alertSeveritySchema, receiverSchema } from './alert-rules.ts'
import { readingSchema } from './monitors.ts'
import { instantSchema, nameSchema, pageQuerySchema } from './names.ts'

export type { AlertSeverity, Receiver } from './alert-rules.ts'

/** Of a reading what an alert keeps for good: readings themselves are pruned. */
export const alertReadingSchema = readingSchema.omit({ parts: true })
export type AlertReading = z.infer<typeof alertReadingSchema>

/** What can become of a delivery: it waits, it arrived, or it was given up. */
export const deliveryStateSchema = z.enum(['pending', 'delivered', 'failed'])
export type DeliveryState = z.infer<typeof deliveryStateSchema>

export const alertSchema = z.object({
  id: z.string(),
  projectId: z.string(),
  monitor: z.string(),
  check: z.string(),
  endpoint: z.string(),
  state: z.enum(['open', 'cleared']),
  /** As it is now, or was when it was cleared; and the worst it ever was. */
  severity: alertSeveritySchema,
  worst: alertSeveritySchema,
  raisedAt: instantSchema,
  /** When it was raised, changed its severity, or was cleared: the latest of these. */
  changedAt: instantSchema,
  clearedAt: instantSchema.nullable(),
  /** `recovered`: good readings came. `gone`: its check is no longer asked. */
  clearedBecause: z.enum(['recovered', 'gone']).nullable(),
  acknowledged: z.object({ at: instantSchema, by: z.string(), note: z.string() }).nullable(),
  /** The reading that brought it where it is. */
  reading: alertReadingSchema,
  /** Whether a notification of the desktop tells it. */
  desktop: z.boolean(),
  deliveries: z.object({ pending: z.number().int(), failed: z.number().int() }),
})
export type Alert = z.infer<typeof alertSchema>

/** What follows an alert by itself. */
export const alertActSchema = z.enum(['roll-back'])
export type AlertAct = z.infer<typeof alertActSchema>

/** Why an act of an alert would not help. */
export const actRefusalSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('over') }),
  z.object({ kind: z.literal('no-revision') }),
  /** Another version answers than the one that was read. */
  z.object({
    kind: z.literal('another-version'),
    model: z.string(),
    version: z.number().int(),
    revision: z.number().int(),
    read: z.number().int(),
  }),
  z.object({ kind: z.literal('newer'), revision: z.number().int() }),
  /** An alert rolled back to what answers: going on could go round in a circle. */
  z.object({ kind: z.literal('by-alert'), revision: z.number().int() }),
  z.object({ kind: z.literal('no-other-version') }),
])
export type ActRefusal = z.infer<typeof actRefusalSchema>

const eventBase = { id: z.number().int(), at: instantSchema }
const withReading = { severity: alertSeveritySchema, reading: alertReadingSchema }

/** One thing that happened to an alert. */
export const alertEventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('raised'), ...eventBase, ...withReading }),
  /** A warning that became critical. */
  z.object({ kind: z.literal('escalated'), ...eventBase, ...withReading }),
  /** A critical one that became a warning. */
  z.object({ kind: z.literal('eased'), ...eventBase, ...withReading }),
  z.object({ kind: z.literal('acknowledged'), ...eventBase, by: z.string(), note: z.string() }),
  z.object({
    kind: z.literal('cleared'),
    ...eventBase,
    because: z.enum(['recovered', 'gone']),
    reading: alertReadingSchema.nullable(),
  }),
  /** One attempt to tell someone. */
  z.object({
    kind: z.literal('delivery'),
    ...eventBase,
    deliveryId: z.string(),
    receiver: receiverSchema,
    attempt: z.number().int(),
    ok: z.boolean(),
    detail: z.string(),
    /** When it is tried again; null where it is not. */
    nextAt: instantSchema.nullable(),
  }),
  z.object({
    kind: z.literal('acted'),
    ...eventBase,
    act: alertActSchema,
    outcome: z.enum(['done', 'refused']),
    /** The revision that was made. */
    revision: z.number().int().nullable(),
    reason: z.string(),
    /** What the reason says, where it was refused for one of these; absent in old events. */
    refusal: actRefusalSchema.optional(),
  }),
])
export type AlertEvent = z.infer<typeof alertEventSchema>
export type AlertEventKind = AlertEvent['kind']

export const alertDeliverySchema = z.object({
  id: z.string(),
  alertId: z.string(),
  receiver: receiverSchema,
  /** What it tells. */
  about: z.enum(['raised', 'escalated', 'eased', 'cleared']),
  state: deliveryStateSchema,
  attempts: z.number().int(),
  createdAt: instantSchema,
  /** When it is tried next; null where it is not. */
  nextAt: instantSchema.nullable(),
  /** Why the last attempt failed. */
  problem: z.string().nullable(),
})
export type AlertDelivery = z.infer<typeof alertDeliverySchema>

/** An alert with its whole history, oldest first. */
export const alertDetailsSchema = alertSchema.extend({
  events: z.array(alertEventSchema),
  history: z.array(alertDeliverySchema),
})
export type AlertDetails = z.infer<typeof alertDetailsSchema>

export const alertListQuerySchema = pageQuerySchema.extend({
  state: z.enum(['open', 'cleared', 'all']).default('all'),
  severity: alertSeveritySchema.optional().describe('At least this.'),
  acknowledged: z.enum(['yes', 'no']).optional(),
  project: z.string().optional().describe('The id of a project.'),
  endpoint: z.string().optional(),
  monitor: z.string().optional(),
})
export type AlertListQuery = z.output<typeof alertListQuerySchema>

export const alertPageSchema = z.object({
  items: z.array(alertSchema),
  nextCursor: z.string().optional(),
  /** Of all alerts, whatever was asked for. */
  counts: z.object({
    open: z.number().int(),
    critical: z.number().int(),
    /** Open ones that nobody has acknowledged. */
    unacknowledged: z.number().int(),
    /** Deliveries that were given up, of open alerts. */
    undelivered: z.number().int(),
  }),
})
export type AlertPage = z.infer<typeof alertPageSchema>

/** Where alerts can be sent. Its secret is told once, when it is made. */
export const webhookSchema = z.object({
  name: nameSchema,
  url: z.string(),
  /** Whether an address of this link alone, such as 169.254.169.254, may be asked. */
  allowLinkLocal: z.boolean(),
  createdAt: instantSchema,
})
export type Webhook = z.infer<typeof webhookSchema>

export const webhookBodySchema = z.object({
  url: z.url({ protocol: /^https?$/ }).max(2_000),
  allowLinkLocal: z.boolean().default(false),
})

export const webhookTestSchema = z.object({ ok: z.boolean(), detail: z.string(), latencyMs: z.number() })
export type WebhookTest = z.infer<typeof webhookTestSchema>
