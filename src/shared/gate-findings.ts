/**
 * What the checks of a gate found, as structure: what `reason` says in English. The value, its limit and whether it passed
 * stand beside it.
 */
import { z } from 'zod'

const intervalSchema = z.object({
  low: z.number(),
  high: z.number(),
  /** Such as 0.95. */
  confidence: z.number(),
})

/** What the candidate was compared with: `alias` and `version` of a registered model, else what it is called. */
const otherSchema = z.object({
  with: z.enum(['champion', 'baseline', 'rule']),
  name: z.string(),
  alias: z.string().nullable(),
  version: z.number().int().nullable(),
})
export type GateOther = z.infer<typeof otherSchema>

const columns = z.array(z.string())
const metric = z.string()
const rows = z.number().int()

export const gateFindingSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('threshold'), metric, rows }),
  /** There is nothing yet to compare with. */
  z.object({ kind: z.literal('no-other'), metric, name: z.string() }),
  /** `problem` null: the metric is not defined for the rows. */
  z.object({ kind: z.literal('incomparable'), other: otherSchema, metric, problem: z.string().nullable() }),
  /** `newest` null: on the rows of the evaluation. */
  z.object({
    kind: z.literal('compared'),
    other: otherSchema,
    ...{ metric, rows },
    newest: z.object({ dataset: z.string(), span: z.string() }).nullable(),
    mine: z.number(),
    theirs: z.number(),
    interval: intervalSchema.nullable(),
    require: z.enum(['point', 'interval']),
  }),
  /** No slice has the rows that are needed. */
  z.object({
    kind: z.literal('small-slices'),
    question: z.enum(['worst', 'deviation', 'drop']),
    ...{ metric, columns },
    minRows: z.number().int(),
  }),
  z.object({ kind: z.literal('slices-without-champion'), metric, columns }),
  /** Of several slices the worst. `chance`: that it passed, or did not, takes into account what chance explains. */
  z.object({ kind: z.literal('worst-slice'), ...{ metric, columns, rows }, slice: z.string(), chance: z.boolean() }),
  z.object({ kind: z.literal('few-slices'), metric, columns }),
  /** `seen`: with what chance explains; null where that is not taken into account. */
  z.object({
    kind: z.literal('deviation'),
    ...{ metric, columns },
    slices: z.number().int(),
    seen: z.number().nullable(),
  }),
  /** `confidence` null: what chance explains is not taken into account. */
  z.object({
    kind: z.literal('slice-drop'),
    ...{ metric, columns, rows },
    slice: z.string(),
    confidence: z.number().nullable(),
  }),
  z.object({ kind: z.literal('served'), requests: z.number().int(), tries: z.number().int() }),
  z.object({ kind: z.literal('not-served'), tries: z.number().int(), problem: z.string() }),
  z.object({ kind: z.literal('answers'), requests: z.number().int() }),
  z.object({ kind: z.literal('latency') }),
  z.object({ kind: z.literal('memory') }),
  z.object({
    kind: z.literal('inputs'),
    endpoint: z.string(),
    version: z.number().int(),
    newInputs: columns,
    removedInputs: columns,
  }),
])
export type GateFinding = z.infer<typeof gateFindingSchema>
