/** For tests: a project with one dataset of readings and a feature view over it, in a folder of its own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FeatureView } from '#shared/features.ts'
import type { MaterializeReport } from '#shared/online.ts'
import { parseFeatureView } from '../../views.ts'
import { type MaterializeRequest, materialize } from '../materialize.ts'

export const minuteMs = 60_000
/** Noon of the day on which the readings of the tests lie. */
export const noon = Date.UTC(2026, 0, 5, 12)

export interface Reading {
  readonly sensor: string
  /** Minutes after noon. */
  readonly at: number
  /** Minutes after noon; left out, the event time. */
  readonly known?: number
  readonly value: number | null
}

export interface TestProject {
  readonly id: string
  readonly path: string
  readonly datasets: { readonly readings: { readonly path: string } }
  readonly onlinePath: string
  readonly scratchPath: string
  /** Writes a file of the dataset. */
  readings(file: string, rows: readonly Reading[]): void
  materialize(view: FeatureView, options?: Partial<MaterializeRequest>): Promise<MaterializeReport>
  remove(): void
}

/** @param options `root`: opens the folder that an earlier one left */
export function testProject({ id = 'p1', root }: { id?: string; root?: string } = {}): TestProject {
  const path = root ?? mkdtempSync(join(tmpdir(), 'esteira-online-'))
  const scratchPath = join(path, 'scratch')
  mkdirSync(join(path, 'data'), { recursive: true })
  mkdirSync(scratchPath, { recursive: true })
  const project = { id, path, datasets: { readings: { path: 'data/*.csv' } } }
  const onlinePath = join(path, 'online.db')
  return {
    ...project,
    onlinePath,
    scratchPath,
    readings: (file, rows) => writeFileSync(join(path, 'data', file), csvOf(rows)),
    materialize: (view, options = {}) =>
      materialize({
        view,
        project,
        onlinePath,
        scratchPath,
        asOf: noon + 24 * 60 * minuteMs,
        now: Date.now(),
        signal: new AbortController().signal,
        latenessMs: null,
        full: false,
        ...options,
      }),
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}

export function instant(minutes: number): string {
  return new Date(noon + minutes * minuteMs).toISOString().slice(0, 19).replace('T', ' ')
}

function csvOf(rows: readonly Reading[]): string {
  const lines = rows.map(
    ({ sensor, at, known = at, value }) => `${sensor},${instant(at)},${instant(known)},${value ?? ''}`,
  )
  return `sensor,moment,known,value\n${lines.join('\n')}\n`
}

/** A view over the readings: `value` and what is `extra` in YAML. */
export function readingsView(extra = '', query = 'select sensor, moment, known, value from readings'): FeatureView {
  const text = `name: levels\nentity: sensor\neventTime: moment\nknownAt: known\n${extra}\nquery: ${JSON.stringify(query)}\n`
  const parsed = parseFeatureView(text, 'features/levels.yaml')
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.view
}
