/** Why a column of a new project is left out, or is to be looked at with care. */
import { z } from 'zod'

/** How a column gives the target away. `value`: from 0 to 1. */
export const leakSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('one-value') }),
  z.object({ kind: z.literal('one-class') }),
  z.object({ kind: z.literal('absence') }),
  z.object({ kind: z.literal('correlation'), value: z.number() }),
  z.object({ kind: z.literal('rank-correlation'), value: z.number() }),
  z.object({ kind: z.literal('ranking'), value: z.number() }),
])
export type Leak = z.infer<typeof leakSchema>

export const columnReasonSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('always-missing') }),
  z.object({ kind: z.literal('constant') }),
  z.object({ kind: z.literal('unusable-type'), type: z.string() }),
  z.object({ kind: z.literal('generated-identifiers') }),
  z.object({ kind: z.literal('own-values') }),
  z.object({ kind: z.literal('identifier') }),
  z.object({ kind: z.literal('free-text') }),
  z.object({ kind: z.literal('rare-values') }),
  z.object({ kind: z.literal('row-numbers') }),
  z.object({ kind: z.literal('by-choice') }),
  /** `leak`: it is left out. `possible-leak`: nothing else is there to learn from, so it is used. */
  z.object({ kind: z.literal('leak'), leak: leakSchema }),
  z.object({ kind: z.literal('possible-leak'), leak: leakSchema }),
])
export type ColumnReason = z.infer<typeof columnReasonSchema>
