/**
 * Drift of any window of the 3,000,000 flights from their stored sketches, by day: windows from one day to all days, against
 * other windows and against the first month, through the service that triggers, API and pages use.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openDriftProject } from '../src/main/engine/delivery/testing/drift-project.ts'
import { addProjects } from '../src/main/engine/registry/testing.ts'
import { openTestEngine } from '../src/main/engine/serving/testing-engine.ts'
import { parquetSource } from '../src/main/engine/tables/duckdb.ts'
import { type BenchResult, median, report } from './result.ts'

const file = fileURLToPath(new URL('../node_modules/vega-datasets/data/flights-3m.parquet', import.meta.url))
const allRows = 3_000_000
const maxMs = 100
const rounds = 5
const dayMs = 86_400_000

export async function benchDriftWindow(): Promise<BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'esteira-bench-'))
  const engine = openTestEngine(join(folder, 'home'))
  addProjects(engine.store, ['p1'])
  const project = await openDriftProject(folder, engine)
  const signal = new AbortController().signal
  try {
    await project.write('flights', `from ${parquetSource(file)}`)
    project.spec = { path: 'data/flights.parquet', time: 'date' }
    const begun = performance.now()
    await project.drifts.refresh('p1', 'flights', signal)
    const sketchMs = performance.now() - begun
    const { report: all } = await project.drifts.drift('p1', 'flights', { against: '..' }, signal)
    if (all.currentRows !== allRows) throw new Error(`${all.currentRows} rows were sketched`)
    const history = await project.drifts.history('p1', 'flights', { by: 'day' }, signal)
    const days = history.spans.map(({ from }) => from)
    const [first = '', last = ''] = [days[0], days.at(-1)]
    const day = (from: string, count: number) =>
      new Date(Date.parse(`${from}T00:00:00Z`) + count * dayMs).toISOString().slice(0, 10)
    const middle = days[Math.floor(days.length / 2)] ?? first
    const questions = [
      { against: '..' },
      { from: last, against: `..${last}` },
      { from: middle, against: `..${middle}` },
      { from: middle, to: day(middle, 7), against: `${first}..${day(first, 31)}` },
      { from: first, to: day(first, 1), against: `${last}..` },
    ]
    const slowest: number[] = []
    for (let round = 0; round < rounds; round++) {
      const times: number[] = []
      for (const question of questions) {
        const started = performance.now()
        await project.drifts.drift('p1', 'flights', question, signal)
        times.push(performance.now() - started)
      }
      slowest.push(Math.max(...times))
    }
    const value = median(slowest)
    return [
      {
        name: 'drift-window',
        value,
        unit: 'ms',
        reference: `slowest of ${questions.length} windows over ${days.length} days, 3,000,000 rows; sketched once in ${(sketchMs / 1_000).toFixed(1)} s`,
        ratio: null,
        bar: `≤ ${maxMs} ms`,
        holds: value <= maxMs,
      },
    ]
  } finally {
    await project.close()
    await engine.close()
    await rm(folder, { recursive: true, force: true })
  }
}

if (import.meta.main) report(await benchDriftWindow())
