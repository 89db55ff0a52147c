import { z } from 'zod'

export const engineInfoSchema = z.object({
  version: z.string(),
  home: z.string(),
  pid: z.number().int(),
  startedAt: z.number().int(),
  controlUrl: z.string(),
  /** Null while the inference server is not running. */
  inferenceUrl: z.string().nullable(),
  /** Where other machines may ask endpoints, with keys; null or absent where they may not. */
  outsideUrl: z.string().nullable().optional(),
})
export type EngineInfo = z.infer<typeof engineInfoSchema>
