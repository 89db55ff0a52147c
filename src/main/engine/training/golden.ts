/** Requests with their answers, recorded when a model is made: wherever it is loaded later, it must answer them the same. */
import { readFile, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { parametersSchema } from '#shared/runs.ts'
import { type ModelPackage, packageFiles } from './package.ts'
import { rowsToBatch } from './rows.ts'
import { rowsOfBatch } from './rows-of-batch.ts'
import { openModel } from './runtime.ts'

const recordedRows = 16

export const goldenFileSchema = z.object({
  formatVersion: z.literal(1),
  /** As an application would send them. */
  rows: z.array(parametersSchema).min(1),
  /** Per row one value, or one per class in the order of the signature. */
  outputs: z.array(z.array(z.number())),
})
export type GoldenFile = z.infer<typeof goldenFileSchema>

/** Of the background rows, those that a request could hold; written only where there are some. */
export async function writeGolden(model: ModelPackage, path: (fileName: string) => string): Promise<void> {
  const golden = await recordGolden(model)
  if (golden !== undefined) await writeFile(path(packageFiles.golden), JSON.stringify(golden))
}

async function recordGolden(model: ModelPackage): Promise<GoldenFile | undefined> {
  const { signature } = model.manifest
  const loaded = await openModel(model)
  try {
    const required = signature.inputs.filter((input) => input.required)
    const rows = (loaded.background === undefined ? [] : rowsOfBatch(signature, loaded.background))
      .filter((row) => required.every(({ name }) => row[name] !== undefined))
      .slice(0, recordedRows)
    if (rows.length === 0) return undefined
    const prediction = await loaded.predict(rowsToBatch(signature, rows))
    const values = prediction.kind === 'values' ? prediction.values : prediction.probabilities
    const width = values.length / rows.length
    const outputs = rows.map((_, row) => [...values.subarray(row * width, (row + 1) * width)])
    return goldenFileSchema.parse({ formatVersion: 1, rows, outputs })
  } finally {
    loaded.dispose()
  }
}

/** Undefined of a package from before they were recorded. */
export async function readGolden(files: ReadonlyMap<string, string>): Promise<GoldenFile | undefined> {
  const path = files.get(packageFiles.golden)
  return path === undefined ? undefined : goldenFileSchema.parse(JSON.parse(await readFile(path, 'utf8')))
}
