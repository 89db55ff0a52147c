/** What readings say beside their figures, as structure: the engine words it in English, a page in its own language. */
import { z } from 'zod'
import { anomalyTypeSchema } from './anomalies.ts'

const ofVersion = { model: z.string(), version: z.number().int() }

/** Rows that are compared with others. */
export const sampleOfSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('requests') }),
  z.object({ kind: z.literal('requests-before') }),
  z.object({ kind: z.literal('training'), ...ofVersion }),
  z.object({ kind: z.literal('predictions'), ...ofVersion }),
  z.object({ kind: z.literal('evaluation'), ...ofVersion }),
])
export type SampleOf = z.infer<typeof sampleOfSchema>

/** Why nothing can be said of a window. */
export const nothingSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('no-endpoint') }),
  z.object({ kind: z.literal('no-model') }),
  z.object({ kind: z.literal('no-request') }),
  z.object({ kind: z.literal('no-answer') }),
  z.object({ kind: z.literal('no-row') }),
  z.object({ kind: z.literal('no-label') }),
  z.object({ kind: z.literal('no-label-due') }),
  z.object({ kind: z.literal('no-feature-read') }),
  z.object({ kind: z.literal('no-scores') }),
  z.object({ kind: z.literal('no-labelled-scores') }),
  z.object({ kind: z.literal('no-metric'), metric: z.string() }),
  z.object({ kind: z.literal('no-evaluation'), ...ofVersion }),
  z.object({ kind: z.literal('no-reference'), sample: sampleOfSchema }),
  z.object({ kind: z.literal('inputs-not-comparable') }),
  z.object({ kind: z.literal('predictions-not-comparable') }),
  z.object({ kind: z.literal('not-two-classes') }),
  z.object({ kind: z.literal('no-environment'), file: z.string(), environment: z.string() }),
  z.object({ kind: z.literal('no-known-input'), file: z.string() }),
  /** In the words of whatever went wrong. */
  z.object({ kind: z.literal('problem'), problem: z.string() }),
])
export type Nothing = z.infer<typeof nothingSchema>

/** What there is to say of a part of a reading. */
export const partNoteSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('drift'), measure: z.string(), value: z.number().nullable(), limit: z.number() }),
  z.object({
    kind: z.literal('reads'),
    fresh: z.number().int(),
    stale: z.number().int(),
    missing: z.number().int(),
  }),
  z.object({ kind: z.literal('anomaly'), type: anomalyTypeSchema }),
])
export type PartNote = z.infer<typeof partNoteSchema>
