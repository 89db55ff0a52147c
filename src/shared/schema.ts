/** What a dataset must look like: `schemas/*.yaml`. The meaning follows TensorFlow Data Validation (TFDV). */
import { z } from 'zod'
import { driftMeasureSchema } from './drift.ts'
import { durationSchema } from './durations.ts'
import { columnTypeSchema } from './statistics.ts'

/** Where data is checked: data to learn from has the target, requests in production have not. */
export const defaultEnvironments = ['TRAINING', 'SERVING']

/** A codec, so that a schema that was read can be written again. */
const scalarTextSchema = z.codec(z.union([z.string(), z.number(), z.boolean()]), z.string(), {
  decode: String,
  encode: (text) => text,
})

/** Rules over whole rows, in SQL. A column has them too, so that what concerns it stands with it. */
const conditionSchema = z.string().min(1).max(10_000)
const checkSchema = z.union([
  conditionSchema,
  z.strictObject({
    sql: conditionSchema.describe('A condition that each row must meet; one that it cannot answer (null) is met.'),
    minFraction: z.number().min(0).max(1).optional().describe('The least share of rows that must meet it. Default: 1.'),
    severity: z.enum(['error', 'warning']).optional().describe('Default: error.'),
    description: z.string().optional(),
  }),
])
export type SchemaCheck = z.infer<typeof checkSchema>
const checksSchema = z.record(z.string().min(1), checkSchema)

/** A number, or an instant in ISO 8601 for timestamp columns. */
const boundSchema = z.union([z.number(), z.iso.date(), z.iso.datetime({ offset: true, local: true })])

export const domainSchema = z.strictObject({
  values: z.array(scalarTextSchema).min(1).optional().describe('Text and boolean columns: the values that may occur.'),
  min: boundSchema.optional().describe('The smallest number or earliest instant that may occur.'),
  max: boundSchema.optional().describe('The largest number or latest instant that may occur.'),
  pattern: z
    .string()
    .min(1)
    .max(1_000)
    .optional()
    .describe('Text columns: a regular expression (RE2) that the whole of each value must match, e.g. "[A-Z]{3}".'),
  allowNan: z.boolean().optional().describe('Whether numbers may be NaN. Default: false.'),
  allowInfinite: z.boolean().optional().describe('Whether numbers may be infinite. Default: false.'),
})

const fractionSchema = z.number().min(0).max(1)
const countSchema = z.number().int().min(0)

const comparatorSchema = z
  .union([z.literal(false), z.strictObject({ measure: driftMeasureSchema.optional(), threshold: z.number().min(0) })])
  .optional()

export const schemaColumnSchema = z.strictObject({
  type: columnTypeSchema.describe('Where "number" is expected, integers are accepted too.'),
  description: z.string().optional(),
  presence: z
    .strictObject({
      minFraction: fractionSchema.optional().describe('The least share of rows with a value.'),
      minCount: countSchema.optional().describe('The least number of rows with a value.'),
    })
    .optional()
    .describe('Without it, the column itself may be absent.'),
  domain: domainSchema.optional(),
  minDomainMass: fractionSchema
    .optional()
    .describe('The least share of values that must lie in the domain values. Default: 1, all of them.'),
  unique: z
    .strictObject({
      min: countSchema.optional(),
      max: countSchema.optional(),
      minFraction: fractionSchema
        .optional()
        .describe('The least share of different values among all values; 1 for identifiers, which never repeat.'),
      maxFraction: fractionSchema.optional().describe('The largest share of different values among all values.'),
    })
    .optional()
    .describe('How many different values there may be.'),
  checks: checksSchema.optional().describe('The same for conditions that concern this column.'),
  notIn: z.array(z.string()).optional().describe('Environments in which the column is not expected, e.g. SERVING.'),
  drift: comparatorSchema.describe(
    'How far the values may move from those of the span before. Without it: the measure and threshold of the type; false: not compared.',
  ),
  skew: comparatorSchema.describe('The same between training and serving.'),
})
export type SchemaColumn = z.infer<typeof schemaColumnSchema>

export const datasetSchemaSchema = z.strictObject({
  description: z.string().optional(),
  rows: z
    .strictObject({
      min: countSchema.optional(),
      max: countSchema.optional(),
      minFractionOfPrevious: z
        .number()
        .min(0)
        .optional()
        .describe('The least number of rows, as a share of the rows of the span before.'),
      maxFractionOfPrevious: z
        .number()
        .min(0)
        .optional()
        .describe('The largest number of rows, as a share of the rows of the span before.'),
    })
    .optional(),
  freshness: z
    .strictObject({
      maxAge: durationSchema.describe('How old the newest row may be, e.g. 36h or 3d.'),
      column: z.string().optional().describe('When a row happened. Default: the column "time" of the dataset.'),
    })
    .optional()
    .describe('That data still arrives.'),
  checks: checksSchema
    .optional()
    .describe(
      'Conditions in SQL that each row must meet, by name: the SQL itself, or { sql, minFraction, severity, description }, where fewer rows may do or only a warning is meant.',
    ),
  environments: z.array(z.string().min(1)).default(defaultEnvironments),
  newColumns: z
    .enum(['error', 'warning', 'ignore'])
    .default('error')
    .describe('What a column is that the schema does not know.'),
  columns: z.record(z.string(), schemaColumnSchema),
})
export type DatasetSchema = z.infer<typeof datasetSchemaSchema>
