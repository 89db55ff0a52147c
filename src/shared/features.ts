/** Feature views: named features computed from datasets, looked up by entity and event time. */
import { z } from 'zod'
import { durationSchema } from './durations.ts'
import { fileProblemSchema, problemSchema } from './errors.ts'
import { instantSchema, nameSchema } from './names.ts'
import { jsonSchema } from './runs.ts'
import { columnStatisticsSchema, columnTypeSchema } from './statistics.ts'

const columnNameSchema = z.string().min(1)

/** `features/<name>.yaml`, as a person writes it. */
export const featureViewSpecSchema = z.strictObject({
  name: nameSchema.describe('Equal to the file name without .yaml.'),
  description: z.string().default('').describe('What the features mean, for those who look for them.'),
  owner: z.string().default('').describe('Whom to ask about them.'),
  entity: z
    .union([columnNameSchema, z.array(columnNameSchema).min(1)])
    .describe('The column, or list of columns, that names what the features are about, e.g. origin.'),
  eventTime: columnNameSchema.describe('The column that says from when on the values hold.'),
  knownAt: columnNameSchema
    .optional()
    .describe(
      'The column that says when the values became known, where that is later than the event time: late and back-filled ' +
        'rows are then never used for a label of the time before.',
    ),
  ttl: durationSchema
    .optional()
    .describe('How long after its event time a value may be used: 90s, 30m, 6h, 3d, 2w. Default: without end.'),
  query: z
    .string()
    .min(1)
    .describe(
      'SQL (DuckDB) over the datasets of the project by name. Every column that is not named above is a feature.',
    ),
})
export type FeatureViewSpec = z.output<typeof featureViewSpecSchema>

/** A feature view in the one form that all parts use: defaults filled in, durations in milliseconds. */
export const featureViewSchema = z.object({
  name: nameSchema,
  /** Relative to the project folder. */
  file: z.string(),
  /** Hash of all that decides its values: see `featureViewVersion`. */
  version: z.string(),
  description: z.string(),
  owner: z.string(),
  entity: z.array(z.string()).min(1),
  eventTime: z.string(),
  knownAt: z.string().nullable(),
  ttlMs: z.number().int().positive().nullable(),
  query: z.string(),
})
export type FeatureView = z.infer<typeof featureViewSchema>

/** The feature views of a project: those whose files are in order, and every problem of the others. */
export const featureViewListSchema = z.object({
  views: z.array(featureViewSchema),
  problems: z.array(fileProblemSchema),
})
export type FeatureViewList = z.infer<typeof featureViewListSchema>

export const retrievedFeatureSchema = z.object({
  /** The name of the feature in the table and among the inputs of the model. */
  column: z.string(),
  view: nameSchema,
  viewVersion: z.string(),
  /** The name of the feature in its view. */
  feature: z.string(),
  /** The entity columns of the view, and the columns of labels and requests that hold their values. */
  entity: z.array(z.object({ key: z.string(), column: z.string() })).min(1),
  /** The column of labels and requests that holds the time to look at; null: now. */
  eventTime: z.string().nullable(),
  ttlMs: z.number().int().positive().nullable(),
})
export type RetrievedFeature = z.infer<typeof retrievedFeatureSchema>

/** The name of the file in which artifacts and model packages carry the manifest. */
export const featureManifestFile = 'features.json'

/** Which columns of a table came from feature views, and how: carried by the table and by all that is made of it. */
export const featureManifestSchema = z.object({
  formatVersion: z.literal(1),
  features: z.array(retrievedFeatureSchema),
})
export type FeatureManifest = z.infer<typeof featureManifestSchema>

/** A column of a view as it is found in the data. */
export const featureColumnSchema = z.object({
  name: z.string(),
  role: z.enum(['entity', 'event-time', 'known-at', 'feature']),
  type: columnTypeSchema,
  /** DuckDB's type, e.g. `DOUBLE`. */
  storageType: z.string(),
})
export type FeatureColumn = z.infer<typeof featureColumnSchema>

/** What a check of a view against its data found. */
export const featureCheckSchema = z.object({
  view: nameSchema,
  /** The datasets that the SQL reads. */
  datasets: z.array(z.string()),
  columns: z.array(featureColumnSchema),
  rows: z.number().int(),
  entities: z.number().int(),
  /** Rows that share entity, event time and known-at time with another one: only one of them is ever used. */
  duplicates: z.number().int(),
  oldestEventAt: instantSchema.nullable(),
  newestEventAt: instantSchema.nullable(),
  /** What stops the view from being used. */
  problems: z.array(fileProblemSchema),
  /** What a person should look at. */
  warnings: z.array(z.string()),
  /** A few rows, in the order of `columns`. */
  sample: z.array(z.array(jsonSchema)),
})
export type FeatureCheck = z.infer<typeof featureCheckSchema>

/** Who uses a view. */
export const featureUseSchema = z.object({
  pipelines: z.array(z.object({ pipeline: z.string(), step: z.string() })),
  versions: z.array(
    z.object({ model: z.string(), version: z.number().int(), aliases: z.array(z.string()), viewVersion: z.string() }),
  ),
})
export type FeatureUse = z.infer<typeof featureUseSchema>

/** An entry of the catalogue. */
export const featureCatalogueEntrySchema = featureViewSchema.extend({
  projectId: z.string(),
  project: z.string(),
  columns: z.array(featureColumnSchema),
  /** Why its columns cannot be told. */
  problem: problemSchema.nullable(),
  use: featureUseSchema,
})
export type FeatureCatalogueEntry = z.infer<typeof featureCatalogueEntrySchema>

/** The feature views of all projects, or of one, and what is wrong with the files of others. */
export const featureCatalogueSchema = z.object({
  items: z.array(featureCatalogueEntrySchema),
  problems: z.array(fileProblemSchema.extend({ projectId: z.string() })),
})
export type FeatureCatalogue = z.infer<typeof featureCatalogueSchema>

/** How old the newest values are. */
export const featureFreshnessSchema = z.object({
  newestEventAt: instantSchema.nullable(),
  ageMs: z.number().nullable(),
  /** Null where the view has no ttl or no rows. */
  stale: z.boolean().nullable(),
})
export type FeatureFreshness = z.infer<typeof featureFreshnessSchema>

/** What a view holds: the check, statistics of every feature, freshness. */
export const featureDataSchema = z.object({
  check: featureCheckSchema,
  /** Of the features, in the order of the query; empty where the check found problems. */
  statistics: z.array(columnStatisticsSchema),
  freshness: featureFreshnessSchema,
})
export type FeatureData = z.infer<typeof featureDataSchema>

/** A definition that the view had, as runs used it. The newest first. */
export const featureViewVersionSchema = z.object({
  version: z.string(),
  text: z.string(),
  current: z.boolean(),
  firstSeenAt: instantSchema,
  runs: z.number().int(),
  latestRunId: z.string().nullable(),
})
export type FeatureViewVersion = z.infer<typeof featureViewVersionSchema>

/** A view as its page shows it, without its data. `view` is null where the file has problems. */
export const featureViewDetailsSchema = z.object({
  projectId: z.string(),
  project: z.string(),
  name: z.string(),
  file: z.string(),
  text: z.string(),
  view: featureViewSchema.nullable(),
  problems: z.array(fileProblemSchema),
  use: featureUseSchema,
  versions: z.array(featureViewVersionSchema),
})
export type FeatureViewDetails = z.infer<typeof featureViewDetailsSchema>
