import { describe, expect, it } from 'vitest'
import { filteredDatasets } from './dataset-list.ts'
import { type Overlay, overlayText, parseOverlay } from './overlay.ts'
import type { OwnedDataset } from './queries.ts'

const owned = (name: string, project: string, path: string): OwnedDataset => ({
  project: {
    id: project,
    name: project,
    description: '',
    path: `/${project}`,
    trusted: true,
    addedAt: 0,
    available: true,
    pipelines: [],
    datasets: [name],
  },
  dataset: {
    name,
    spec: { path },
    format: 'parquet',
    fileCount: 1,
    bytes: 1,
    modifiedAt: null,
    schemaFile: null,
    problem: null,
  },
})

describe('filteredDatasets', () => {
  const list = [owned('flights', 'delay', 'data/*.parquet'), owned('prices', 'shop', 'prices.csv')]
  const names = (filter: string) => filteredDatasets(list, filter).map(({ dataset }) => dataset.name)
  it('finds every word in any part', () => {
    expect(names('')).toEqual(['flights', 'prices'])
    expect(names('DEL fli')).toEqual(['flights'])
    expect(names('csv')).toEqual(['prices'])
    expect(names('flights shop')).toEqual([])
  })
})

describe('overlays in an address', () => {
  it('go there and back', () => {
    const overlays: Overlay[] = [
      { kind: 'run', runId: '42' },
      { kind: 'dataset', projectId: 'p1', dataset: 'new/flights' },
    ]
    for (const overlay of overlays) expect(parseOverlay(overlayText(overlay))).toEqual(overlay)
  })
  it('are none where the address names none', () => {
    for (const text of [undefined, '', 'run', 'run/', 'dataset/p1', 'other/p1/x'])
      expect(parseOverlay(text)).toBeUndefined()
  })
})
