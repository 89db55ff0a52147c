/** Which step a place of the text, or a problem, belongs to. Pure. */
import type { FileProblem } from '#shared/errors.ts'
import type { DraftStep } from '#shared/pipelines.ts'

export type StepPlace = Pick<DraftStep, 'name' | 'lines'>

/** The step whose lines hold `line`, counted from 1. */
export function stepAtLine(steps: readonly StepPlace[], line: number): string | undefined {
  return steps.find(({ lines }) => lines.from <= line && line <= lines.to)?.name
}

/** By its path where it has one, because a problem may stand at the end of its step; else by its line. */
export function stepOfProblem(steps: readonly StepPlace[], problem: FileProblem): string | undefined {
  const [root, name] = (problem.path ?? '').split('.')
  if (root === 'steps') return steps.find((step) => step.name === name)?.name
  return problem.line === undefined ? undefined : stepAtLine(steps, problem.line)
}

/** The problems of each step that has any. */
export function problemsByStep(
  steps: readonly StepPlace[],
  problems: readonly FileProblem[],
): ReadonlyMap<string, readonly FileProblem[]> {
  const found = new Map<string, FileProblem[]>()
  for (const problem of problems) {
    const step = stepOfProblem(steps, problem)
    if (step !== undefined) found.set(step, [...(found.get(step) ?? []), problem])
  }
  return found
}
