/**
 * `npm run demo`: the main job on real data, in the terminal. A model is trained on the flights of January and February 2001
 * and answers over HTTP; then March arrives. Uses the control API as any other client does.
 */
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { formatTable } from '../src/main/engine/cli/output.ts'
import { Engine } from '../src/main/engine/engine.ts'
import { resourcesPath } from '../src/main/engine/kernel/app-paths.ts'
import { describeProblem, toProblem } from '../src/main/engine/kernel/errors.ts'
import { type ApiClient, createClient } from '../src/shared/client.ts'
import { driftReportSchema } from '../src/shared/drift.ts'
import { verdictSchema } from '../src/shared/gate.ts'
import type { ModelVersion } from '../src/shared/models.ts'
import { featureReadSchema } from '../src/shared/online.ts'
import type { Parameters, Run } from '../src/shared/runs.ts'

const samplePath = join(resourcesPath, 'samples', 'flight-delay')
const model = 'flight-delay'
/** The sample holds six months; the demo begins with two of them. */
const firstMonths = ['2001-01', '2001-02']
const newMonth = '2001-03'

/** Real flights of the new month, which the model has not seen: a late-evening one, an early one, and one to a new pair. */
const exampleRows = [
  { date: '2001-03-16T19:45:00', distance: 606, origin: 'ORD', destination: 'ATL' },
  { date: '2001-03-20T06:30:00', distance: 337, origin: 'LAX', destination: 'SFO' },
  { date: '2001-03-30T17:10:00', distance: 1846, origin: 'SFO', destination: 'ORD' },
]

const predictionSchema = z.object({
  prediction: z.boolean(),
  probability: z.number(),
  probabilities: z.record(z.string(), z.number()),
})
const predictAnswerSchema = z.object({ predictions: z.array(predictionSchema) })
const filledAnswerSchema = predictAnswerSchema.extend({ features: z.array(z.array(featureReadSchema)).default([]) })

const { values: options } = parseArgs({ options: { json: { type: 'boolean', default: false } } })

/** People read the progress on stdout; with --json it goes to stderr and the document alone to stdout. */
function say(text: string): void {
  const stream = options.json ? process.stderr : process.stdout
  stream.write(`${text}\n`)
}

async function demo(homePath: string): Promise<void> {
  const engine = await Engine.start({ home: homePath, port: 0, inferencePort: 0 })
  try {
    const story = new Story(engine)
    await story.trainOnFirstMonths()
    await story.askForPredictions()
    await story.watchNewMonth()
    await story.fillFromFeatureStore()
    await story.retrain()
    await story.conclude()
  } finally {
    await engine.stop()
  }
}

class Story {
  readonly #engine: Engine
  readonly #client: ApiClient
  readonly #projectPath: string
  readonly #runs: Run[] = []
  #projectId = ''
  #predictions: Record<string, unknown>[] = []

