/** Several runs laid side by side: which rows a person compares, and what is drawn of them. */
import type { CurveSeries, RunComparison } from '#shared/run-list.ts'
import type { Json } from '#shared/runs.ts'
import { bestOf } from '../best-metric.ts'
import { compareValues, type Difference } from '../differences.ts'

export interface ComparedMetric {
  readonly name: string
  readonly values: readonly (number | undefined)[]
  readonly best: ReadonlySet<number>
  readonly differs: boolean
}

export interface Comparison {
  readonly parameters: readonly Difference[]
  /** Named `<step>.<option>`. */
  readonly options: readonly Difference[]
  /** Commit, version, seed, and the data that came in from outside. */
  readonly origins: readonly Difference[]
  readonly metrics: readonly ComparedMetric[]
  readonly curves: readonly CurveGroup[]
}

/** The curves of one metric of one step, of all the runs that have it. */
export interface CurveGroup {
  readonly step: string
  readonly name: string
  readonly series: readonly CurveSeries[]
}

export function comparisonOf({ runs, series }: RunComparison): Comparison {
  return {
    parameters: compareValues(runs.map(({ run }) => run.parameters)),
    options: compareValues(runs.map(({ plan }) => optionsOf(plan.steps))),
    origins: compareValues(runs.map(originsOf)),
    metrics: metricsOf(runs.map(({ run }) => run.metrics)),
    curves: curveGroups(series),
  }
}

function optionsOf(steps: RunComparison['runs'][number]['plan']['steps']): Record<string, Json> {
  return Object.fromEntries(
    steps.flatMap(({ name, component, options }) => [
      [`${name}.uses`, component],
      ...Object.entries(options).map(([option, value]) => [`${name}.${option}`, value]),
    ]),
  )
}

/** A step that reads nothing from another reads from outside: what it made tells whether that data was the same. */
function originsOf({ run, plan }: RunComparison['runs'][number]): Record<string, Json> {
  const roots = new Set(plan.steps.filter(({ inputs }) => Object.keys(inputs).length === 0).map(({ name }) => name))
  const data = run.steps
    .filter(({ name }) => roots.has(name))
    .flatMap(({ name, outputs }) =>
      Object.entries(outputs).map(([output, hash]) => [`${name}.${output}`, hash.slice(0, 12)]),
    )
  return {
    pipeline: run.pipeline,
    pipelineVersion: run.pipelineVersion.slice(0, 12),
    commit: run.gitCommit?.slice(0, 10) ?? null,
    uncommitted: run.gitDirty,
    seed: run.seed,
    startedBy: run.startedBy,
    ...Object.fromEntries(data),
  }
}

function metricsOf(compared: readonly Readonly<Record<string, number>>[]): ComparedMetric[] {
  const names = new Set(compared.flatMap((metrics) => Object.keys(metrics)))
  return [...names].map((name) => {
    const values = compared.map((metrics) => metrics[name])
    return { name, values, best: bestOf(name, values), differs: new Set(values).size > 1 }
  })
}

/** A single point is no curve. */
function curveGroups(series: readonly CurveSeries[]): CurveGroup[] {
  const drawn = series.filter(({ points }) => points.length > 1)
  const groups = Map.groupBy(drawn, ({ step, name }) => JSON.stringify([step, name]))
  return [...groups.values()].map((group) => ({
    step: group[0]?.step ?? '',
    name: group[0]?.name ?? '',
    series: group,
  }))
}

export interface ParallelAxis {
  readonly name: string
  /** Set where the values are words: their places on the axis, in order of first appearance. */
  readonly categories?: readonly string[]
}
export interface Parallel {
  readonly axes: readonly ParallelAxis[]
  /** For each run a value on each axis, in the order of both; null where it has none. */
  readonly rows: readonly (readonly (number | string | null)[])[]
}

/** More axes than this can be told apart on no screen. */
const mostAxes = 12

/** From the parameters and options that differ, to the metrics that differ. */
export function parallelOf({ parameters, options, metrics }: Comparison, count: number): Parallel {
  const causes = [...parameters, ...options].filter(({ differs }) => differs)
  const effects = metrics.filter(({ differs }) => differs)
  const axes = [...causes.slice(0, Math.max(1, mostAxes - effects.length)), ...effects].slice(0, mostAxes)
  const shown = axes.map(({ name, values }) => {
    const numeric = values.every((value) => value === undefined || typeof value === 'number')
    const placed = values.map((value) =>
      value === undefined ? null : numeric && typeof value === 'number' ? value : wordOf(value),
    )
    if (numeric) return { axis: { name }, placed }
    return {
      axis: { name, categories: [...new Set(placed.flatMap((value) => (value === null ? [] : String(value))))] },
      placed,
    }
  })
  return {
    axes: shown.map(({ axis }) => axis),
    rows: Array.from({ length: count }, (_, run) => shown.map(({ placed }) => placed[run] ?? null)),
  }
}

function wordOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
