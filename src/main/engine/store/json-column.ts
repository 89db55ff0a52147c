import { z } from 'zod'

/** A TEXT column that holds JSON of the given form. */
export function jsonColumn<Schema extends z.ZodType>(schema: Schema) {
  return z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(schema)
}

/** An INTEGER column that holds 0 or 1. */
export const booleanColumn = z.literal([0, 1]).transform((value) => value === 1)
