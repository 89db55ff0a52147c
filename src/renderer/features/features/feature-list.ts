/** The list of feature views: what a filter finds, and where each is shown. Pure. */
import type { FeatureCatalogueEntry } from '#shared/features.ts'

export function featureNames({ columns }: Pick<FeatureCatalogueEntry, 'columns'>): string[] {
  return columns.flatMap(({ name, role }) => (role === 'feature' ? [name] : []))
}

/** Those in whose name, project, description, owner, entity or features every word of the filter occurs. */
export function filteredViews(views: readonly FeatureCatalogueEntry[], filter: string): FeatureCatalogueEntry[] {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  return views.filter((view) => {
    const { name, project, description, owner, entity } = view
    const text = [name, project, description, owner, ...entity, ...featureNames(view)].join(' ').toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

export function featureViewPath(projectId: string, name: string): string {
  return `/features/${encodeURIComponent(projectId)}/${encodeURIComponent(name)}`
}
