/**
 * The delay of the engine's event loop while the sample project trains: how late a timer fires in the thread that serves the
 * control API. The engine runs in this process; idle, the same engine is its own reference.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Engine } from '../src/main/engine/engine.ts'
import { resourcesPath } from '../src/main/engine/kernel/app-paths.ts'
import { createClient } from '../src/shared/client.ts'
import { type BenchResult, report } from './result.ts'

/** How often the monitor looks, which is part of what it reports. */
const resolutionMs = 5
const idleMs = 5_000
const maxDelayMs = 50

const cache = fileURLToPath(new URL('../node_modules/.cache/', import.meta.url))

export async function benchLoopDelay(): Promise<BenchResult[]> {
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'esteira-bench-'))
  const engine = await Engine.start({ home: join(folder, 'home'), port: 0, inferencePort: 0 })
  try {
    cpSync(join(resourcesPath, 'samples', 'flight-delay'), join(folder, 'flight-delay'), { recursive: true })
    const idle = await delayDuring(() => delay(idleMs))
    const seconds = { run: 0 }
    const training = await delayDuring(async () => {
      const started = performance.now()
      await runSample(engine, join(folder, 'flight-delay'))
      seconds.run = (performance.now() - started) / 1_000
    })
    return [
      {
        name: 'loop-delay',
        value: training.p99Ms,
        unit: `ms p99 over a run of ${seconds.run.toFixed(0)} s`,
        reference: `the same engine idle: ${idle.p99Ms.toFixed(1)} ms; longest in the run: ${training.maxMs.toFixed(0)} ms`,
        ratio: training.p99Ms / idle.p99Ms,
        bar: `p99 ≤ ${maxDelayMs} ms`,
        holds: training.p99Ms <= maxDelayMs,
      },
    ]
  } finally {
    await engine.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What the monitor saw, less its own interval. */
async function delayDuring(work: () => Promise<unknown>): Promise<{ p99Ms: number; maxMs: number }> {
  const monitor = monitorEventLoopDelay({ resolution: resolutionMs })
  monitor.enable()
  await work()
  monitor.disable()
  const afterInterval = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - resolutionMs)
  return { p99Ms: afterInterval(monitor.percentile(99)), maxMs: afterInterval(monitor.max) }
}

async function runSample(engine: Engine, path: string): Promise<void> {
  const client = createClient((address, init) =>
    fetch(engine.info().controlUrl + address, {
      ...init,
      headers: { ...init.headers, authorization: `Bearer ${engine.token}` },
    }),
  )
  const project = await client.call('addProject', { body: { path, trust: true } })
  const started = await client.call('startRun', {
    body: { projectId: project.id, pipeline: 'train', startedBy: 'benchmark' },
  })
  const run = await engine.runs.ended(started.id)
  if (run.status !== 'succeeded') throw new Error(`the run ${run.status}: ${run.error?.detail}`)
}

if (import.meta.main) report(await benchLoopDelay())
