/** Where a pipeline can put rows aside that break a schema: after what makes the table that a `data/validate` step checks. Pure. */
import type { QuarantinePlace } from '#shared/data.ts'
import type { PipelineEdit } from '#shared/pipelines.ts'
import type { Edge, PlannedStep } from '../pipelines/plan.ts'
import { pipelineFile } from '../pipelines/project-folder.ts'
import { datasetsBefore } from './dataset-schemas.ts'

export type PlaceStep = Pick<PlannedStep, 'name' | 'component' | 'options' | 'inputs'>

interface Wanted {
  readonly schemaFile: string
  /** Only where the data comes, by whatever way, from this dataset. */
  readonly dataset?: string | undefined
}

export function quarantinePlaces(pipeline: string, steps: readonly PlaceStep[], wanted: Wanted): QuarantinePlace[] {
  const places = new Map<string, QuarantinePlace>()
  for (const { name, component, options } of steps) {
    if (component !== 'data/validate' || options.schema !== wanted.schemaFile) continue
    if (wanted.dataset !== undefined && !datasetsBefore(steps, name).includes(wanted.dataset)) continue
    const table = tableOf(steps, name)
    const maker = steps.find((step) => step.name === table?.step)
    if (table === undefined || maker === undefined) continue
    const source = maker.component === 'data/quarantine' ? maker.inputs.data?.[0]?.step : undefined
    const after = source ?? table.step
    const step = source === undefined ? null : maker.name
    places.set(after, { pipeline, file: pipelineFile(pipeline), after, step })
  }
  return [...places.values()]
}

/** The table whose statistics the step checks. */
function tableOf(steps: readonly PlaceStep[], validate: string): Edge | undefined {
  const statistics = steps.find(({ name }) => name === validate)?.inputs.statistics?.[0]
  return steps.find(({ name }) => name === statistics?.step)?.inputs.data?.[0]
}

/**
 * The edits that put a `data/quarantine` step between the table and all that read it.
 * @param after the step that makes the table
 */
export function quarantineEdits(
  steps: readonly PlaceStep[],
  { after, schemaFile, environment }: { after: string; schemaFile: string; environment?: string | undefined },
): PipelineEdit[] {
  const output = outputRead(steps, after, schemaFile)
  const name = freeName(steps.map((step) => step.name))
  const options = {
    schema: schemaFile,
    ...(environment !== undefined && environment !== 'TRAINING' && { environment }),
  }
  const readers = steps.flatMap((step) =>
    Object.entries(step.inputs).flatMap(([input, edges]) =>
      edges.some((edge) => edge.step === after && edge.output === output) ? [{ step: step.name, input, edges }] : [],
    ),
  )
  return [
    {
      kind: 'add-step',
      name,
      component: 'data/quarantine',
      after,
      inputs: { data: [{ step: after, output: null }] },
      options,
    },
    ...readers.flatMap(({ step, input, edges }): PipelineEdit[] => [
      ...(edges.length > 1 ? [{ kind: 'disconnect', step, input, from: after } as const] : []),
      { kind: 'connect', step, input, from: { step: name, output: 'data' } },
    ]),
  ]
}

/** The output of the step that is checked with the schema. */
function outputRead(steps: readonly PlaceStep[], after: string, schemaFile: string): string {
  const checks = steps.filter(
    ({ component, options }) => component === 'data/validate' && options.schema === schemaFile,
  )
  return checks.map(({ name }) => tableOf(steps, name)).find((edge) => edge?.step === after)?.output ?? 'data'
}

function freeName(taken: readonly string[]): string {
  let name = 'quarantine'
  for (let number = 2; taken.includes(name); number++) name = `quarantine-${number}`
  return name
}
