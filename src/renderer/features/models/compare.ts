/** What differs between versions of a model: pure functions over what is stored. */
import { higherIsBetter } from '#shared/metrics.ts'
import type { Lineage, Metrics, ModelVersionDetails, Signature, SliceEvaluation } from '#shared/models.ts'

export interface MetricRow {
  readonly name: string
  /** One per version; undefined where it was not measured. */
  readonly values: readonly (number | undefined)[]
  /** Positions of the best; empty where it is not known which way is better, or all are alike. */
  readonly best: readonly number[]
  /** Of each to the first; undefined where one of the two is missing. */
  readonly differences: readonly (number | undefined)[]
}

export function metricRows(all: readonly Metrics[]): MetricRow[] {
  const names = [...new Set(all.flatMap((metrics) => Object.keys(metrics)))]
  return names.map((name) => {
    const values = all.map((metrics) => metrics[name])
    const [first] = values
    const differences = values.map((value) => (value === undefined || first === undefined ? undefined : value - first))
    return { name, values, best: bestOf(name, values), differences }
  })
}

function bestOf(metric: string, values: readonly (number | undefined)[]): number[] {
  const known = values.filter((value) => value !== undefined)
  const higher = higherIsBetter[metric]
  if (higher === undefined || new Set(known).size < 2) return []
  const best = higher ? Math.max(...known) : Math.min(...known)
  return values.flatMap((value, index) => (value === best ? [index] : []))
}

/** Positive where the change is for the better; undefined where it is not known which way is better. */
export function improvement(metric: string, difference: number): number | undefined {
  const higher = higherIsBetter[metric]
  return higher === undefined ? undefined : higher ? difference : -difference
}

export interface MetricPoint {
  readonly version: number
  readonly value: number
}

/** A metric over versions, oldest first. */
export function metricSeries(
  versions: readonly { readonly version: number; readonly metrics: Metrics }[],
  metric: string,
): MetricPoint[] {
  return versions
    .flatMap(({ version, metrics }) => (metrics[metric] === undefined ? [] : [{ version, value: metrics[metric] }]))
    .sort((a, b) => a.version - b.version)
}

export interface SliceDifference {
  readonly column: string
  readonly value: string
  /** Rows of the slice in the first version that has it. */
  readonly rows: number
  readonly values: readonly (number | undefined)[]
  /** Between the highest and the lowest. */
  readonly range: number
}

/** The slices that at least two versions have, those where they differ most first. */
export function sliceDifferences(all: readonly (readonly SliceEvaluation[])[], metric: string): SliceDifference[] {
  const keyOf = ({ column, value }: SliceEvaluation) => JSON.stringify([column, value])
  const byKey = all.map((slices) => new Map(slices.map((slice) => [keyOf(slice), slice])))
  const first = new Map(all.toReversed().flatMap((slices) => slices.map((slice) => [keyOf(slice), slice] as const)))
  return [...first]
    .flatMap(([key, { column, value, rows }]) => {
      const values = byKey.map((slices) => slices.get(key)?.metrics[metric])
      const known = values.filter((each) => each !== undefined)
      return known.length < 2 ? [] : [{ column, value, rows, values, range: Math.max(...known) - Math.min(...known) }]
    })
    .sort((a, b) => b.range - a.range)
}

export interface TextRow {
  readonly name: string
  /** One per version, in words; undefined where there is none. */
  readonly values: readonly (string | undefined)[]
}

/** Names whose values are not the same in all versions. */
export function differingRows(all: readonly ReadonlyMap<string, string>[]): TextRow[] {
  const names = [...new Set(all.flatMap((texts) => [...texts.keys()]))]
  return names
    .map((name) => ({ name, values: all.map((texts) => texts.get(name)) }))
    .filter(({ values }) => new Set(values).size > 1)
}

/** Each option of each step, as `step.option`, and what the step `uses`. */
export function optionTexts({ steps }: Lineage): Map<string, string> {
  return new Map(
    steps.flatMap(({ name, component, options }) => [
      [name, component] as const,
      ...Object.entries(options).map(([key, value]) => [`${name}.${key}`, JSON.stringify(value)] as const),
    ]),
  )
}

export function signatureTexts({ inputs, target, task, classes }: Signature): Map<string, string> {
  return new Map([
    ['target', `${target} (${task})`],
    ...(classes.length > 0 ? [['classes', classes.join(', ')] as const] : []),
    ...inputs.map(({ name, type, required }) => [name, required ? `${type} *` : type] as const),
  ])
}

const hashLength = 12

/** What a version was made from: data, code and machine. */
export function originTexts({ lineage, manifest }: ModelVersionDetails): Map<string, string> {
  const { run, datasets } = lineage
  const { environment } = manifest
  return new Map([
    [
      'commit',
      run.gitCommit === null ? '' : `${run.gitCommit.slice(0, hashLength)}${run.gitDirty === true ? ' *' : ''}`,
    ],
    ['pipelineVersion', run.pipelineVersion.slice(0, hashLength)],
    ...Object.entries(run.parameters).map(([name, value]) => [`params.${name}`, JSON.stringify(value)] as const),
    ...datasets.flatMap(({ step, dataset, where, rows, artifactHash }) => [
      [`${step}.dataset`, dataset] as const,
      [`${step}.where`, where ?? ''] as const,
      [`${step}.rows`, rows === null ? '' : String(rows)] as const,
      [`${step}.artifact`, artifactHash?.slice(0, hashLength) ?? ''] as const,
    ]),
    ['trainedRows', String(manifest.trainedRows)],
    ['seed', String(environment.seed)],
    ['environment', `Esteira ${environment.esteira}, Node ${environment.node}, ${environment.backend}`],
  ])
}

/** Whether all were scored on the same rows. */
export function sameRows(
  versions: readonly { readonly evaluation: { readonly rowsHash: string | null } | null }[],
): boolean {
  const hashes = new Set(versions.map(({ evaluation }) => evaluation?.rowsHash ?? null))
  return hashes.size === 1 && !hashes.has(null)
}

/** The versions named in the address, each once, in that order. */
export function parseVersions(text: string | undefined): number[] {
  const numbers = (text ?? '').split(',').map(Number)
  return [...new Set(numbers.filter((number) => Number.isInteger(number) && number >= 1))]
}
