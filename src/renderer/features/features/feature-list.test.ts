import { describe, expect, it } from 'vitest'
import type { FeatureCatalogueEntry } from '#shared/features.ts'
import { featureNames, featureViewPath, filteredViews } from './feature-list.ts'

const entry: FeatureCatalogueEntry = {
  name: 'origin-lateness',
  file: 'features/origin-lateness.yaml',
  version: '0123456789ab',
  description: 'How late an airport runs.',
  owner: 'flight operations',
  entity: ['origin'],
  eventTime: 'hour',
  knownAt: null,
  ttlMs: null,
  query: 'from departures',
  projectId: 'p 1',
  project: 'flight-delay',
  columns: [
    { name: 'origin', role: 'entity', type: 'text', storageType: 'VARCHAR' },
    { name: 'late_share', role: 'feature', type: 'number', storageType: 'DOUBLE' },
  ],
  problem: null,
  use: { pipelines: [], versions: [] },
}

describe('the list of feature views', () => {
  it('finds by every word that people know a view by', () => {
    const other = { ...entry, name: 'weather', columns: [] }
    const find = (filter: string) => filteredViews([entry, other], filter).map(({ name }) => name)
    expect(find('')).toEqual(['origin-lateness', 'weather'])
    expect(find('LATE_share flight')).toEqual(['origin-lateness'])
    expect(find('operations weather')).toEqual(['weather'])
    expect(find('late_share nowhere')).toEqual([])
  })

  it('names features alone, and an address that holds any name', () => {
    expect(featureNames(entry)).toEqual(['late_share'])
    expect(featureViewPath('p 1', 'a/b')).toBe('/features/p%201/a%2Fb')
  })
})
