import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { runAndKill } from '../pipelines/testing/self-kill.ts'
import { addProjects } from '../registry/testing.ts'
import { openTestEngine } from '../serving/testing-engine.ts'
import { openDriftProject } from './testing/drift-project.ts'

const days = 40
const rowsOfDay = 2_000
const wantedKills = 8
const child = fileURLToPath(new URL('./testing/sketch-child.ts', import.meta.url))

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'esteira-sketches-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** What the database holds of each unit: that its spans and columns are all there. */
function stored(engine: ReturnType<typeof openTestEngine>) {
  return engine.store.all(
    z.object({ source: z.string(), rows: z.number(), ofSpans: z.number(), sketches: z.number() }),
    `SELECT unit.source, unit.rows,
       (SELECT sum(span.rows) FROM sketch_span span WHERE span.unit_id = unit.id AND span.level = 'day') AS ofSpans,
       (SELECT count(*) FROM sketch JOIN sketch_span span ON span.id = sketch.span_id WHERE span.unit_id = unit.id) AS sketches
     FROM sketch_unit unit ORDER BY unit.source`,
  )
}

test(`L1.7: sketching killed at ${wantedKills} moments leaves no unit half, and goes on where it was`, async () => {
  const first = openTestEngine(join(folder, 'home'))
  addProjects(first.store, ['p1'])
  const project = await openDriftProject(folder, first)
  for (let day = 0; day < days; day++) {
    const at = `timestamp '2020-01-01' + to_days(${day})`
    await project.write(
      String(day).padStart(2, '0'),
      `select ${at} as at, range as x, 't' || range as t from range(${rowsOfDay})`,
    )
  }
  await project.close()
  await first.close()

  let kills = 0
  let done = 0
  for (let round = 0; kills < wantedKills && round < 60; round++) {
    if (!runAndKill(child, [folder], 300 + 120 * (round % 8))) break
    kills += 1
    const engine = openTestEngine(join(folder, 'home'))
    expect(engine.store.check()).toEqual([])
    const units = stored(engine)
    for (const { rows, ofSpans, sketches } of units) {
      expect({ rows, ofSpans, sketches }).toEqual({ rows: rowsOfDay, ofSpans: rowsOfDay, sketches: 6 })
    }
    // What one process finished, the next one keeps.
    expect(units.length).toBeGreaterThanOrEqual(done)
    done = units.length
    await engine.close()
  }
  expect(runAndKill(child, [folder], undefined)).toBe(false)
  const engine = openTestEngine(join(folder, 'home'))
  expect(stored(engine)).toHaveLength(days)
  const last = await openDriftProject(folder, engine)
  expect(await last.drifts.refresh('p1', 'days', new AbortController().signal)).toEqual({ units: days, read: 0 })
  await last.close()
  await engine.close()
  expect(kills).toBeGreaterThan(0)
}, 240_000)
