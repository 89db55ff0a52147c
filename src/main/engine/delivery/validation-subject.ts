/** What is checked against a schema: a dataset as it is now, or the data that a step of a run was given. */
import { readFile } from 'node:fs/promises'
import type { ValidationSubject } from '#shared/data.ts'
import { type Statistics, statisticsSchema } from '#shared/statistics.ts'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import type { RowSource } from '../data/explorer-tasks.ts'
import { EsteiraError } from '../kernel/errors.ts'
import type { Runs } from '../pipelines/runs.ts'
import { type Datasets, nearestOf } from './datasets.ts'

export interface StepRecords {
  readonly runs: Pick<Runs, 'get' | 'plan'>
  readonly artifacts: Pick<ArtifactStore, 'files'>
}

export interface CheckedData {
  /** `dataset flights`, `step check of run …`. */
  readonly words: string
  readonly statistics: Statistics
  /** Where the rows are; null where they are not known. */
  readonly source: RowSource | null
  readonly schemaFile: string | null
  /** Undefined: the first that the schema knows. */
  readonly environment: string | undefined
  /** What it is compared with. */
  readonly previous?: Statistics | undefined
  readonly counterpart?: Statistics | undefined
  /** When freshness is judged, where that is not now. */
  readonly atMs?: number | undefined
  readonly timeColumn?: string | undefined
  /** Of which the step is one. */
  readonly pipeline?: string | undefined
}

export async function datasetToCheck(
  datasets: Datasets,
  projectId: string,
  dataset: string,
  signal: AbortSignal,
): Promise<CheckedData> {
  const source = await datasets.dataset(projectId, dataset)
  return {
    words: `dataset ${dataset}`,
    statistics: await datasets.statistics(projectId, dataset, signal),
    source,
    timeColumn: source.spec.time,
    schemaFile: await datasets.schemaFile(projectId, dataset),
    environment: undefined,
  }
}

/**
 * @throws EsteiraError `run-not-found`, `not-found` for a step that is not there, `invalid-usage` for one of another
 *   component, `conflict` where its input is not made yet
 */
export async function stepToCheck(
  { runs, artifacts }: StepRecords,
  datasets: Datasets,
  projectId: string,
  { runId, step: name }: Extract<ValidationSubject, { kind: 'step' }>,
): Promise<CheckedData> {
  const run = runs.get(runId)
  if (run.projectId !== projectId) {
    throw new EsteiraError('run-not-found', `The project has no run "${runId}".`, { where: projectId, found: runId })
  }
  const { steps } = runs.plan(runId)
  const step = steps.find((one) => one.name === name)
  if (step === undefined) throw unknownStep(name, runId, steps)
  if (step.component !== 'data/validate') throw otherComponent(name, step.component)
  const outputOf = (edge: { step: string; output: string } | undefined) =>
    run.steps.find((one) => one.name === edge?.step)?.outputs[edge?.output ?? '']
  const [edge] = step.inputs.statistics ?? []
  const made = outputOf(edge)
  if (made === undefined) throw notMade(name, edge?.step)
  const table = outputOf(step.inputs.data?.[0] ?? steps.find((one) => one.name === edge?.step)?.inputs.data?.[0])
  const reference = async (input: string) => {
    const hash = outputOf(step.inputs[input]?.[0])
    return hash === undefined ? undefined : await storedStatistics(artifacts, hash)
  }
  const { schema, environment, at } = step.options
  return {
    words: `step ${name} of run ${runId}`,
    statistics: await storedStatistics(artifacts, made),
    source: table === undefined ? null : { parquet: datasets.parquetFile(table, 'data.parquet') },
    schemaFile: typeof schema === 'string' ? schema : null,
    environment: typeof environment === 'string' ? environment : undefined,
    previous: await reference('previous'),
    counterpart: await reference('counterpart'),
    // The data of a run is as fresh as it was then.
    atMs: typeof at === 'string' ? Date.parse(at) : (run.startedAt ?? run.createdAt),
    pipeline: run.pipeline,
  }
}

async function storedStatistics(artifacts: StepRecords['artifacts'], hash: string): Promise<Statistics> {
  const path = (await artifacts.files(hash)).get('statistics.json')
  if (path !== undefined) return statisticsSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  throw new EsteiraError('artifact-corrupt', 'The artifact holds no statistics.', { where: hash })
}

function unknownStep(name: string, runId: string, steps: readonly { name: string }[]): EsteiraError {
  const known = steps.map((step) => step.name)
  return new EsteiraError('not-found', `The run has no step "${name}".`, {
    where: runId,
    found: name,
    allowed: known.join(', '),
    ...nearestOf(name, known),
  })
}

function otherComponent(name: string, component: string): EsteiraError {
  return new EsteiraError('invalid-usage', `The step "${name}" does not check data.`, {
    where: name,
    found: component,
    allowed: 'data/validate',
  })
}

function notMade(name: string, step: string | undefined): EsteiraError {
  return new EsteiraError('conflict', `The statistics that the step "${name}" checks are not made yet.`, {
    where: step ?? name,
    next: 'Wait for the run, or look at one that has come as far.',
  })
}
