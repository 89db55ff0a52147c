/** The files of a model package, read and checked. */
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { EsteiraError } from '../kernel/errors.ts'

export const packageFiles = {
  manifest: 'manifest.json',
  preparation: 'preparation.json',
  network: 'network.json',
  weights: 'weights.bin',
  trainingStatistics: 'training-statistics.json',
  background: 'background.json',
  golden: 'golden.json',
} as const

export async function readJsonFile<T>(
  files: ReadonlyMap<string, string>,
  name: string,
  schema: z.ZodType<T>,
): Promise<T> {
  const text = (await readBytes(files, name)).toString('utf8')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw unusable(name, 'is not valid JSON', cause)
  }
  const parsed = schema.safeParse(value)
  if (!parsed.success)
    throw unusable(name, `does not have the expected form:\n${z.prettifyError(parsed.error)}`, parsed.error)
  return parsed.data
}

/** The path of a file that the package holds. @throws EsteiraError `model-unusable` */
export function usableFile(files: ReadonlyMap<string, string>, name: string): string {
  const path = files.get(name)
  if (path === undefined) throw unusable(name, 'is missing')
  return path
}

export async function readBytes(files: ReadonlyMap<string, string>, name: string): Promise<Buffer> {
  const path = usableFile(files, name)
  try {
    return await readFile(path)
  } catch (cause) {
    throw unusable(name, `cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, cause)
  }
}

export function unusable(file: string, what: string, cause?: unknown): EsteiraError {
  return new EsteiraError('model-unusable', `The file ${file} of the model package ${what}.`, {
    where: file,
    next: 'Register the model again from a run that succeeded.',
    cause,
  })
}
