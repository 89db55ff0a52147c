import { z } from 'zod'

/** What a person may call a project, dataset, pipeline, step, model, alias or endpoint: it appears in URLs and file names. */
export const nameSchema = z
  .string()
  .regex(
    /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,99}$/u,
    'must start with a letter or digit and hold only letters, digits, ".", "_" and "-", at most 100',
  )

/** Milliseconds since the epoch, UTC. Every stored and sent instant has this form. */
export const instantSchema = z.number().int().nonnegative()

/** A page of a list; `nextCursor` is absent on the last one. */
export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().optional() })
}
export interface Page<Item> {
  items: Item[]
  nextCursor?: string | undefined
}

/** The ways in which a table can be asked for a page. */
export const pageQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  cursor: z.string().optional(),
})