  constructor(engine: Engine) {
    const { controlUrl, home } = engine.info()
    this.#engine = engine
    this.#projectPath = join(home, 'flight-delay')
    this.#client = createClient((path, init) =>
      fetch(`${controlUrl}${path}`, { ...init, headers: { ...init.headers, authorization: `Bearer ${engine.token}` } }),
    )
  }

  async trainOnFirstMonths(): Promise<void> {
    say('1. A project with the flights of January and February 2001, and a model trained on them')
    this.#copySample()
    const project = await this.#client.call('addProject', { body: { path: this.#projectPath, trust: true } })
    this.#projectId = project.id
    await this.#run('train', { from: '2001-01-01', to: '2001-03-01' })
  }

  async askForPredictions(): Promise<void> {
    say('\n2. The deployed model answers over HTTP')
    const url = `${this.#engine.info().inferenceUrl}/models/${model}/predict`
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ rows: exampleRows }),
    })
    if (!response.ok) throw new Error(`the prediction was answered with ${response.status}: ${await response.text()}`)
    const { predictions } = predictAnswerSchema.parse(await response.json())
    this.#predictions = predictions.map((prediction, index) => ({ row: exampleRows[index], ...prediction }))
    say(`   POST ${url}`)
    for (const [index, row] of exampleRows.entries()) {
      const { prediction, probabilities } = predictions[index] ?? {}
      const share = `${((probabilities?.true ?? 0) * 100).toFixed(1)} %`
      say(
        `   ${row.date.replace('T', ' ')}  ${row.origin} → ${row.destination}  late: ${String(prediction)}, probability of being late ${share}`,
      )
    }
  }

  async watchNewMonth(): Promise<void> {
    say('\n3. March arrives: what it looks like, how far it has drifted, how the model in service does on it')
    this.#copyData([newMonth])
    await this.#run('watch', { from: '2001-03-01', to: '2001-04-01' })
  }

  async fillFromFeatureStore(): Promise<void> {
    const [row] = exampleRows
    say(
      '\n4. How late the airport runs is filled in from the feature store, as it was known a quarter of an hour before',
    )
    const params = { id: this.#projectId, name: 'origin-lateness' }
    const ask = async (what: string) => {
      const [predictions, reads] = await this.#askWithFeatures(row === undefined ? [] : [row])
      const { status, values } = reads[0]?.[0] ?? {}
      const share = `${((predictions[0]?.probabilities.true ?? 0) * 100).toFixed(1)} %`
      const late = values?.origin_late_share
      const filled = typeof late === 'number' ? `${(late * 100).toFixed(1)} %` : 'not known'
      say(
        `   ${what}: ${status ?? 'not asked for'}, late share at ${row?.origin} ${filled}; probability of being late ${share}`,
      )
    }
    await ask('before')
    const report = await this.#client.call('materializeFeatures', { params, body: { until: '2001-03-16T19:30:00Z' } })
    say(`   materialised ${report.entities} airports, as of 16 March, 19:30`)
    await ask('after ')
  }

  async #askWithFeatures(rows: readonly object[]) {
    const response = await fetch(`${this.#engine.info().inferenceUrl}/models/${model}/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ rows, showFeatures: true }),
    })
    if (!response.ok) throw new Error(`the prediction was answered with ${response.status}: ${await response.text()}`)
    const { predictions, features } = filledAnswerSchema.parse(await response.json())
    return [predictions, features] as const
  }

  async retrain(): Promise<void> {
    say('\n5. Retraining with March; the new model challenges the one in service on the same flights')
    await this.#run('train', { from: '2001-01-01', to: '2001-04-01' })
  }

  async conclude(): Promise<void> {
    const { items } = await this.#client.call('listModelVersions', { params: { name: model } })
    const versions = items.toReversed().map((version) => this.#describeVersion(version))
    const drift = await this.#readJson('watch', 'drift', 'drift.json', driftReportSchema)
    const verdict = await this.#readJson('train', 'gate', 'verdict.json', verdictSchema)
    const endpoint = await this.#client.call('getEndpoint', { params: { name: model } })
    const summary = {
      runs: this.#runs.map(({ id, pipeline, status, startedAt, finishedAt }) => ({
        id,
        pipeline,
        status,
        seconds: ((finishedAt ?? 0) - (startedAt ?? 0)) / 1_000,
      })),
      versions,
      drift: drift.results.map(({ feature, measure, value, threshold, drifted }) => ({
        feature,
        measure,
        value,
        threshold,
        drifted,
      })),
      decision: { promoted: verdict.blessed, reason: verdict.reason },
      predictions: this.#predictions,
      endpoint: { name: endpoint.name, version: endpoint.revision?.version ?? null, url: endpoint.url },
    }
    if (options.json) process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`)
    else printSummary(summary)
  }

  #copySample(): void {
    cpSync(samplePath, this.#projectPath, { recursive: true, filter: (source) => !source.endsWith('.parquet') })
    mkdirSync(join(this.#projectPath, 'data'), { recursive: true })
    this.#copyData(firstMonths)
  }

  /** The flights of these months, and the counts of departures that features are made of. */
  #copyData(months: readonly string[]): void {
    for (const file of readdirSync(join(samplePath, 'data'))) {
      if (!months.some((month) => file.includes(month))) continue
      copyFileSync(join(samplePath, 'data', file), join(this.#projectPath, 'data', file))
    }
  }

  async #run(pipeline: string, parameters: Parameters): Promise<void> {
    const unsubscribe = showProgress(this.#engine)
    try {
      const { id } = await this.#client.call('startRun', {
        body: { projectId: this.#projectId, pipeline, parameters, startedBy: 'demo' },
      })
      await this.#engine.runs.ended(id)
      const run = await this.#client.call('getRun', { params: { id } })
      this.#runs.push(run)
      if (run.status === 'succeeded') return
      throw new Error(
        `the run of ${pipeline} ${run.status}${run.error === null ? '' : `: ${describeProblem(run.error)}`}`,
      )
    } finally {
      unsubscribe()
    }
  }

  /**
   * Both versions are judged on March: the first on all of it, by the run that watched it arrive; the second on the part
   * of March that it was not trained on.
   */
  #describeVersion({ version, aliases, metrics, runId }: ModelVersion) {
    const watched = this.#runs.find((run) => run.pipeline === 'watch')
    const scoredOnMarch = version === 1 && watched !== undefined
    const seen = scoredOnMarch ? watched : this.#runs.find((run) => run.id === runId)
    return {
      model,
      version,
      aliases,
      metrics: scoredOnMarch ? watched.metrics : metrics,
      scoredOn: scoredOnMarch ? 'all of March 2001' : 'held-out flights of March 2001',
      runId: seen?.id ?? runId,
    }
  }

  async #readJson<Schema extends z.ZodType>(pipeline: string, step: string, file: string, schema: Schema) {
    const run = this.#runs.findLast((candidate) => candidate.pipeline === pipeline)
    const outputs = run?.steps.find((candidate) => candidate.name === step)?.outputs ?? {}
    const [hash = ''] = Object.values(outputs)
    return schema.parse(await this.#client.call('getArtifactJson', { params: { hash, file } }))
  }
}

