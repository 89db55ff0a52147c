import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parityDifferenceSchema, type ServedFeature } from '#shared/online.ts'
import { checkParity, isSame } from './parity.ts'
import { minuteMs, noon, readingsView, type TestProject, testProject } from './testing/readings.ts'

const view = readingsView('ttl: 30m')

let project: TestProject
beforeEach(() => {
  project = testProject()
  project.readings('a.csv', [
    { sensor: 'x', at: 0, value: 10 },
    { sensor: 'x', at: 10, known: 15, value: 20 },
    { sensor: 'y', at: 0, value: null },
  ])
})
afterEach(() => project.remove())

/** What was served at so many minutes after noon. */
function served(
  sensor: string | null,
  at: number,
  value: number | null,
  changes: Partial<ServedFeature> = {},
): ServedFeature {
  return {
    at: noon + at * minuteMs + 500,
    projectId: project.id,
    endpoint: 'alarms',
    revision: 1,
    model: 'alarm',
    version: 1,
    view: view.name,
    viewVersion: view.version,
    entity: { sensor },
    status: 'fresh',
    gap: null,
    asOf: noon + at * minuteMs,
    eventTime: noon,
    knownAt: noon,
    ageMs: at * minuteMs,
    values: { level: value },
    renamed: { level: 'value' },
    ...changes,
  }
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}

async function check(reads: readonly ServedFeature[]) {
  const differencesPath = join(project.path, 'differences.jsonl')
  const report = await checkParity({
    served: each(reads),
    definitionOf: (name, version) => (name === view.name && version === view.version ? view : undefined),
    project,
    scratchPath: project.scratchPath,
    differencesPath,
    tolerance: 1e-9,
    signal: new AbortController().signal,
    parseInstant: Date.parse,
  })
  const lines = readFileSync(differencesPath, 'utf8').split('\n').filter(Boolean)
  return { report, lines: lines.map((line) => parityDifferenceSchema.parse(JSON.parse(line))) }
}

describe('L1.9: parity of what was served with the offline features', () => {
  it('finds nothing where what was served is what was known', async () => {
    const { report, lines } = await check([
      served('x', 5, 10),
      served('x', 12, 10),
      served('x', 16, 20),
      served('x', 41, null, { status: 'stale' }),
      served('y', 5, null),
      served('unknown', 5, null),
      served(null, 5, null),
    ])
    expect(report).toMatchObject({ reads: 7, values: 6, differing: 0, differences: [], skipped: [] })
    expect(report).toMatchObject({ from: noon + 5 * minuteMs + 500, to: noon + 41 * minuteMs + 500 })
    expect(lines).toEqual([])
  })

  it('finds every difference, with entity, feature, both values and their times', async () => {
    const { report, lines } = await check([
      served('x', 5, 11),
      served('x', 16, 10),
      served('x', 12, 20),
      served('x', 5, null, { status: 'missing', eventTime: null }),
      served('unknown', 5, 1),
      served('x', 6, 10),
    ])
    expect(report).toMatchObject({ reads: 6, values: 6, differing: 5 })
    const told = (differences: typeof lines) =>
      differences.map(({ entity, online, offline, asOf }) => [entity.sensor, (asOf - noon) / minuteMs, online, offline])
    const wanted = [
      ['x', 5, 11, 10],
      ['x', 16, 10, 20],
      ['x', 12, 20, 10],
      ['x', 5, null, 10],
      ['unknown', 5, 1, null],
    ]
    expect(told(report.differences)).toEqual(wanted)
    expect(told(lines)).toEqual(wanted)
    expect(lines[1]).toMatchObject({ feature: 'value', view: 'levels', onlineEventTime: noon })
    expect(lines[1]?.offlineEventTime).toBe(noon + 10 * minuteMs)
    expect(lines[4]?.offlineEventTime).toBeNull()
  })

  it('says which versions of views cannot be computed again', async () => {
    const { report } = await check([served('x', 5, 10), served('x', 5, 10, { viewVersion: 'gone' })])
    expect(report).toMatchObject({ reads: 2, values: 1, differing: 0, skipped: [{ viewVersion: 'gone', reads: 1 }] })
  })
})

it('L1.9: numbers may differ by the tolerance, anything else not at all', () => {
  expect(isSame(0.1 + 0.2, 0.3, 1e-9)).toBe(true)
  expect(isSame(0.1 + 0.2, 0.3, 0)).toBe(false)
  expect(isSame(1, 1.001, 1e-9)).toBe(false)
  expect(isSame(0, null, 1)).toBe(false)
  expect(isSame('a', 'A', 1)).toBe(false)
  expect(isSame(null, null, 0)).toBe(true)
})
