/**
 * Where data departs from its schema. Types carry the names of TensorFlow Data Validation (TFDV); `docs/validation.md` says which
 * of its names do not apply to tables, and which few are ours.
 */
import { z } from 'zod'
import { driftResultSchema } from './drift.ts'
import { jsonSchema } from './runs.ts'

export const anomalyTypeSchema = z.enum([
  'INVALID_SCHEMA_SPECIFICATION',
  'INVALID_DOMAIN_SPECIFICATION',
  'DOMAIN_INVALID_FOR_TYPE',
  'BOOL_TYPE_INVALID_CONFIG',
  'FEATURE_MISSING_NAME',
  'FEATURE_MISSING_TYPE',
  'DATASET_LOW_NUM_EXAMPLES',
  'DATASET_HIGH_NUM_EXAMPLES',
  'COMPARATOR_LOW_NUM_EXAMPLES',
  'COMPARATOR_HIGH_NUM_EXAMPLES',
  'DATASET_STALE',
  'STATS_NOT_AVAILABLE',
  'SCHEMA_NEW_COLUMN',
  'SCHEMA_MISSING_COLUMN',
  'UNEXPECTED_DATA_TYPE',
  'FEATURE_TYPE_NOT_PRESENT',
  'FEATURE_TYPE_LOW_FRACTION_PRESENT',
  'FEATURE_TYPE_LOW_NUMBER_PRESENT',
  'FEATURE_TYPE_LOW_UNIQUE',
  'FEATURE_TYPE_HIGH_UNIQUE',
  'FEATURE_TYPE_NO_UNIQUE',
  'ENUM_TYPE_UNEXPECTED_STRING_VALUES',
  'ENUM_TYPE_INVALID_UTF8',
  'SEMANTIC_DOMAIN_UPDATE',
  'BOOL_TYPE_UNEXPECTED_STRING',
  'BOOL_TYPE_UNEXPECTED_FLOAT',
  'BOOL_TYPE_SMALL_INT',
  'BOOL_TYPE_BIG_INT',
  'INT_TYPE_SMALL_INT',
  'INT_TYPE_BIG_INT',
  'INT_TYPE_NOT_INT_STRING',
  'FLOAT_TYPE_SMALL_FLOAT',
  'FLOAT_TYPE_BIG_FLOAT',
  'FLOAT_TYPE_STRING_NOT_FLOAT',
  'FLOAT_TYPE_HAS_NAN',
  'FLOAT_TYPE_HAS_INF',
  'CUSTOM_VALIDATION',
  'COMPARATOR_CONTROL_DATA_MISSING',
  'COMPARATOR_L_INFTY_HIGH',
  'COMPARATOR_JENSEN_SHANNON_DIVERGENCE_HIGH',
  'COMPARATOR_NORMALIZED_ABSOLUTE_DIFFERENCE_HIGH',
  'COMPARATOR_MEASURE_HIGH',
])
export type AnomalyType = z.infer<typeof anomalyTypeSchema>

/** Rows that show something: `columns` begins with `#`, the number of the row from 1. */
export const exampleRowsSchema = z.object({
  columns: z.array(z.string()),
  rows: z.array(z.array(jsonSchema)),
  /** How many such rows there are in all. */
  total: z.number().optional(),
})
export type ExampleRows = z.infer<typeof exampleRowsSchema>

export const anomalyFiguresSchema = z.object({
  /** What was measured: rows, different values, a share, an extreme, a distance. */
  value: z.number().optional(),
  /** What the schema allows of it. */
  limit: z.number().optional(),
  /** Rows at fault, where they were counted. */
  faulty: z.number().optional(),
})
export type AnomalyFigures = z.infer<typeof anomalyFiguresSchema>

export const anomalySchema = z.object({
  type: anomalyTypeSchema,
  /** ERROR stops a pipeline; WARNING is only reported. */
  severity: z.enum(['ERROR', 'WARNING']),
  /** Absent where the dataset as a whole is meant. */
  column: z.string().optional(),
  /** Which of several of the same type and column: the name of a check, the comparator, the line of the schema file. */
  rule: z.string().optional(),
  /** A few words, for tables. */
  short: z.string(),
  /** One or two sentences. */
  description: z.string(),
  expected: z.string(),
  found: z.string(),
  /** A few of the values at fault, most frequent first. */
  examples: z.array(z.string()),
  figures: anomalyFiguresSchema.optional(),
})
export type Anomaly = z.infer<typeof anomalySchema>

/** What tells one anomaly of a report from the others. */
export type AnomalyKey = Pick<Anomaly, 'type' | 'column' | 'rule'>

export function isSameAnomaly(a: AnomalyKey, b: AnomalyKey): boolean {
  return a.type === b.type && a.column === b.column && a.rule === b.rule
}

/** One column held against the same column of other data. */
export const comparisonSchema = driftResultSchema.extend({
  /** `drift`: against the span before. `skew`: training against serving. */
  comparator: z.enum(['drift', 'skew']),
})
export type Comparison = z.infer<typeof comparisonSchema>

/** The two verdicts of data validation: a broken schema stops the pipeline, values that moved ask for a new model. */
export const verdictsSchema = z.object({
  schema: z.object({ stop: z.boolean(), errors: z.number().int(), warnings: z.number().int() }),
  values: z.object({
    retrain: z.boolean(),
    /** Columns compared, in all. */
    compared: z.number().int(),
    /** Columns that moved since the span before. */
    drifted: z.array(z.string()),
    /** Columns that differ between training and serving. */
    skewed: z.array(z.string()),
  }),
})
export type Verdicts = z.infer<typeof verdictsSchema>

/** `anomalies.json`. */
export const anomalyReportSchema = z.object({
  /** The schema file, relative to the project. */
  schema: z.string(),
  environment: z.string(),
  rows: z.number(),
  /** With rows that show them, where the step was given the rows. */
  anomalies: z.array(anomalySchema.extend({ rows: exampleRowsSchema.nullable().optional() })),
  /** Absent in reports of versions that gave none. */
  verdicts: verdictsSchema.optional(),
  /** Every comparison that was made, drifted or not. */
  comparisons: z.array(comparisonSchema).default([]),
})
export type AnomalyReport = z.infer<typeof anomalyReportSchema>
