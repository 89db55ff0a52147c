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

/** How other machines may ask endpoints. */
export const outsideStateSchema = z.object({
  /** The listener for them; null while they are not let in. */
  listener: z
    .object({
      /** With https where a certificate was given. */
      url: z.string(),
      /** By which callers may know the machine, without port. */
      names: z.array(z.string()),
    })
    .nullable(),
  endpoints: z.array(
    z.object({
      name: z.string(),
      keysRequired: z.boolean(),
      /** How many hold. */
      keys: z.number().int(),
    }),
  ),
})
export type OutsideState = z.infer<typeof outsideStateSchema>
