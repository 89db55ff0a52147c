/** The log of served features: where its files lie and how they are read. The inference server writes them. */
import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type ServedFeature, servedFeatureSchema } from '#shared/online.ts'

const fileForm = /^\d{13,}-\d+\.jsonl$/

/** The folder of an endpoint in that of the log. */
export function servedFolder(logPath: string, endpoint: string): string {
  return join(logPath, encodeURIComponent(endpoint))
}

/** @param at of its first line, in epoch milliseconds */
export function servedFileName(at: number, number: number): string {
  return `${at}-${number}.jsonl`
}

/** The files of a folder, the oldest first; none where there is no such folder. */
export async function servedFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  const parts = (name: string) => name.split(/[-.]/).map(Number)
  return names
    .filter((name) => fileForm.test(name))
    .sort((a, b) => (parts(a)[0] ?? 0) - (parts(b)[0] ?? 0) || (parts(a)[1] ?? 0) - (parts(b)[1] ?? 0))
}

/** What was served, the oldest first. Lines that were cut short by a kill are left out. */
export async function* readServedFeatures(logPath: string, endpoint: string): AsyncGenerator<ServedFeature> {
  const folder = servedFolder(logPath, endpoint)
  for (const name of await servedFiles(folder)) yield* readServedFile(join(folder, name))
}

/** The same of one file. */
export async function* readServedFile(path: string): AsyncGenerator<ServedFeature> {
  const lines = createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY })
  for await (const line of lines) {
    const read = parseLine(line)
    if (read !== undefined) yield read
  }
}

function parseLine(line: string): ServedFeature | undefined {
  try {
    return servedFeatureSchema.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}
