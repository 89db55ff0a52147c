/** Features as they are served: what is in the online store, and what became of a model's missing inputs. */
import { z } from 'zod'
import { retrievedFeatureSchema } from './features.ts'
import { instantSchema } from './names.ts'

/** One version of a feature view in the online store. */
export const onlineViewSchema = z.object({
  projectId: z.string(),
  view: z.string(),
  viewVersion: z.string(),
  /** How many entities have a value. */
  entities: z.number().int(),
  /** Every row with an event time up to here that was known by `materializedAt` has landed; null: not yet whole. */
  watermark: instantSchema.nullable(),
  /** When it was last brought up to date. */
  materializedAt: instantSchema.nullable(),
  ttlMs: z.number().nullable(),
  /** The share of the entities whose value is older than the ttl; null without a ttl or without entities. */
  staleShare: z.number().nullable(),
  /** Whether a materialisation began and has not come to its end. */
  unfinished: z.boolean(),
})
export type OnlineView = z.infer<typeof onlineViewSchema>

/** What a materialisation did. */
export const materializeReportSchema = z.object({
  view: z.string(),
  viewVersion: z.string(),
  /** False where no source file had changed and no row had become known, so that nothing was read. */
  read: z.boolean(),
  /** Entities that were compared with the store, and those of them that got newer values. */
  compared: z.number().int(),
  written: z.number().int(),
  /** Whether it went on where an earlier one was cut off. */
  resumed: z.boolean(),
  entities: z.number().int(),
  watermark: instantSchema.nullable(),
})
export type MaterializeReport = z.infer<typeof materializeReportSchema>

/** A value of a feature in JSON; an instant is in epoch milliseconds. */
export const featureValueSchema = z.union([z.number(), z.boolean(), z.string(), z.null()])
export type FeatureValue = z.infer<typeof featureValueSchema>

export const featureStatusSchema = z.enum(['fresh', 'stale', 'missing'])
export type FeatureStatus = z.infer<typeof featureStatusSchema>

/**
 * Why there is no fresh value: `expired`, older than the ttl; `not-materialized`, the version of the view is not in the
 * store; `no-key`, the row does not name the entity; `unknown-entity`; `after-request`, the newest value is of a time after
 * that of the row, which must not know it.
 */
export const featureGapSchema = z.enum(['expired', 'not-materialized', 'no-key', 'unknown-entity', 'after-request'])
export type FeatureGap = z.infer<typeof featureGapSchema>

/** What one view had for one row. */
export const featureReadSchema = z.object({
  view: z.string(),
  viewVersion: z.string(),
  /** Entity columns of the view to the key values that were looked up. */
  entity: z.record(z.string(), featureValueSchema),
  status: featureStatusSchema,
  gap: featureGapSchema.nullable(),
  /** The time that was looked at, and the time that the values found are of. */
  asOf: instantSchema,
  eventTime: z.number().int().nullable(),
  knownAt: z.number().int().nullable(),
  /** `asOf` less `eventTime`. */
  ageMs: z.number().nullable(),
  /** The inputs that were filled: null where there was no fresh value. Inputs that the row gave itself are not here. */
  values: z.record(z.string(), featureValueSchema),
  /** Inputs to the names of their features, where those differ. */
  renamed: z.record(z.string(), z.string()).optional(),
})
export type FeatureRead = z.infer<typeof featureReadSchema>

/** Of one view over the rows of a request. */
export const featureSummarySchema = z.object({
  view: z.string(),
  fresh: z.number().int(),
  stale: z.number().int(),
  missing: z.number().int(),
})
export type FeatureSummary = z.infer<typeof featureSummarySchema>

/** A line of the log of served features. */
export const servedFeatureSchema = featureReadSchema.extend({
  /** When it was served. */
  at: instantSchema,
  projectId: z.string(),
  endpoint: z.string(),
  revision: z.number().int(),
  model: z.string(),
  version: z.number().int(),
})
export type ServedFeature = z.infer<typeof servedFeatureSchema>

/** An input of an endpoint that is filled from the online store, and how that stands. */
export const endpointFeatureSchema = retrievedFeatureSchema.extend({ online: onlineViewSchema.nullable() })
export type EndpointFeature = z.infer<typeof endpointFeatureSchema>

/** One place where what was served differs from what the offline features say of the same time. */
export const parityDifferenceSchema = z.object({
  view: z.string(),
  viewVersion: z.string(),
  feature: z.string(),
  /** Key columns of the view to key values. */
  entity: z.record(z.string(), featureValueSchema),
  online: featureValueSchema,
  offline: featureValueSchema,
  /** The time that both looked at. */
  asOf: instantSchema,
  servedAt: instantSchema,
  onlineEventTime: z.number().int().nullable(),
  offlineEventTime: z.number().int().nullable(),
  endpoint: z.string(),
  status: featureStatusSchema,
})
export type ParityDifference = z.infer<typeof parityDifferenceSchema>

/** `parity.json` */
export const parityReportSchema = z.object({
  from: instantSchema.nullable(),
  to: instantSchema.nullable(),
  /** Served reads and single values that were compared. */
  reads: z.number().int(),
  values: z.number().int(),
  differing: z.number().int(),
  /** Where views say nothing that can be computed again, such as a version that is not known any more. */
  skipped: z.array(
    z.object({ view: z.string(), viewVersion: z.string(), reads: z.number().int(), reason: z.string() }),
  ),
  /** All of them stand in `differences.jsonl`; here are the first. */
  differences: z.array(parityDifferenceSchema),
})
export type ParityReport = z.infer<typeof parityReportSchema>
