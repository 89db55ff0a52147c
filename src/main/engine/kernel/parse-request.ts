/** Checks what a request brought against its schema, however deeply it is nested. */
import type { z } from 'zod'
import { EsteiraError } from './errors.ts'

/** As `schema.safeParse`. @throws EsteiraError `invalid-request` where the value is nested deeper than can be followed */
export function safeParseRequest<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.ZodSafeParseResult<z.output<Schema>> {
  try {
    return schema.safeParse(value)
  } catch (error) {
    // The one range error of a parser: the stack is full.
    if (!(error instanceof RangeError)) throw error
    throw new EsteiraError('invalid-request', 'The JSON of the body is nested too deeply.', {
      where: 'body',
      next: 'Send lists and objects that are nested less deeply.',
    })
  }
}
