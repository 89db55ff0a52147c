/** What a check of everything stored has found, and what was done about it. */
import { z } from 'zod'
import { problemSchema } from './errors.ts'
import { instantSchema } from './names.ts'

export const findingKinds = [
  'integrity',
  'foreign-key',
  'artifact-missing',
  'file-missing',
  'file-corrupt',
  'artifact-hash',
  'orphan-file',
  'cache-entry',
  'derived-rows',
] as const

export const findingSchema = z.object({
  kind: z.enum(findingKinds),
  /** The table, artifact or file. */
  where: z.string(),
  detail: z.string(),
  /** The artifact that is damaged, where it is one. */
  artifactHash: z.string().nullable(),
  /** `repaired`; `marked` where it cannot be; `left` where no repair was asked for, or none is known. */
  outcome: z.enum(['repaired', 'marked', 'left']),
  /** What was done, or why nothing was. */
  repair: z.string(),
})
export type Finding = z.infer<typeof findingSchema>

export const examinationSchema = z.object({
  startedAt: instantSchema,
  finishedAt: instantSchema.nullable(),
  repairs: z.boolean(),
  /** 0 to 1, by bytes read. */
  progress: z.number(),
  artifacts: z.number().int(),
  files: z.number().int(),
  bytes: z.number().int(),
  foreignKeys: z.number().int(),
  findings: z.array(findingSchema),
  problem: problemSchema.nullable(),
})
export type Examination = z.infer<typeof examinationSchema>
