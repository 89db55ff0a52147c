/**
 * The online store inside the inference server: one entity of 100,000 with 20 features, while another connection writes.
 * First each fill of a row by itself, then as the server's own histogram tells it under load over HTTP.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { materialize } from '../src/main/engine/features/online/materialize.ts'
import { OnlineReader } from '../src/main/engine/features/online/online-reader.ts'
import { OnlineStore } from '../src/main/engine/features/online/online-store.ts'
import { parseFeatureView } from '../src/main/engine/features/views.ts'
import { atOnce } from '../src/main/engine/kernel/turns.ts'
import { FeatureFiller } from '../src/main/engine/serving/feature-filler.ts'
import { InferenceServer } from '../src/main/engine/serving/inference-server.ts'
import { withTables } from '../src/main/engine/tables/duckdb.ts'
import { packageFiles, writePackage } from '../src/main/engine/training/package.ts'
import { fitPreparation, loadPreparedRows, prepareOptionsSchema } from '../src/main/engine/training/prepare.ts'
import { train } from '../src/main/engine/training/train.ts'
import { trainerOptionsSchema } from '../src/main/engine/training/trainers/index.ts'
import type { FeatureManifest, FeatureView } from '../src/shared/features.ts'
import type { Load, Measured } from './load-process.ts'
import { type BenchResult, report } from './result.ts'

const entities = 100_000
const featureNames = Array.from({ length: 20 }, (_, index) => `f${index}`)
const warmUpReads = 2_000
const reads = 50_000
const loadSeconds = 5
const connections = 16
const maxP99Ms = 1
const published = 'published: Feast with Redis, 4.6 ms tuned, 1.7 ms with pre-computed vectors'

interface Prepared {
  readonly folder: string
  readonly onlinePath: string
  readonly view: FeatureView
  readonly files: ReadonlyMap<string, string>
  readonly manifest: FeatureManifest
}

export async function benchOnlineRead(): Promise<BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'esteira-bench-'))
  try {
    const prepared = await prepare(folder)
    const alone = await timeFills(prepared)
    const served = await timeServed(prepared)
    return [
      result(
        'online-read',
        alone.p99Ms,
        `p50 ${alone.p50Ms.toFixed(3)} ms while another connection writes; ${published}`,
      ),
      result('online-read served', served.p99Ms, `upper bound of its bucket over ${served.reads} reads under load`),
    ]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function result(name: string, value: number, reference: string): BenchResult {
  const bar = `p99 at most ${maxP99Ms} ms`
  return { name, value, unit: 'ms', reference, ratio: null, bar, holds: value <= maxP99Ms }
}

/** The entities in an online store, and a model of their features. */
async function prepare(folder: string): Promise<Prepared> {
  const data = join(folder, 'readings.parquet')
  const columns = featureNames.map((name) => `random() as ${name}`)
  await withTables(async (tables) => {
    const sql = `select 'E' || i as device, timestamp '2026-01-01' as moment, random() > 0.5 as alarm, ${columns.join(', ')}
      from range(${entities}) as r(i)`
    await tables.writeParquet(sql, data)
  })
  const text = `name: readings\nentity: device\neventTime: moment\nquery: select * exclude (alarm) from readings\n`
  const parsed = parseFeatureView(text, 'features/readings.yaml')
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  const { view } = parsed
  const onlinePath = join(folder, 'online.db')
  const project = { id: 'bench', path: folder, datasets: { readings: { path: 'readings.parquet' } } }
  const signal = new AbortController().signal
  const now = Date.now()
  const options = { asOf: now, now, scratchPath: folder, signal, latenessMs: null, full: false }
  await materialize({ view, project, onlinePath, ...options })
  const manifest: FeatureManifest = {
    formatVersion: 1,
    features: featureNames.map((feature) => ({
      column: feature,
      view: view.name,
      viewVersion: view.version,
      feature,
      entity: [{ key: 'device', column: 'device' }],
      eventTime: null,
      ttlMs: null,
    })),
  }
  return { folder, onlinePath, view, files: await trainModel(folder, data, manifest), manifest }
}

