/** What `esteira run --json` prints. */
import type { z } from 'zod'
import { modelVersionSchema } from '#shared/models.ts'
import type { Run } from '#shared/runs.ts'
import type { Connection } from './connect.ts'
import { secondsBetween } from './output.ts'

const versionSchema = modelVersionSchema.pick({ model: true, version: true, aliases: true })
export type RegisteredVersion = z.infer<typeof versionSchema>

export async function runAnswer(connection: Connection, run: Run) {
  return {
    id: run.id,
    pipeline: run.pipeline,
    status: run.status,
    seconds: toMilli(secondsBetween(run.startedAt, run.finishedAt)),
    steps: run.steps.map((step) => ({
      name: step.name,
      status: step.status,
      seconds: toMilli(secondsBetween(step.startedAt, step.finishedAt)),
      cached: step.cached,
    })),
    metrics: run.metrics,
    version: await registeredVersion(connection, run),
    error: run.error,
  }
}

function toMilli(seconds: number): number {
  return Math.round(seconds * 1_000) / 1_000
}

/** What the run registered, as its last step model/register left it; null if it did not. */
async function registeredVersion({ client }: Connection, run: Run): Promise<RegisteredVersion | null> {
  const hash = run.steps.findLast((step) => step.component === 'model/register' && step.outputs.version)?.outputs
    .version
  if (hash === undefined) return null
  return versionSchema.parse(await client.call('getArtifactJson', { params: { hash, file: 'version.json' } }))
}
