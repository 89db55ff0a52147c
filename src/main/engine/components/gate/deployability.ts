/** Loads the candidate into a server of its own, asks it for rows of the evaluation, and looks at what callers send today. */
import { readFile } from 'node:fs/promises'
import { durationMs } from '#shared/durations.ts'
import { type FeatureManifest, featureManifestFile, featureManifestSchema } from '#shared/features.ts'
import type { DeploymentFigures, GateCheck } from '#shared/gate.ts'
import { modelManifestSchema, type Signature } from '#shared/models.ts'
import type { InputArtifact } from '../../pipelines/component.ts'
import { callerInputs, inputChanges } from '../../serving/caller-inputs.ts'
import { type TrialResult, tryServing } from '../../serving/trial.ts'
import type { ColumnBatch } from '../../tables/columns.ts'
import { withTables } from '../../tables/duckdb.ts'
import { selectRows } from '../../training/evaluate.ts'
import type { Answers } from '../../training/gate/answers.ts'
import { deploymentChecks } from '../../training/gate/deployment-check.ts'
import { packageFiles } from '../../training/package.ts'
import { loadRawRows } from '../../training/prepare.ts'
import { rowsOfBatch } from '../../training/rows-of-batch.ts'
import { readJsonFile } from '../artifact-files.ts'
import type { DeploymentOptions } from './options.ts'
import type { GateContext, JudgedRows } from './rows.ts'

export interface Deployability {
  readonly checks: readonly GateCheck[]
  readonly figures: DeploymentFigures
}

export async function deployability(
  context: GateContext,
  options: DeploymentOptions,
  judged: JudgedRows,
): Promise<Deployability> {
  const model = context.input('model')
  const { signature } = await readJsonFile(model, packageFiles.manifest, modelManifestSchema)
  context.progress(0.7, 'loading the model into the inference server')
  const asked = options.mode === 'load' ? noRows : await rowsToAsk(context, signature, judged, options.rows)
  const trial = await tryServing({
    source: { model: 'candidate', version: 1, files: model.files },
    signature,
    ...asked,
    timeoutMs: durationMs(options.timeout) ?? 0,
    tries: options.tries,
    signal: context.signal,
  })
  const before = trial.problem === null ? await context.services.measuredBefore() : undefined
  const callers = await todaysCallers(context, options, model, signature)
  const figures = { ...figuresOf(options, trial), ...before, ...callers }
  const checks = deploymentChecks(figures, {
    tolerance: options.tolerance,
    maxLatencyMs: options.maxLatency === undefined ? null : (durationMs(options.maxLatency) ?? null),
    maxMemoryBytes: options.maxMemoryMb === undefined ? null : options.maxMemoryMb * 1024 * 1024,
    newInputs: options.newInputs,
  })
  return { checks, figures }
}

const noRows = { rows: [], expected: [] }

/** Spread evenly over the rows of the evaluation; those without an input that a request must have cannot be asked. */
async function rowsToAsk(
  { signal, scratchPath }: GateContext,
  signature: Signature,
  judged: JudgedRows,
  wanted: number,
) {
  const { batch } = await withTables((tables) => loadRawRows(tables, judged.path, signature, []), {
    signal,
    tempPath: scratchPath,
  })
  const known = selectRows(batch, judged.rows)
  const complete = completeRows(known, signature)
  const count = Math.min(wanted, complete.length)
  const chosen = Uint32Array.from(
    { length: count },
    (_, index) => complete[Math.floor((index * complete.length) / count)] ?? 0,
  )
  return {
    rows: rowsOfBatch(signature, selectRows(known, chosen)),
    expected: Array.from(chosen, (row) => outputsOf(judged.candidate, row)),
  }
}

function completeRows({ length, columns }: ColumnBatch, { inputs }: Signature): number[] {
  const required = inputs.filter((input) => input.required).flatMap(({ name }) => columns.get(name) ?? [])
  const rows = Array.from({ length }, (_, row) => row)
  return rows.filter((row) => required.every(({ values }) => values[row] !== null && !Number.isNaN(values[row])))
}

function outputsOf(answers: Answers, row: number): number[] {
  switch (answers.kind) {
    case 'values':
      return [answers.values[row] ?? Number.NaN]
    case 'scores':
      return [answers.scores[row] ?? Number.NaN]
    case 'probabilities': {
      const width = answers.classes.length
      return [...answers.probabilities.subarray(row * width, (row + 1) * width)]
    }
  }
}

function figuresOf({ mode }: DeploymentOptions, trial: TrialResult): Omit<DeploymentFigures, keyof TodaysCallers> {
  const sorted = [...trial.latenciesMs].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
  return {
    mode,
    tries: trial.tries,
    loadMs: trial.loadMs,
    requests: sorted.length,
    latencyMs: sorted.length === 0 ? null : { p50: at(0.5), p95: at(0.95), max: at(1) },
    memoryBytes: trial.memoryBytes,
    maxDifference: Number.isNaN(trial.maxDifference) ? Number.MAX_VALUE : trial.maxDifference,
    problem: trial.problem,
  }
}

type TodaysCallers = Pick<DeploymentFigures, 'endpoint' | 'newInputs' | 'removedInputs'>

async function todaysCallers(
  { services }: GateContext,
  { endpoint }: DeploymentOptions,
  model: InputArtifact,
  signature: Signature,
): Promise<TodaysCallers> {
  const today = endpoint === undefined ? undefined : await services.answering({ endpoint })
  if (endpoint === undefined || today === undefined) return { endpoint: null, newInputs: [], removedInputs: [] }
  const { version, files } = today
  const changes = inputChanges(
    callerInputs(version.signature, await readFeatureManifest(files)),
    callerInputs(signature, await readFeatureManifest(model.files)),
  )
  return {
    endpoint: { name: endpoint, model: version.model, version: version.version },
    newInputs: [...changes.newInputs],
    removedInputs: [...changes.removedInputs],
  }
}

async function readFeatureManifest(files: ReadonlyMap<string, string>): Promise<FeatureManifest | undefined> {
  const path = files.get(featureManifestFile)
  return path === undefined ? undefined : featureManifestSchema.parse(JSON.parse(await readFile(path, 'utf8')))
}
