/** Reads what the monitors of a project may name. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

/** Only what is needed here, and only where it has its form: a file with mistakes elsewhere still counts. */
const stepsSchema = z.object({ steps: z.record(z.string(), z.unknown()).catch({}) })
const deployStepSchema = z.object({ uses: z.literal('model/deploy'), with: z.object({ endpoint: z.string() }) })

/** The endpoints that pipelines of the project deploy to, whether they exist yet or not. */
export async function deployedEndpoints(folder: string): Promise<string[]> {
  const texts = await Promise.all((await yamlFiles(folder, 'pipelines')).map((file) => readText(join(folder, file))))
  const names = texts.flatMap((text) =>
    Object.values(stepsSchema.safeParse(parsed(text)).data?.steps ?? {}).flatMap(
      (step) => deployStepSchema.safeParse(step).data?.with.endpoint ?? [],
    ),
  )
  return [...new Set(names)]
}

/** Files of YAML in a folder of the project, relative to the project, sorted. */
export async function yamlFiles(folder: string, name: string): Promise<string[]> {
  const entries = await readdir(join(folder, name)).catch(() => [])
  return entries
    .filter((entry) => /\.ya?ml$/.test(entry) && !entry.startsWith('.'))
    .sort()
    .map((entry) => `${name}/${entry}`)
}

function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '')
}

function parsed(text: string): unknown {
  try {
    return parse(text, { logLevel: 'silent', maxAliasCount: 100 })
  } catch {
    return undefined
  }
}
