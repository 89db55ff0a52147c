/**
 * A run as OpenLineage events (https://openlineage.io): START and the end of the run, and of each step with the run as its
 * parent. Artifacts are datasets named after the step that gave them, with their hash as version. Pure.
 */
import { createHash } from 'node:crypto'
import { type OpenLineageEvent, type OpenLineageFacet, openLineageSchemaUrl } from '#shared/openlineage.ts'
import type { RunRecord } from '#shared/run-record.ts'
import type { Json, Run, RunStatus, StepExecution, StepStatus } from '#shared/runs.ts'
import { esteiraVersion } from '../../kernel/version.ts'

const producer = `urn:esteira:${esteiraVersion}`
const spec = 'https://openlineage.io/spec'
const schemas = {
  parent: `${spec}/1-0-1/ParentRunFacet.json#/$defs/ParentRunFacet`,
  errorMessage: `${spec}/facets/1-0-0/ErrorMessageRunFacet.json#/$defs/ErrorMessageRunFacet`,
  processing_engine: `${spec}/facets/1-1-0/ProcessingEngineRunFacet.json#/$defs/ProcessingEngineRunFacet`,
  jobRunParameters: `${spec}/facets/1-0-0/JobRunParametersFacet.json#/$defs/JobRunParametersFacet`,
  jobType: `${spec}/facets/2-0-4/JobTypeJobFacet.json#/$defs/JobTypeJobFacet`,
  version: `${spec}/facets/1-0-0/DatasetVersionDatasetFacet.json#/$defs/DatasetVersionDatasetFacet`,
  outputStatistics: `${spec}/1-0-1/OutputStatisticsOutputDatasetFacet.json#/$defs/OutputStatisticsOutputDatasetFacet`,
  esteira: 'urn:esteira:facet:run:1',
} as const

type EndType = 'COMPLETE' | 'ABORT' | 'FAIL'
type Input = OpenLineageEvent['inputs'][number]
type Output = OpenLineageEvent['outputs'][number]

/** @param record of the same run */
export function openLineageEvents(run: Run, record: RunRecord): OpenLineageEvent[] {
  const writer = new EventWriter(run, record)
  return [...writer.runStart(), ...run.steps.flatMap((step) => writer.step(step)), ...writer.runEnd()]
}

class EventWriter {
  readonly #run: Run
  readonly #record: RunRecord
  readonly #namespace: string
  readonly #parent: OpenLineageEvent['run']
  /** The name that an artifact has as a dataset. */
  readonly #nameOf: ReadonlyMap<string, string>

