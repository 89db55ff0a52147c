/** A run made again, and how it compares with the first. */
import { z } from 'zod'
import { problemSchema } from './errors.ts'
import { instantSchema } from './names.ts'
import { jsonSchema, stepStatusSchema } from './runs.ts'

const fileDifferenceSchema = z.object({
  name: z.string(),
  /** SHA-256 of the file; null where there is none. */
  recorded: z.string().nullable(),
  again: z.string().nullable(),
})

const valueDifferenceSchema = z.object({
  /** e.g. `metrics.auc`. */
  name: z.string(),
  recorded: jsonSchema.nullable(),
  again: jsonSchema.nullable(),
})

export const reproducedStepSchema = z.object({
  step: z.string(),
  /** `not-run`: what it read is not there any more as it was, so that its recorded artifacts were taken. */
  outcome: z.enum(['identical', 'differs', 'not-run']),
  recordedStatus: stepStatusSchema,
  status: stepStatusSchema,
  /** The artifacts that it made, whole or with the files that differ. */
  artifacts: z.array(
    z.object({
      output: z.string(),
      identical: z.boolean(),
      recorded: z.string().nullable(),
      again: z.string().nullable(),
      files: z.array(fileDifferenceSchema),
    }),
  ),
  values: z.array(valueDifferenceSchema),
})
export type ReproducedStep = z.infer<typeof reproducedStepSchema>

export const reproductionReportSchema = z.object({
  /** Identical only where every step ran again and gave the same, to the byte. */
  verdict: z.enum(['identical', 'differs']),
  steps: z.array(reproducedStepSchema),
  /** Files that steps read which are not there as they were. */
  sources: z.array(
    z.object({ step: z.string(), path: z.string(), recorded: z.string(), found: z.string().nullable() }),
  ),
  /** What it was made with that is not the same now, which need not make a difference. */
  environment: z.array(z.object({ what: z.string(), recorded: z.string(), now: z.string() })),
  /** What could not be made as it was, in words. */
  notes: z.array(z.string()),
})
export type ReproductionReport = z.infer<typeof reproductionReportSchema>

export const reproductionSchema = z.object({
  id: z.string(),
  /** The run that is repeated. */
  runId: z.string(),
  /** The run that repeats it; null until it has begun. */
  newRunId: z.string().nullable(),
  status: z.enum(['preparing', 'running', 'finished', 'failed', 'cancelled']),
  report: reproductionReportSchema.nullable(),
  problem: problemSchema.nullable(),
  createdAt: instantSchema,
  finishedAt: instantSchema.nullable(),
})
export type Reproduction = z.infer<typeof reproductionSchema>