/** Prints each step as it ends, and on a terminal the progress of the one under way. */
function showProgress(engine: Engine): () => void {
  const live = !options.json && process.stdout.isTTY === true
  const clear = live ? '\r\u001b[K' : ''
  return engine.events.subscribe((event) => {
    if (event.type !== 'step-changed') return
    const { name, status, startedAt, finishedAt, progress, progressMessage, reason, cached } = event.step
    if (status === 'running') {
      if (live && progress !== null) {
        process.stdout.write(
          `${clear}   … ${name.padEnd(10)} ${Math.round(progress * 100)} %  ${progressMessage ?? ''}`,
        )
      }
      return
    }
    if (status === 'waiting') return
    const seconds = startedAt === null || finishedAt === null ? 0 : (finishedAt - startedAt) / 1_000
    const mark = status === 'succeeded' ? '✓' : status === 'skipped' ? '–' : '✗'
    const note = cached ? '  unchanged, taken from the cache' : reason === null ? '' : `  ${reason}`
    say(`${clear}   ${mark} ${name.padEnd(10)} ${seconds.toFixed(1).padStart(5)} s${note}`)
  })
}

interface Summary {
  readonly runs: readonly { id: string; pipeline: string; status: string; seconds: number }[]
  readonly versions: readonly {
    version: number
    aliases: string[]
    metrics: Record<string, number>
    scoredOn: string
  }[]
  readonly drift: readonly {
    feature: string
    measure: string
    value: number | null
    threshold: number
    drifted: boolean
  }[]
  readonly decision: { promoted: boolean; reason: string }
  readonly endpoint: { name: string; version: number | null; url: string | null }
}

function printSummary({ runs, versions, drift, decision, endpoint }: Summary): void {
  say('\nRuns')
  say(
    formatTable(
      ['run', 'pipeline', 'status', 'seconds'],
      runs.map((run) => [run.id, run.pipeline, run.status, run.seconds.toFixed(1)]),
    ),
  )
  say('\nVersions')
  const metricNames = ['auc', 'accuracy', 'f1', 'logLoss', 'brier']
  say(
    formatTable(
      ['version', 'aliases', ...metricNames, 'scored on'],
      versions.map(({ version, aliases, metrics, scoredOn }) => [
        String(version),
        aliases.join(', '),
        ...metricNames.map((name) => metrics[name]?.toFixed(4) ?? ''),
        scoredOn,
      ]),
    ),
  )
  say('\nDrift of March against the training data')
  say(
    formatTable(
      ['feature', 'measure', 'value', 'threshold', 'drifted'],
      drift.map((row) => [
        row.feature,
        row.measure,
        row.value?.toFixed(4) ?? '',
        String(row.threshold),
        row.drifted ? 'yes' : 'no',
      ]),
    ),
  )
  say(`\nDecision: ${decision.promoted ? 'promoted' : 'rejected'}. ${decision.reason}`)
  say(`Serving now: ${endpoint.name}, version ${endpoint.version}`)
}

const homePath = mkdtempSync(join(tmpdir(), 'esteira-demo-'))
try {
  await demo(homePath)
} catch (error) {
  process.stderr.write(`${describeProblem(toProblem(error))}\n`)
  process.exitCode = 1
} finally {
  rmSync(homePath, { recursive: true, force: true })
}