async function trainModel(folder: string, data: string, manifest: FeatureManifest) {
  const path = (name: string) => join(folder, name)
  const training = join(folder, 'training.parquet')
  await withTables(async (tables) => {
    await tables.writeParquet(`select * exclude (device, moment) from '${data}' limit 2000`, training)
    const { preparation, signature } = await fitPreparation(
      tables,
      training,
      prepareOptionsSchema.parse({ target: 'alarm' }),
    )
    const rows = await loadPreparedRows(tables, training, preparation)
    const { model } = await train({
      preparation,
      signature,
      training: rows,
      validation: rows,
      options: trainerOptionsSchema.parse({ trainer: 'linear', epochs: 1 }),
      seed: 7,
      watch: { signal: new AbortController().signal, progress: () => {}, metric: () => {} },
    })
    await writePackage(model, path)
  })
  await writeFile(path('features.json'), JSON.stringify(manifest))
  const names = [packageFiles.manifest, packageFiles.preparation, packageFiles.network, packageFiles.weights]
  return new Map([...names, 'features.json'].map((name) => [name, path(name)]))
}

/** Each fill of one row: key, time, read, judgement, row; with a batch of 1,000 values written every 50 reads. */
async function timeFills({ onlinePath, view, manifest }: Prepared) {
  const online = OnlineReader.open(onlinePath)
  const store = OnlineStore.open(onlinePath)
  const inputs = featureNames.map((name) => ({ name, type: 'number', required: true }) as const)
  const signature = { inputs, target: 'alarm', task: 'binary', classes: ['false', 'true'] } as const
  const filler = new FeatureFiller({
    manifest,
    signature: { ...signature, inputs: [...inputs], classes: [...signature.classes] },
    online,
    projectId: 'bench',
  })
  const write = writer(store, view)
  const times: number[] = []
  for (let index = 0; index < warmUpReads + reads; index++) {
    if (index % 50 === 0) write(index)
    const row = { device: `E${(index * 7_919) % entities}` }
    const startedAt = performance.now()
    const { reads: found } = atOnce(filler.fill([row], Date.now()))
    const elapsedMs = performance.now() - startedAt
    if (found[0]?.[0]?.status !== 'fresh') throw new Error('A feature was not found.')
    if (index >= warmUpReads) times.push(elapsedMs)
  }
  store.close()
  online.close()
  times.sort((a, b) => a - b)
  return { p50Ms: quantile(times, 0.5), p99Ms: quantile(times, 0.99) }
}

function writer(store: OnlineStore, view: FeatureView) {
  const stored = store.find({ projectId: 'bench', view: view.name, version: view.version })
  const layoutId = store.layout(featureNames.map((name) => ({ name, type: 'number' })))
  return (round: number) => {
    const eventTime = Date.UTC(2026, 0, 2) + round
    const rows = Array.from({ length: 1_000 }, (_, index) => ({
      entity: JSON.stringify([`E${(round * 1_000 + index) % entities}`]),
      eventTime,
      knownAt: eventTime,
      values: featureNames.map(() => Math.random()),
    }))
    const target = { viewId: stored?.id ?? 0, layoutId, replace: false }
    store.write(target, rows, { sources: 'bench', asOf: eventTime, after: '' })
  }
}

async function timeServed({ folder, onlinePath, files }: Prepared) {
  const server = new InferenceServer({ features: { onlinePath, servedFeaturesPath: join(folder, 'served') } })
  const load = fork(new URL('./load-process.ts', import.meta.url))
  try {
    const { url } = await server.start({ port: 0 })
    await server.setRevision('alarms', { model: 'alarms', version: 1, files, projectId: 'bench' }, () => 1)
    const body = JSON.stringify({ rows: [{ device: 'E77' }] })
    await putLoad(load, { url: `${url}/models/alarms/predict`, body, connections, seconds: loadSeconds })
    return fromHistogram(await (await fetch(`${url}/metrics`)).text())
  } finally {
    load.kill()
    await server.close()
  }
}

async function putLoad(load: ChildProcess, request: Load): Promise<void> {
  load.send(request)
  const [measured]: Measured[] = await once(load, 'message')
  if (measured === undefined || measured.failed > 0) throw new Error(`${measured?.failed} requests failed.`)
}

function fromHistogram(metrics: string) {
  const lines = [...metrics.matchAll(/^esteira_online_features_read_seconds_bucket\{.*le="(.+)"\} (\d+)$/gm)]
  const buckets = lines.map(([, bound, count]) => ({
    ms: Number(bound?.replace('+Inf', 'Infinity')) * 1_000,
    count: Number(count),
  }))
  const total = buckets.at(-1)?.count ?? 0
  if (total === 0) throw new Error('The server counted no reads.')
  return { reads: total, p99Ms: buckets.find(({ count }) => count >= 0.99 * total)?.ms ?? Number.NaN }
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

if (import.meta.main) report(await benchOnlineRead())
