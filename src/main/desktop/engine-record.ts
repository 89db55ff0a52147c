import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { routes } from '#shared/api.ts'

/** What a running engine writes to `engine.json` in its home. */
export const engineRecordSchema = z.object({
  pid: z.number().int(),
  controlUrl: z.string().regex(/^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):\d+$/),
  token: z.string().min(1),
})
export type EngineRecord = z.infer<typeof engineRecordSchema>

const healthTimeoutMs = 3_000

/** The engine that serves the home; undefined where none is recorded or the recorded one does not answer. */
export async function findEngine(home: string): Promise<EngineRecord | undefined> {
  const record = await readRecord(home)
  return record !== undefined && (await isHealthy(record)) ? record : undefined
}

async function readRecord(home: string): Promise<EngineRecord | undefined> {
  try {
    const { controlUrl, ...rest } = JSON.parse(await readFile(join(home, 'engine.json'), 'utf8'))
    return engineRecordSchema.safeParse({ ...rest, controlUrl: String(controlUrl).replace(/\/$/, '') }).data
  } catch {
    return undefined
  }
}

async function isHealthy(record: EngineRecord): Promise<boolean> {
  try {
    const response = await fetch(record.controlUrl + routes.getHealth.path, {
      signal: AbortSignal.timeout(healthTimeoutMs),
    })
    return routes.getHealth.response.safeParse(await response.json()).success
  } catch {
    return false
  }
}

/** Asks the engine to stop in order. */
export async function askToStop(record: EngineRecord): Promise<void> {
  await fetch(record.controlUrl + routes.stopEngine.path, {
    method: routes.stopEngine.method,
    headers: { authorization: `Bearer ${record.token}` },
    signal: AbortSignal.timeout(healthTimeoutMs),
  })
}
