/** What a finished run filled the matrix with: figures from its steps, and why a figure is missing. Pure. */

import type { Matrix } from '#shared/backtest.ts'
import type { DriftReport } from '#shared/drift.ts'
import type { Run, StepExecution } from '#shared/runs.ts'
import type { Layout } from './matrix-plan.ts'

export interface MatrixSources {
  readonly run: Pick<Run, 'steps'>
  /** How long each step took when it was really run, in milliseconds; null where that is not known any more. */
  readonly durations: ReadonlyMap<string, number | null>
  /** By the name of the step that made it. */
  readonly driftReports: ReadonlyMap<string, DriftReport>
}

export function readMatrix(layout: Layout, { run, durations, driftReports }: MatrixSources): Matrix {
  const steps = new Map(run.steps.map((step) => [step.name, step]))
  const problemOf = (name: string) => problemIn(steps, name)
  const evaluated = (name: string) => evaluationOf(steps.get(name), problemOf(name))
  return {
    spans: layout.spans.map(({ statisticsStep, ...span }) => {
      const rows = steps.get(statisticsStep)?.values.rows
      return { ...span, rows: typeof rows === 'number' ? rows : null, problem: problemOf(statisticsStep) }
    }),
    models: layout.models.map(({ trainStep, steps: names, ...model }) => ({
      ...model,
      computeSeconds: names.reduce((sum, name) => sum + (durations.get(name) ?? 0), 0) / 1_000,
      problem: problemOf(trainStep),
    })),
    scores: layout.scores.map(({ model, span, step }) => ({ model, span, ...evaluated(step) })),
    tests: layout.tests.map(({ model, span, step }) => ({ model, heldOut: span, ...evaluated(step) })),
    drifts: layout.drifts.map(({ model, span, step }) => ({
      model,
      span,
      ...driftOf(driftReports.get(step), problemOf(step)),
    })),
  }
}

function evaluationOf(
  step: StepExecution | undefined,
  problem: string | null,
): Pick<Matrix['scores'][number], 'metrics' | 'problem'> {
  const metrics = step?.values.metrics
  if (metrics === null || typeof metrics !== 'object' || Array.isArray(metrics)) {
    return { metrics: {}, problem: problem ?? 'The evaluation told no metrics.' }
  }
  const numbers = Object.entries(metrics).filter((entry): entry is [string, number] => typeof entry[1] === 'number')
  return { metrics: Object.fromEntries(numbers), problem }
}

/** Why a step gave nothing, in the words of the step that failed in the first place; null where it succeeded. */
function problemIn(steps: ReadonlyMap<string, StepExecution>, name: string): string | null {
  const step = steps.get(name)
  if (step === undefined) return 'The run has no such step.'
  if (step.status === 'succeeded') return null
  if (step.error !== null) return step.error.detail
  for (const before of step.dependsOn) {
    const problem = problemIn(steps, before)
    if (problem !== null) return problem
  }
  return step.reason ?? `The step "${name}" is ${step.status}.`
}

function driftOf(
  report: DriftReport | undefined,
  problem: string | null,
): Omit<Matrix['drifts'][number], 'model' | 'span'> {
  if (report === undefined) return { value: null, columns: [], problem: problem ?? 'The comparison is gone.' }
  const weight = (result: DriftReport['results'][number]) => (result.weight ?? 0) * (result.distance ?? 0)
  const columns = report.results
    .filter(({ drifted }) => drifted)
    .sort((a, b) => weight(b) - weight(a))
    .map(({ feature }) => feature)
  if (report.summary === undefined || report.results.length === 0) {
    return { value: null, columns, problem: 'No column could be compared.' }
  }
  return { value: report.summary.weightedDrift, columns, problem: null }
}
