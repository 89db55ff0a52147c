/** What a dataset looks like. Names follow TFDV where TFDV has one. */
import { z } from 'zod'

/**
 * How Esteira sees a column: `integer` and `number` are numeric; `timestamp` covers dates and times, seen as
 * milliseconds since the epoch (UTC); `other` (lists, structs, binary) is carried but never used as a feature.
 */
export const columnTypeSchema = z.enum(['integer', 'number', 'boolean', 'text', 'timestamp', 'other'])
export type ColumnType = z.infer<typeof columnTypeSchema>

/** Equal-width bins: `counts[i]` values lie in [edges[i], edges[i + 1]), the last bin closed on both sides. */
export const histogramSchema = z.object({ edges: z.array(z.number()), counts: z.array(z.number()) })
export type Histogram = z.infer<typeof histogramSchema>

/**
 * Counts in the bins of one fixed grid, the same for all data: such statistics can be merged and compared without guesses.
 * Between two powers of two lie 2^bits bins; `keys` ascend. The engine's `data/sketches/number-bins.ts` says how.
 */
export const numberBinsSchema = z.object({ bits: z.number(), keys: z.array(z.number()), counts: z.array(z.number()) })

/** For `integer`, `number` and `timestamp` columns (timestamps in epoch ms). Non-finite values are only counted. */
export const numericStatisticsSchema = z.object({
  min: z.number(),
  max: z.number(),
  mean: z.number(),
  stdDev: z.number(),
  zeros: z.number(),
  nan: z.number(),
  infinite: z.number(),
  /** 0 %, 1 %, 5 %, 10 %, 25 %, 50 %, 75 %, 90 %, 95 %, 99 %, 100 %, with the same positions as `quantilePositions`. */
  quantiles: z.array(z.number()),
  histogram: histogramSchema,
  /** Every finite value with its count, ascending, where there are at most 100: such a column is compared value by value. */
  values: z.array(z.object({ value: z.number(), count: z.number() })).optional(),
  /** Of finite numbers; absent for timestamps and in older statistics. */
  bins: numberBinsSchema.optional(),
})
export type NumericStatistics = z.infer<typeof numericStatisticsSchema>
export const quantilePositions = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1] as const

/** For `text` and `boolean` columns. */
export const categoricalStatisticsSchema = z.object({
  /** Most frequent first. Complete when its length equals `distinct`. */
  topValues: z.array(z.object({ value: z.string(), count: z.number() })),
  minLength: z.number(),
  maxLength: z.number(),
  avgLength: z.number(),
})
export type CategoricalStatistics = z.infer<typeof categoricalStatisticsSchema>

export const columnStatisticsSchema = z.object({
  name: z.string(),
  type: columnTypeSchema,
  /** The type the engine read it as, e.g. `BIGINT`, for people who want to know. */
  storageType: z.string(),
  missing: z.number(),
  /** Exact for text and booleans; for numbers and instants approximate (HyperLogLog) above some thousand values. */
  distinct: z.number(),
  numeric: numericStatisticsSchema.optional(),
  categorical: categoricalStatisticsSchema.optional(),
})
export type ColumnStatistics = z.infer<typeof columnStatisticsSchema>

export const statisticsSchema = z.object({ rows: z.number(), columns: z.array(columnStatisticsSchema) })
export type Statistics = z.infer<typeof statisticsSchema>
