/**
 * All drift measures of inputs and predictions over 1,000,000 logged requests of one week, none of which a look knew before:
 * the look that monitors make, from the request log to the stored reading, and how long the event loop of the engine waits
 * meanwhile. The reference is DuckDB's own SUMMARIZE of the same rows.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { computeStatistics } from '../src/main/engine/data/statistics.ts'
import { EventBus } from '../src/main/engine/kernel/events.ts'
import { silentLogger } from '../src/main/engine/kernel/logger.ts'
import { createMonitors } from '../src/main/engine/monitoring/monitoring-parts.ts'
import { addProjects } from '../src/main/engine/registry/testing.ts'
import { requestFolder } from '../src/main/engine/serving/request-log/segments.ts'
import { openTestEngine } from '../src/main/engine/serving/testing-engine.ts'
import { parquetSource, quoteText, withTables } from '../src/main/engine/tables/duckdb.ts'
import { writePredictions } from '../src/main/engine/training/predictions-file.ts'
import type { Endpoint, ModelVersion, Signature } from '../src/shared/models.ts'
import { type BenchResult, median, report } from './result.ts'

const flights = fileURLToPath(new URL('../node_modules/vega-datasets/data/flights-3m.parquet', import.meta.url))
const logged = 1_000_000
const segments = 7
const maxSeconds = 5
const maxDelayMs = 50
/** How often the loop is looked at, which is part of what the monitor reports. */
const resolutionMs = 5
const rounds = 3
const dayMs = 86_400_000
/** A Monday. */
const start = Date.parse('2021-03-01T00:00:00Z')
const end = start + segments * dayMs

const signature: Signature = {
  inputs: [
    { name: 'date', type: 'timestamp', required: true },
    { name: 'distance', type: 'integer', required: true },
    { name: 'origin', type: 'text', required: true },
    { name: 'destination', type: 'text', required: true },
    { name: 'delay', type: 'number', required: false },
  ],
  target: 'late',
  task: 'binary',
  classes: ['false', 'true'],
}
const monitor = `name: drift
endpoint: flights
window: 7d
checks:
  inputs: { kind: drift, warning: { above: 0.1 } }
  predictions: { kind: prediction-drift, warning: { above: 0.1 } }
`
/** Late flights with a higher score, by chance as the row number says. */
const score = '((((rank * 7919) % 1000) / 1000.0) * 0.7 + case when delay > 15 then 0.3 else 0 end)'
const numbered = `(select *, row_number() over () as rank from ${parquetSource(flights)})`

/** One Parquet segment a day, as the log is compacted. Returns the SQL over the inputs and predictions of all. */
async function writeLog(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  const served = { revision: 1, model: 'flights', version: 1, projectId: 'p1', signature, redacted: [] }
  await writeFile(join(folder, 'r1.json'), JSON.stringify(served))
  const files: string[] = []
  await withTables(async (tables) => {
    for (let segment = 0; segment < segments; segment++) {
      const rows = Math.floor(logged / segments) + (segment < logged % segments ? 1 : 0)
      const begun = start + segment * dayMs
      const path = join(folder, `${begun}-${segment}.r1.${begun + dayMs - 1}.parquet`)
      files.push(path)
      await tables.writeParquet(
        `select 'request-' || rank as id, 0 as "row", epoch_ms(${begun} + ((rank * 86400000) // ${3_000_000 + 1}) % 86400000) as "at",
          1::INTEGER as revision, 'flights' as model, 1::INTEGER as version, 'answered' as role, null::VARCHAR as arm,
          null::VARCHAR as "key", (rank % 50)::DOUBLE as latency_ms, case when ${score} >= 0.5 then 'true' else 'false' end as prediction,
          greatest(${score}, 1 - ${score})::DOUBLE as probability, [1 - ${score}, ${score}]::DOUBLE[] as probabilities,
          date::TIMESTAMP as input_date, distance::DOUBLE as input_distance, origin as input_origin,
          destination as input_destination, delay::DOUBLE as input_delay, null::JSON as features
        from ${numbered} where rank % ${segments} = ${segment} limit ${rows}`,
        path,
      )
    }
  })
  return `select score: probabilities[2], columns('input_.*') from read_parquet([${files.map(quoteText).join(', ')}])`
}

