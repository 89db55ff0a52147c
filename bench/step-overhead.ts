/**
 * What a step costs besides its work: a chain and a fan-out of 1,000 steps that do nothing, through the real runner with
 * everything persisted: a synced artifact file each, their rows in SQLite, their events.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { storeFile } from '../src/main/engine/artifacts/artifact-files.ts'
import { openWorkbench, removeWorkbench, type Workbench } from '../src/main/engine/pipelines/testing/workbench.ts'
import { type BenchResult, median, report } from './result.ts'

const steps = 1_000
const rounds = 3
const barMs = 5
const storedFiles = 100

/** Every step of every round writes a file of its own, so that none is found in the store already. */
const parameters = 'parameters: { round: 0 }'
function step(index: number, from: string | undefined): string {
  const input = from === undefined ? '' : `in: { from: ${from} }, `
  return `  s${index}: { uses: test/noop, ${input}with: { name: "s${index} of round \${{ params.round }}" } }`
}

function pipeline(name: string, inputOf: (index: number) => string | undefined): string {
  const lines = Array.from({ length: steps }, (_, index) => step(index, inputOf(index)))
  return `name: ${name}\n${parameters}\nsteps:\n${lines.join('\n')}\n`
}

const shapes = {
  chain: (index: number) => (index === 0 ? undefined : `s${index - 1}`),
  'fan-out': (index: number) => (index === 0 ? undefined : 's0'),
}

/** Milliseconds a step of one whole run, from the request to its end. */
async function measure(bench: Workbench, name: string, round: number): Promise<number> {
  const started = performance.now()
  const run = await bench.run(name, { round: `${name} ${round}` })
  const elapsedMs = performance.now() - started
  if (run.status !== 'succeeded' || run.steps.some((one) => one.cached)) throw new Error(`the run ${run.status}`)
  return elapsedMs / steps
}

/** The home lies beside this file rather than in a temporary folder, which may be in memory: syncing must be real. */
const folder = fileURLToPath(new URL('../node_modules/.cache/', import.meta.url))

/** Milliseconds to store one small file as a step does, synced and renamed, with nothing around it. */
async function measureStoredFile(path: string): Promise<number> {
  mkdirSync(path)
  const times: number[] = []
  for (let index = 0; index < storedFiles; index++) {
    const file = join(path, 'file')
    const started = performance.now()
    writeFileSync(file, `stored alone ${index}`)
    await storeFile(join(path, 'stored-alone'), file)
    times.push(performance.now() - started)
  }
  return median(times)
}

export async function benchStepOverhead(): Promise<BenchResult[]> {
  mkdirSync(folder, { recursive: true })
  const bench = await openWorkbench({ folder })
  const results: BenchResult[] = []
  try {
    for (const [name, inputOf] of Object.entries(shapes)) {
      bench.write(`pipelines/${name}.yaml`, pipeline(name, inputOf))
      const times: number[] = []
      const alone: number[] = []
      for (let round = 0; round < rounds; round++) {
        alone.push(await measureStoredFile(join(bench.path, `${name}-${round}`)))
        times.push(await measure(bench, name, round))
      }
      const [value, reference] = [median(times), median(alone)]
      results.push({
        name: `step-overhead ${name}`,
        value,
        unit: 'ms a step',
        reference: `its synced file alone: ${reference.toFixed(2)} ms (published: Windmill 52, Prefect 120, Airflow 2,900 ms)`,
        ratio: value / reference,
        bar: `median ≤ ${barMs} ms a step`,
        holds: value <= barMs,
      })
    }
  } finally {
    await bench.stop()
    removeWorkbench(bench.path)
  }
  return results
}

if (import.meta.main) report(await benchStepOverhead())
