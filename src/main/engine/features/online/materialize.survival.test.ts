import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { materializeReportSchema } from '#shared/online.ts'
import { Store } from '../../store/store.ts'
import { OnlineStore } from './online-store.ts'
import { minuteMs, noon, type Reading, testProject } from './testing/readings.ts'

const wantedKills = 14
const entities = 30_000
const child = fileURLToPath(new URL('./testing/materialize-child.ts', import.meta.url))

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'esteira-online-kill-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** Undefined where the process was killed. */
function materialise(folder: string, share = '', ms = '') {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [child, folder, share, ms], {
    encoding: 'utf8',
  })
  if (signal === 'SIGKILL') return undefined
  if (status !== 0) throw new Error(`the process ended with ${status ?? signal}: ${stderr}`)
  return materializeReportSchema.parse(JSON.parse(stdout))
}

const valueSchema = z.object({ entity: z.string(), eventTime: z.number(), content: z.string() })

/** Every stored value, and what the store says of itself. */
function look(folder: string) {
  const path = join(folder, 'online.db')
  // Made, and then read as it is: a kill may have come before the first table.
  const online = OnlineStore.open(path)
  const [view] = online.list({ projectId: 'p1' })
  online.close()
  const store = Store.openReader(path)
  const values = store.all(
    valueSchema,
    'SELECT entity, event_time AS eventTime, content FROM online_value ORDER BY entity',
  )
  const problems = store.check()
  store.close()
  return { view, values, problems }
}

test(`L1.9: materialisation killed at ${wantedKills} moments loses and doubles nothing, and its watermark is true`, () => {
  const first = join(root, 'first')
  const project = testProject({ root: first })
  const old: Reading[] = Array.from({ length: entities / 2 }, (_, index) => ({ sensor: `s${index}`, at: 1, value: 1 }))
  project.readings('old.csv', old)
  const before = materialise(first)
  expect(before).toMatchObject({ entities: entities / 2, watermark: noon + minuteMs })
  // Every second entity gets a newer value, as many new ones come, and a late one lies behind the watermark.
  const newer = Array.from({ length: entities / 2 }, (_, index) => ({ sensor: `s${index * 2}`, at: 5, value: 2 }))
  project.readings('new.csv', [...newer, { sensor: 'late', at: 0, value: 3 }])

  const whole = join(root, 'whole')
  cpSync(first, whole, { recursive: true, preserveTimestamps: true })
  const startedAt = performance.now()
  const undisturbed = materialise(whole)
  const longestMs = performance.now() - startedAt
  const wanted = look(whole)
  expect(wanted.values.length).toBe(undisturbed?.entities)

  const atShares = ['0.01', '0.2', '0.5', '0.8', '0.95', '1']
  let resumed = 0
  for (let kill = 0; kill < wantedKills; kill++) {
    const folder = join(root, `round-${kill}`)
    cpSync(first, folder, { recursive: true, preserveTimestamps: true })
    const share = atShares[kill]
    const later = ((kill - atShares.length + 1) * longestMs) / (wantedKills - atShares.length + 1)
    const killed = materialise(folder, share, share === undefined ? String(later) : '') === undefined
    if (share !== undefined) expect(killed).toBe(true)
    if (killed) expectTrue(look(folder), wanted)
    const after = materialise(folder)
    if (after?.resumed) resumed++
    const { view, values, problems } = look(folder)
    expect(problems).toEqual([])
    expect(values).toEqual(wanted.values)
    expect(view).toMatchObject({ watermark: noon + 5 * minuteMs, checkpoint: null, entities: values.length })
    rmSync(folder, { recursive: true })
  }
  expect(resumed).toBeGreaterThanOrEqual(atShares.length)
}, 300_000)

/** What a kill leaves: each entity has its old or its new value, and a watermark that moved only with all of them. */
function expectTrue({ view, values, problems }: ReturnType<typeof look>, wanted: ReturnType<typeof look>): void {
  expect(problems).toEqual([])
  const final = new Map(wanted.values.map((value) => [value.entity, value]))
  for (const value of values) {
    const { eventTime = 0 } = final.get(value.entity) ?? {}
    expect(value.eventTime === noon + minuteMs || value.eventTime === eventTime).toBe(true)
  }
  if (view?.watermark === noon + 5 * minuteMs) expect(values).toEqual(wanted.values)
  else expect(view?.watermark).toBe(noon + minuteMs)
}
