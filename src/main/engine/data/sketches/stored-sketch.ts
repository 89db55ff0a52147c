/** A sketch as the text that the database keeps. */
import { z } from 'zod'
import { columnTypeSchema } from '#shared/statistics.ts'
import { packAscending, packNumbers, unpackAscending, unpackNumbers } from './pack.ts'
import type { ColumnSketch } from './sketch.ts'

/** Part of the key of every sketch: another number where their form, the grid or the hash of values changes. */
export const sketchVersion = 2

const storedSchema = z.object({
  name: z.string(),
  type: columnTypeSchema,
  storageType: z.string(),
  rows: z.number(),
  present: z.number(),
  registers: z.string(),
  numbers: z
    .object({
      finite: z.number(),
      nan: z.number(),
      infinite: z.number(),
      zeros: z.number(),
      min: z.number(),
      max: z.number(),
      mean: z.number(),
      squares: z.number(),
      bits: z.number(),
      keys: z.string(),
      counts: z.string(),
    })
    .optional(),
  texts: z
    .object({
      values: z.array(z.string()),
      counts: z.string(),
      error: z.number(),
      minLength: z.number(),
      maxLength: z.number(),
      sumLength: z.number(),
    })
    .optional(),
})

export function writeSketch({ registers, numbers, texts, ...rest }: ColumnSketch): string {
  const stored: z.infer<typeof storedSchema> = { ...rest, registers: packNumbers([...registers]) }
  if (numbers !== undefined) {
    const { bins, ...figures } = numbers
    const { bits, keys, counts } = bins
    stored.numbers = { ...figures, bits, keys: packAscending(keys), counts: packNumbers(counts) }
  }
  if (texts !== undefined) {
    const { values, ...figures } = texts
    stored.texts = { ...figures, values: [...values.keys()], counts: packNumbers([...values.values()]) }
  }
  return JSON.stringify(stored)
}

export function readSketch(text: string): ColumnSketch {
  const { registers, numbers, texts, ...rest } = storedSchema.parse(JSON.parse(text))
  return {
    ...rest,
    registers: Uint8Array.from(unpackNumbers(registers)),
    ...(numbers !== undefined && { numbers: readNumbers(numbers) }),
    ...(texts !== undefined && { texts: readTexts(texts) }),
  }
}

type Stored = z.infer<typeof storedSchema>

function readNumbers({ bits, keys, counts, ...figures }: NonNullable<Stored['numbers']>) {
  return { ...figures, bins: { bits, keys: unpackAscending(keys), counts: unpackNumbers(counts) } }
}

function readTexts({ values, counts, ...figures }: NonNullable<Stored['texts']>) {
  const numbers = unpackNumbers(counts)
  return { ...figures, values: new Map(values.map((value, index) => [value, numbers[index] ?? 0])) }
}
