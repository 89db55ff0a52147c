/** What a dataset must look like: `schemas/*.yaml`. The meaning follows TensorFlow Data Validation (TFDV). */
import { z } from 'zod'
import { driftMeasureSchema } from './drift.ts'
import { columnTypeSchema } from './statistics.ts'

/** Where data is checked: data to learn from has the target, requests in production have not. */
export const defaultEnvironments = ['TRAINING', 'SERVING']

/** A codec, so that a schema that was read can be written again. */
const scalarTextSchema = z.codec(z.union([z.string(), z.number(), z.boolean()]), z.string(), {
  decode: String,
  encode: (text) => text,
})
/** A number, or an instant in ISO 8601 for timestamp columns. */
const boundSchema = z.union([z.number(), z.iso.date(), z.iso.datetime({ offset: true, local: true })])

export const domainSchema = z.strictObject({
  values: z.array(scalarTextSchema).min(1).optional().describe('Text and boolean columns: the values that may occur.'),
  min: boundSchema.optional().describe('The smallest number or earliest instant that may occur.'),
  max: boundSchema.optional().describe('The largest number or latest instant that may occur.'),
  allowNan: z.boolean().optional().describe('Whether numbers may be NaN. Default: false.'),
  allowInfinite: z.boolean().optional().describe('Whether numbers may be infinite. Default: false.'),
})

const fractionSchema = z.number().min(0).max(1)
const countSchema = z.number().int().min(0)

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
    .strictObject({ min: countSchema.optional(), max: countSchema.optional() })
    .optional()
    .describe('How many different values there may be.'),
  notIn: z.array(z.string()).optional().describe('Environments in which the column is not expected, e.g. SERVING.'),
  drift: z
    .strictObject({ measure: driftMeasureSchema.optional(), threshold: z.number().min(0) })
    .optional()
    .describe('How far new data may move from the data before.'),
})
export type SchemaColumn = z.infer<typeof schemaColumnSchema>

export const datasetSchemaSchema = z.strictObject({
  description: z.string().optional(),
  rows: z.strictObject({ min: countSchema.optional(), max: countSchema.optional() }).optional(),
  environments: z.array(z.string().min(1)).default(defaultEnvironments),
  newColumns: z
    .enum(['error', 'warning', 'ignore'])
    .default('error')
    .describe('What a column is that the schema does not know.'),
  columns: z.record(z.string(), schemaColumnSchema),
})
export type DatasetSchema = z.infer<typeof datasetSchemaSchema>
