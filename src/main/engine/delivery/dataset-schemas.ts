/** Which schema file a dataset is checked with, told from the pipelines of its project. Pure. */
import type { PlannedStep } from '../pipelines/plan.ts'

type Steps = readonly Pick<PlannedStep, 'name' | 'component' | 'options' | 'inputs'>[]

/** Dataset to schema file, for every `data/validate` step whose data comes, by whatever way, from the dataset. */
export function checkedDatasets(steps: Steps): Map<string, string> {
  const found = new Map<string, string>()
  for (const { name, component, options } of steps) {
    if (component !== 'data/validate' || typeof options.schema !== 'string') continue
    for (const dataset of datasetsBefore(steps, name)) if (!found.has(dataset)) found.set(dataset, options.schema)
  }
  return found
}

/** The datasets that the step reads, by whatever way. */
export function datasetsBefore(steps: Steps, from: string): string[] {
  const byName = new Map(steps.map((step) => [step.name, step]))
  const seen = new Set([from])
  // A set grows while it is gone through.
  for (const name of seen) {
    for (const { step } of Object.values(byName.get(name)?.inputs ?? {}).flat()) seen.add(step)
  }
  return [...seen].flatMap((name) => {
    const { component, options } = byName.get(name) ?? {}
    return component === 'data/extract' && typeof options?.dataset === 'string' ? [options.dataset] : []
  })
}
