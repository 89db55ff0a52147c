/** Where a model version comes from: what its run planned and did, cut down to the way from the data to the version. */
import type { Lineage, LineageDataset, LineageStep, ModelVersion } from '#shared/models.ts'
import type { Run, StepExecution } from '#shared/runs.ts'
import { evaluate } from '../components/evaluate.ts'
import { extract } from '../components/extract.ts'
import type { Plan, PlannedStep } from '../pipelines/plan.ts'

/** `plan` and `run` are those of the run that registered the version at `step`. */
export function lineageOf(run: Run, plan: Plan, step: string): Lineage {
  const { id, projectId, pipeline, pipelineVersion, parameters, seed, startedBy, createdAt, gitCommit, gitDirty } = run
  const executions = new Map(run.steps.map((execution) => [execution.name, execution]))
  const steps = waysTo(plan, step).map((planned) => lineageStep(planned, executions.get(planned.name)))
  return {
    run: { id, projectId, pipeline, pipelineVersion, parameters, seed, startedBy, createdAt, gitCommit, gitDirty },
    datasets: steps.flatMap(datasetOf),
    steps,
  }
}

/** The named step and all that it waited for, in the order of the plan. */
function waysTo(plan: Plan, name: string): PlannedStep[] {
  const byName = new Map(plan.steps.map((step) => [step.name, step]))
  const wanted = new Set<string>()
  const visit = (current: string): void => {
    if (wanted.has(current)) return
    wanted.add(current)
    for (const before of byName.get(current)?.dependsOn ?? []) visit(before)
  }
  visit(name)
  return plan.steps.filter((step) => wanted.has(step.name))
}

function lineageStep(planned: PlannedStep, execution: StepExecution | undefined): LineageStep {
  const { name, component, options, dependsOn } = planned
  const { cached = false, inputs = {}, outputs = {}, values = {} } = execution ?? {}
  return { name, component, cached, dependsOn, options, inputs, outputs, values }
}

function datasetOf({ name, component, options, outputs, values }: LineageStep): LineageDataset[] {
  if (component !== extract.name) return []
  return [
    {
      step: name,
      dataset: String(options.dataset ?? ''),
      where: typeof options.where === 'string' ? options.where : null,
      rows: typeof values.rows === 'number' ? values.rows : null,
      artifactHash: outputs.data ?? null,
    },
  ]
}

/** The evaluation of this very model in its run: that on the way to the version before any other. */
export function evaluationOf(
  run: Run,
  lineage: Lineage,
  { artifactHash }: ModelVersion,
): { step: string; artifactHash: string } | undefined {
  const before = new Set(lineage.steps.map(({ name }) => name))
  const found = run.steps
    .filter(({ component, inputs }) => component === evaluate.name && inputs.model?.includes(artifactHash))
    .flatMap(({ name, outputs }) =>
      outputs.evaluation === undefined ? [] : [{ step: name, artifactHash: outputs.evaluation }],
    )
  return found.find(({ step }) => before.has(step)) ?? found[0]
}
