/**
 * A pipeline of 50 steps with nothing changed, through the real runner: every step has its files hashed, its key looked up
 * and its result taken from the cache. The reference is the first run of the same, which does the work.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openWorkbench, removeWorkbench } from '../src/main/engine/pipelines/testing/workbench.ts'
import { type BenchResult, median, report } from './result.ts'

const steps = 50
const rounds = 5
const barMs = 1_000
/** What each step reads from outside the store, as an extraction does. */
const sourceBytes = 200_000

const folder = fileURLToPath(new URL('../node_modules/.cache/', import.meta.url))

function pipeline(): string {
  const lines = Array.from({ length: steps }, (_, index) => {
    const input = index === 0 ? '' : `in: { from: s${index - 1} }, `
    return `  s${index}: { uses: test/write, ${input}with: { text: "${index} ", file: source-${index}.txt } }`
  })
  return `name: chain\nsteps:\n${lines.join('\n')}\n`
}

export async function benchRerunCached(): Promise<BenchResult[]> {
  mkdirSync(folder, { recursive: true })
  const bench = await openWorkbench({ folder })
  try {
    bench.write('pipelines/chain.yaml', pipeline())
    for (let index = 0; index < steps; index++) {
      writeFileSync(join(bench.projectPath, `source-${index}.txt`), `${index}`.padEnd(sourceBytes / steps, '.'))
    }
    const started = performance.now()
    await bench.run('chain')
    const firstMs = performance.now() - started
    const times: number[] = []
    for (let round = 0; round < rounds; round++) {
      const begun = performance.now()
      const run = await bench.run('chain')
      times.push(performance.now() - begun)
      const cached = run.steps.filter((step) => step.cached).length
      if (run.status !== 'succeeded' || cached !== steps)
        throw new Error(`${cached} of ${steps} steps came from the cache`)
    }
    const value = median(times)
    return [
      {
        name: 'rerun-cached',
        value,
        unit: 'ms',
        reference: `the first run, which does the work: ${firstMs.toFixed(0)} ms`,
        ratio: value / firstMs,
        bar: `${steps} steps ≤ ${barMs} ms`,
        holds: value <= barMs,
      },
    ]
  } finally {
    await bench.stop()
    removeWorkbench(bench.path)
  }
}

if (import.meta.main) report(await benchRerunCached())
