import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { z } from 'zod'
import { addProjects } from '../registry/testing.ts'
import { Store } from '../store/store.ts'
import { hourMs } from './looks/windows.ts'
import { start, writeMonitor } from './testing/monitor-bench.ts'

const child = fileURLToPath(new URL('./testing/look-child.ts', import.meta.url))
const hours = 12
const wantedKills = 6
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'esteira-monitors-'))
  mkdirSync(join(folder, 'home'))
  writeMonitor(folder)
  const store = openStore()
  addProjects(store, ['p1'])
  store.close()
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const openStore = () => Store.open(join(folder, 'home', 'metadata.db'))

/** Returns whether it was killed. */
function lookAndKill(afterMs: number | undefined): boolean {
  const args = [child, folder, String(hours), ...(afterMs === undefined ? [] : [String(afterMs)])]
  const { signal, status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (signal !== 'SIGKILL' && status !== 0) throw new Error(stderr)
  return signal === 'SIGKILL'
}

const lookSchema = z.object({ at: z.number(), readings: z.number(), evidence: z.number() })

/** The looks that are stored, with what of each is there. */
function stored() {
  const store = openStore()
  try {
    expect(store.check()).toEqual([])
    const looks = store.all(
      lookSchema,
      `SELECT at, count(*) AS readings, count(reading_id) AS evidence
       FROM reading LEFT JOIN reading_evidence ON reading_id = id GROUP BY at ORDER BY at`,
    )
    const last = store.get(z.object({ planned: z.number() }), 'SELECT planned_at AS planned FROM monitor_look')
    return { looks, planned: last?.planned }
  } finally {
    store.close()
  }
}

it(`looks killed at ${wantedKills} moments are whole or not there, and none is made twice`, {
  timeout: 240_000,
}, () => {
  let kills = 0
  for (let round = 0; kills < wantedKills && round < 40; round++) {
    if (!lookAndKill(700 + 250 * (round % 5))) break
    kills++
    const { looks, planned } = stored()
    for (const { readings, evidence } of looks) expect([readings, evidence]).toEqual([2, 2])
    // What is stored as planned is what the newest readings answer.
    expect(looks.at(-1)?.at).toBe(planned)
  }
  expect(kills).toBeGreaterThan(0)
  expect(lookAndKill(undefined)).toBe(false)
  const { looks, planned } = stored()
  expect(planned).toBe(start + hours * hourMs)
  // Each planned hour was answered once: those before a kill, and those after it.
  expect(looks.map(({ at }) => (at - start) / hourMs)).toEqual(Array.from({ length: hours }, (_, index) => index + 1))
})
