/** Some training rows that travel with a model, as it takes them: what explanations compare a row with. */
import { z } from 'zod'
import type { Signature } from '#shared/models.ts'
import type { Column, ColumnBatch } from '../tables/columns.ts'
import { sampleRows } from './importance.ts'

/** Enough for a mean that does not depend on the draw, little enough to travel. */
export const backgroundRows = 100

export const backgroundFileSchema = z.object({
  formatVersion: z.literal(1),
  length: z.number().int().min(1),
  /** By input; null where the value is missing. */
  columns: z.record(z.string(), z.union([z.array(z.number().nullable()), z.array(z.string().nullable())])),
})
export type BackgroundFile = z.infer<typeof backgroundFileSchema>

/** Rows drawn by chance; the same seed draws the same rows. */
export function drawBackground(batch: ColumnBatch, signature: Signature, seed: number): BackgroundFile {
  const rows = sampleRows(batch.length, backgroundRows, seed)
  const columns = signature.inputs.map(({ name }) => {
    const column = batch.columns.get(name)
    if (column === undefined) throw new Error(`The training rows lack the input "${name}".`)
    const values =
      column.kind === 'numeric'
        ? Array.from(rows, (row) => finite(column.values[row]))
        : Array.from(rows, (row) => column.values[row] ?? null)
    return [name, values] as const
  })
  return { formatVersion: 1, length: rows.length, columns: Object.fromEntries(columns) }
}

/** As the runtime reads it. @throws Error where the file does not hold every input of the signature */
export function openBackground({ columns, length }: BackgroundFile, signature: Signature): ColumnBatch {
  const opened = signature.inputs.map(({ name, type }): [string, Column] => {
    const values = columns[name]
    if (values?.length !== length) throw new Error(`The background rows lack the input "${name}".`)
    if (type !== 'text') return [name, { kind: 'numeric', values: Float64Array.from(values, numberOf) }]
    return [name, { kind: 'text', values: values.map((value) => (value === null ? null : String(value))) }]
  })
  return { length, columns: new Map(opened) }
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null
}

function numberOf(value: number | string | null): number {
  return value === null ? Number.NaN : Number(value)
}
