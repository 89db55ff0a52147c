import { z } from 'zod'

/** How two samples of a column are compared. The engine has one file for each. */
export const driftMeasureSchema = z.enum(['l-infinity', 'jensen-shannon-divergence', 'population-stability-index'])
export type DriftMeasureName = z.infer<typeof driftMeasureSchema>

/** One comparison of one feature. `value` is null where the measure is not defined for what was seen. */
export const driftResultSchema = z.object({
  feature: z.string(),
  measure: z.string(),
  value: z.number().nullable(),
  threshold: z.number(),
  drifted: z.boolean(),
})
export type DriftResult = z.infer<typeof driftResultSchema>

export const driftReportSchema = z.object({
  /** What was compared with what, in words: `flights 2001-03` against `training data of flight-delay 1`. */
  current: z.string(),
  reference: z.string(),
  currentRows: z.number(),
  referenceRows: z.number(),
  results: z.array(driftResultSchema),
})
export type DriftReport = z.infer<typeof driftReportSchema>
