/** Which names an option may be offered. Pure. */
import type { DatasetInfo } from '#shared/data.ts'
import type { DraftStep } from '#shared/pipelines.ts'

/** Options that name columns of the data that flows into the step. */
const columnOptions: ReadonlySet<string> = new Set(['column', 'columns', 'target', 'slices', 'exclude', 'features'])

/** The dataset whose rows reach the step: that of the nearest step before it that names one. */
export function datasetBehind(steps: readonly DraftStep[], step: DraftStep): string | undefined {
  const byName = new Map(steps.map((each) => [each.name, each]))
  const open: DraftStep[] = [step]
  const seen = new Set<string>()
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const { dataset } = next.options
    if (typeof dataset === 'string' && !dataset.includes('${{')) return dataset
    if (seen.has(next.name)) continue
    seen.add(next.name)
    const before = Object.values(next.inputs).flat()
    open.push(...before.flatMap((reference) => byName.get(reference.step) ?? []))
  }
  return undefined
}

export interface KnownNames {
  readonly datasets: readonly string[]
  readonly infos: readonly DatasetInfo[]
  readonly columns: readonly string[]
}

export function suggestionsFor(option: string, { datasets, infos, columns }: KnownNames): readonly string[] {
  if (option === 'dataset') return datasets
  if (option === 'schema') return [...new Set(infos.flatMap(({ schemaFile }) => schemaFile ?? []))]
  return columnOptions.has(option) ? columns : []
}
