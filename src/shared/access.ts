/** Who may ask an endpoint, and for how much at once. */
import { z } from 'zod'
import { instantSchema } from './names.ts'

/** What the inference server takes in one request at the most. */
export const largestBodyBytes = 16 * 1024 * 1024

/** Scheme, host and port as a browser sends them: no path, no capitals. */
const originSchema = z
  .string()
  .max(300)
  .regex(/^https?:\/\/[a-z0-9.-]+(:\d{1,5})?$/, 'must be an origin, such as https://shop.example.com')

export const accessRulesSchema = z.object({
  keysRequired: z.boolean().describe('Whether every request must carry one of the keys of the endpoint.'),
  origins: z
    .array(originSchema)
    .max(50)
    .describe('Web pages of these origins may ask it (CORS); pages of others may not.'),
  maxBodyBytes: z.number().int().min(1_024).max(largestBodyBytes).describe('The largest request that it takes.'),
  timeLimitMs: z
    .number()
    .int()
    .min(10)
    .max(600_000)
    .describe('A request that has arrived is answered within this time, or given up with deadline-passed (504).'),
})
export type AccessRules = z.infer<typeof accessRulesSchema>

export const defaultAccessRules: AccessRules = {
  keysRequired: false,
  origins: [],
  maxBodyBytes: largestBodyBytes,
  timeLimitMs: 30_000,
}

/** The key itself is shown once, when it is made; only its digest is stored. */
export const endpointKeySchema = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: instantSchema,
  /** From then on it is refused; null while it holds. */
  revokedAt: instantSchema.nullable(),
})
export type EndpointKey = z.infer<typeof endpointKeySchema>

export const endpointAccessSchema = z.object({
  rules: accessRulesSchema,
  /** Newest first. */
  keys: z.array(endpointKeySchema),
})
export type EndpointAccess = z.infer<typeof endpointAccessSchema>
