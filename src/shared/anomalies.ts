/** Where data departs from its schema. Types carry the names of TensorFlow Data Validation (TFDV). */
import { z } from 'zod'

export const anomalyTypeSchema = z.enum([
  'DATASET_LOW_NUM_EXAMPLES',
  'DATASET_HIGH_NUM_EXAMPLES',
  'SCHEMA_NEW_COLUMN',
  'SCHEMA_MISSING_COLUMN',
  'UNEXPECTED_DATA_TYPE',
  'FEATURE_TYPE_NOT_PRESENT',
  'FEATURE_TYPE_LOW_FRACTION_PRESENT',
  'FEATURE_TYPE_LOW_NUMBER_PRESENT',
  'FEATURE_TYPE_LOW_UNIQUE',
  'FEATURE_TYPE_HIGH_UNIQUE',
  'ENUM_TYPE_UNEXPECTED_STRING_VALUES',
  'BOOL_TYPE_UNEXPECTED_STRING',
  'INT_TYPE_SMALL_INT',
  'INT_TYPE_BIG_INT',
  'FLOAT_TYPE_SMALL_FLOAT',
  'FLOAT_TYPE_BIG_FLOAT',
  'FLOAT_TYPE_HAS_NAN',
  'FLOAT_TYPE_HAS_INF',
])
export type AnomalyType = z.infer<typeof anomalyTypeSchema>

export const anomalySchema = z.object({
  type: anomalyTypeSchema,
  /** ERROR stops a pipeline; WARNING is only reported. */
  severity: z.enum(['ERROR', 'WARNING']),
  /** Absent where the dataset as a whole is meant. */
  column: z.string().optional(),
  /** A few words, for tables. */
  short: z.string(),
  /** One or two sentences. */
  description: z.string(),
  expected: z.string(),
  found: z.string(),
  /** A few of the values at fault, most frequent first. */
  examples: z.array(z.string()),
})
export type Anomaly = z.infer<typeof anomalySchema>

/** `anomalies.json`. */
export const anomalyReportSchema = z.object({
  /** The schema file, relative to the project. */
  schema: z.string(),
  environment: z.string(),
  rows: z.number(),
  anomalies: z.array(anomalySchema),
})
export type AnomalyReport = z.infer<typeof anomalyReportSchema>