  constructor(run: Run, record: RunRecord) {
    this.#run = run
    this.#record = record
    this.#namespace = `esteira:${run.projectId}`
    this.#parent = { runId: uuidOf(run.id), facets: runFacets(run, record) }
    this.#nameOf = new Map(
      run.steps.flatMap(({ name, outputs }) =>
        Object.entries(outputs).map(([output, hash]) => [hash, `${run.pipeline}.${name}.${output}`]),
      ),
    )
  }

  runStart(): OpenLineageEvent[] {
    const { startedAt } = this.#run
    if (startedAt === null) return []
    return [this.#event('START', startedAt, this.#parent, this.#run.pipeline, 'DAG', [], [])]
  }

  runEnd(): OpenLineageEvent[] {
    const { finishedAt, status, pipeline, steps } = this.#run
    const type = endOfRun(status)
    if (finishedAt === null || type === undefined) return []
    const run = { ...this.#parent, facets: { ...this.#parent.facets, ...errorFacet(this.#run.error?.detail) } }
    const read = new Map(steps.flatMap((step) => this.#datasets(step)).map((input) => [input.name, input]))
    const written = steps.flatMap((step) => this.#outputs(step))
    return [this.#event(type, finishedAt, run, pipeline, 'DAG', [...read.values()], written)]
  }

  step(step: StepExecution): OpenLineageEvent[] {
    const type = endOfStep(step.status)
    if (step.startedAt === null) return []
    const parent = facet('parent', {
      run: { runId: this.#parent.runId },
      job: { namespace: this.#namespace, name: this.#run.pipeline },
    })
    const esteira = facet('esteira', {
      component: step.component,
      componentVersion: step.componentVersion ?? null,
      cached: step.cached,
      attempt: step.attempt,
    })
    const runId = uuidOf(`${this.#run.id}/${step.name}`)
    const name = `${this.#run.pipeline}.${step.name}`
    const inputs = [...this.#datasets(step), ...this.#inputs(step)]
    const start = this.#event('START', step.startedAt, { runId, facets: { parent, esteira } }, name, 'TASK', inputs, [])
    if (type === undefined || step.finishedAt === null) return [start]
    const facets = { parent, esteira, ...errorFacet(step.error?.detail) }
    return [start, this.#event(type, step.finishedAt, { runId, facets }, name, 'TASK', inputs, this.#outputs(step))]
  }

  #event(
    eventType: OpenLineageEvent['eventType'],
    at: number,
    run: OpenLineageEvent['run'],
    name: string,
    jobType: 'DAG' | 'TASK',
    inputs: Input[],
    outputs: Output[],
  ): OpenLineageEvent {
    const jobFacet = facet('jobType', { processingType: 'BATCH', integration: 'ESTEIRA', jobType })
    return {
      eventType,
      eventTime: new Date(at).toISOString(),
      producer,
      schemaURL: openLineageSchemaUrl,
      run,
      job: { namespace: this.#namespace, name, facets: { jobType: jobFacet } },
      inputs,
      outputs,
    }
  }

  /** The datasets and feature views that a step names, with the hash of the files that it read as version. */
  #datasets({ name: step }: StepExecution): Input[] {
    const files = this.#record.sources.filter((source) => source.step === step)
    const version =
      files.length === 0 ? undefined : sha256(files.map(({ path, sha256: of }) => `${path} ${of}\n`).join(''))
    return this.#record.references
      .filter((reference) => reference.step === step && reference.kind !== 'model')
      .map(({ name }) => this.#dataset(name, version))
  }

  #inputs({ inputs }: StepExecution): Input[] {
    return Object.values(inputs)
      .flat()
      .map((hash) => this.#dataset(this.#nameOf.get(hash) ?? `artifact.${hash}`, hash))
  }

  #outputs({ name: step, outputs, values }: StepExecution): Output[] {
    return Object.entries(outputs).map(([output, hash]) => {
      const artifact = this.#record.artifacts.find((each) => each.step === step && each.output === output)
      const rows = typeof values.rows === 'number' ? values.rows : undefined
      const statistics =
        rows === undefined ? undefined : facet('outputStatistics', { rowCount: rows, size: artifact?.bytes ?? 0 })
      return {
        ...this.#dataset(`${this.#run.pipeline}.${step}.${output}`, hash),
        ...(statistics !== undefined && { outputFacets: { outputStatistics: statistics } }),
      }
    })
  }

  #dataset(name: string, version: string | undefined): Input {
    const facets: Input['facets'] =
      version === undefined ? {} : { version: facet('version', { datasetVersion: version }) }
    return { namespace: this.#namespace, name, facets }
  }
}

function runFacets(run: Run, record: RunRecord): Record<string, OpenLineageFacet> {
  const { environment, git, pipeline, osUser, startedBy, seed, previousModels, reproduces } = record
  return {
    processing_engine: facet('processing_engine', { name: 'Esteira', version: environment?.esteira ?? esteiraVersion }),
    jobRunParameters: facet('jobRunParameters', {
      parameters: Object.entries(run.parameters).map(([key, value]) => ({ key, value })),
    }),
    esteira: facet('esteira', {
      runId: run.id,
      pipelineVersion: pipeline.version,
      planHash: pipeline.planHash,
      gitCommit: git?.commit ?? null,
      gitDirty: git?.dirty ?? null,
      startedBy,
      osUser,
      seed,
      environment,
      previousModels,
      reproduces,
    }),
  }
}

function facet(name: keyof typeof schemas, content: Record<string, Json>): OpenLineageFacet {
  return { _producer: producer, _schemaURL: schemas[name], ...content }
}

function errorFacet(detail: string | undefined): Record<string, OpenLineageFacet> {
  if (detail === undefined) return {}
  return { errorMessage: facet('errorMessage', { message: detail, programmingLanguage: 'TypeScript' }) }
}

function endOfRun(status: RunStatus): EndType | undefined {
  switch (status) {
    case 'succeeded':
      return 'COMPLETE'
    case 'failed':
      return 'FAIL'
    case 'cancelled':
      return 'ABORT'
    case 'queued':
    case 'running':
      return undefined
  }
}

/** A step that is skipped has found nothing to do: that is an end like any other. */
function endOfStep(status: StepStatus): EndType | undefined {
  switch (status) {
    case 'succeeded':
    case 'skipped':
      return 'COMPLETE'
    case 'failed':
      return 'FAIL'
    case 'cancelled':
      return 'ABORT'
    case 'waiting':
    case 'running':
      return undefined
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** OpenLineage asks for UUIDs: one of version 8, made from the id, so that the same run always has the same. */
function uuidOf(id: string): string {
  const hex = sha256(`esteira run ${id}`)
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16)
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join('-')
}
