/** Reads what the triggers of a project's pipelines may name. */

import { parse } from 'yaml'
import { z } from 'zod'
import { listMonitorNames, readMonitors } from '../monitoring/monitor-folder.ts'
import { listPipelineNames, readPipelineText, readProjectSpec } from './project-folder.ts'
import { pipelinesAwaited, type TriggerSurroundings } from './trigger-problems.ts'
import { triggerSpecSchema } from './trigger-spec.ts'

/** Only what is needed here, and only where it has its form: a file with mistakes elsewhere still counts. */
const partsSchema = z.object({
  steps: z.record(z.string(), z.unknown()).catch({}),
  triggers: z.array(z.unknown()).catch([]),
})
const registerStepSchema = z.object({ uses: z.literal('model/register'), with: z.object({ model: z.string() }) })

/** Undefined where the project itself cannot be read. @param registered the models of the registry */
export async function readSurroundings(
  folder: string,
  registered: readonly string[],
): Promise<TriggerSurroundings | undefined> {
  const spec = await readProjectSpec(folder).catch(() => undefined)
  if (spec === undefined) return undefined
  const names = await listPipelineNames(folder)
  const files = await Promise.all(names.map(async (name) => ({ name, ...(await readParts(folder, name)) })))
  return {
    datasets: Object.keys(spec.datasets),
    models: [...new Set([...registered, ...files.flatMap(({ models }) => models)])],
    pipelines: new Map(files.map(({ name, awaited }) => [name, awaited])),
    monitors: await monitorsOf(folder),
  }
}

/** A monitor whose file has mistakes is there all the same. */
async function monitorsOf(path: string): Promise<TriggerSurroundings['monitors']> {
  const names = await listMonitorNames(path)
  if (names.length === 0) return new Map()
  const { monitors } = await readMonitors({ id: '', path })
  const checks = new Map(
    monitors.map((monitor) => [monitor.name, new Map(monitor.checks.map(({ name, spec }) => [name, spec.kind]))]),
  )
  return new Map(names.map((name) => [name, checks.get(name)]))
}

async function readParts(folder: string, name: string): Promise<{ awaited: string[]; models: string[] }> {
  const text = await readPipelineText(folder, name).catch(() => '')
  const parts = partsSchema.safeParse(parsed(text)).data
  if (parts === undefined) return { awaited: [], models: [] }
  const triggers = parts.triggers.flatMap((trigger) => triggerSpecSchema.safeParse(trigger).data ?? [])
  const models = Object.values(parts.steps).flatMap((step) => registerStepSchema.safeParse(step).data?.with.model ?? [])
  return { awaited: pipelinesAwaited(triggers), models }
}

function parsed(text: string): unknown {
  try {
    return parse(text, { logLevel: 'silent', maxAliasCount: 100 })
  } catch {
    return undefined
  }
}