/** A version that was trained and evaluated on flights that are not in the log. */
async function writeVersion(folder: string) {
  const file = (name: string) => join(folder, name)
  const rows = `select date, distance::BIGINT as distance, origin, destination, delay::DOUBLE as delay, delay > 15 as late
    from ${numbered} where rank > 2500000 limit 200000`
  const probabilities = await withTables(async (tables) => {
    await writeFile(file('training-statistics.json'), JSON.stringify(await computeStatistics(tables, rows)))
    const { columns } = await tables.columns(`select ${score}::DOUBLE as score from ${numbered} where rank > 2900000`)
    const scores = columns.get('score')
    return scores?.kind === 'numeric' ? Float64Array.from(scores.values.slice(0, 50_000)) : new Float64Array()
  })
  const both = Float64Array.from({ length: probabilities.length * 2 }, (_, index) => {
    const positive = probabilities[Math.floor(index / 2)] ?? 0
    return index % 2 === 1 ? positive : 1 - positive
  })
  const { classes, target, task } = signature
  await writePredictions(file('predictions.f64'), { kind: 'probabilities', classes, probabilities: both })
  const evaluation = { task, target, classes, rows: probabilities.length, metrics: {}, slices: [] }
  await writeFile(file('evaluation.json'), JSON.stringify(evaluation))
  return {
    package: new Map([['training-statistics.json', file('training-statistics.json')]]),
    evaluation: new Map(['evaluation.json', 'predictions.f64'].map((name) => [name, file(name)])),
  }
}

async function summarizeMs(sql: string): Promise<number> {
  return await withTables(async (tables) => {
    const started = performance.now()
    await tables.run(`create temp table summary as select * from (summarize ${sql})`)
    return performance.now() - started
  })
}

export async function benchDriftReport(): Promise<BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'esteira-bench-'))
  const engine = openTestEngine(join(folder, 'home'))
  try {
    addProjects(engine.store, ['p1'])
    const requestsPath = join(folder, 'requests')
    const sql = await writeLog(requestFolder(requestsPath, 'flights'))
    const files = await writeVersion(folder)
    await mkdir(join(folder, 'monitors'))
    await writeFile(join(folder, 'monitors', 'drift.yaml'), monitor)
    const version: ModelVersion = {
      ...{ model: 'flights', version: 1, createdAt: start, projectId: 'p1', runId: 'r', step: 's', aliases: [] },
      ...{ artifactHash: 'package', signature, metrics: {} },
    }
    const revision = { id: 'r', endpoint: 'flights', number: 1, model: 'flights', version: 1, actor: '', reason: '' }
    const endpoint: Endpoint = {
      ...{ name: 'flights', projectId: 'p1', createdAt: start, state: 'ready', url: null },
      revision: { ...revision, createdAt: start },
    }
    const project = { id: 'p1', name: 'p', description: '', path: folder, trusted: true, addedAt: 0, available: true }
    const monitors = createMonitors(
      { requestsPath, workPath: join(folder, 'work') },
      {
        store: engine.store,
        endpoints: { find: () => endpoint, list: () => [endpoint] },
        registry: { getVersion: () => version },
        artifacts: { files: async (hash) => (hash === 'package' ? files.package : files.evaluation) },
        evaluationOf: async () => ({ artifactHash: 'evaluation', importance: null }),
        projects: {
          list: async () => [],
          get: async () => ({ ...project, pipelines: [], datasets: [] }),
          folder: () => folder,
        },
        requests: {
          scoreWindow: () => Promise.reject(new Error('no label is asked for')),
          performance: () => Promise.reject(new Error('no label is asked for')),
        },
        alerts: { observe: () => () => undefined, forgetGone: () => undefined },
        events: new EventBus(() => undefined),
        clock: () => end,
        logger: silentLogger,
      },
    )
    const looks: number[] = []
    const summaries: number[] = []
    // Every round reads all rows again: hours are kept only ten minutes after their end, and these are forgotten.
    const delay = monitorEventLoopDelay({ resolution: resolutionMs })
    for (let round = 0; round < rounds; round++) {
      engine.store.run('DELETE FROM request_sketch')
      delay.enable()
      const started = performance.now()
      const readings = await monitors.check('p1', 'drift', new AbortController().signal)
      looks.push(performance.now() - started)
      delay.disable()
      for (const { rows, value } of readings) {
        if (rows !== logged || value === null) throw new Error(`a reading rests on ${rows} rows`)
      }
      summaries.push(await summarizeMs(sql))
    }
    const warm = performance.now()
    await monitors.check('p1', 'drift', new AbortController().signal)
    const warmMs = performance.now() - warm
    await monitors.stop()
    const seconds = median(looks) / 1_000
    const reference = median(summaries) / 1_000
    const delayMs = Math.max(0, delay.percentile(99) / 1e6 - resolutionMs)
    return [
      {
        name: 'drift-report',
        value: seconds,
        unit: 's',
        reference: `DuckDB SUMMARIZE of the same rows ${reference.toFixed(2)} s; again from sketches ${(warmMs / 1_000).toFixed(2)} s`,
        ratio: seconds / reference,
        bar: `≤ ${maxSeconds} s`,
        holds: seconds <= maxSeconds,
      },
      {
        name: 'drift-report loop-delay',
        value: delayMs,
        unit: 'ms',
        reference: 'p99 of the event loop of the engine meanwhile',
        ratio: null,
        bar: `≤ ${maxDelayMs} ms`,
        holds: delayMs <= maxDelayMs,
      },
    ]
  } finally {
    await engine.close()
    await rm(folder, { recursive: true, force: true })
  }
}

if (import.meta.main) report(await benchDriftReport())
