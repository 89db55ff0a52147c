/** The list of datasets: what a filter finds. Pure. */
import type { OwnedDataset } from './queries.ts'

/** Those in whose name, project, path or format every word of the filter occurs. */
export function filteredDatasets(datasets: readonly OwnedDataset[], filter: string): OwnedDataset[] {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  return datasets.filter(({ project, dataset }) => {
    const text = [dataset.name, project.name, dataset.spec.path, dataset.format ?? '', dataset.spec.description ?? '']
      .join(' ')
      .toLowerCase()
    return words.every((word) => text.includes(word))
  })
}
