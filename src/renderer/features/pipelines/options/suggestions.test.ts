import { expect, it } from 'vitest'
import type { DraftStep } from '#shared/pipelines.ts'
import { from, stepOf } from '../canvas/fixtures.ts'
import { datasetBehind, suggestionsFor } from './suggestions.ts'

const step = (name: string, inputs: DraftStep['inputs'], options: DraftStep['options'] = {}): DraftStep => ({
  ...stepOf(name, 'data/any', { inputs }),
  options,
  retry: null,
  timeoutMinutes: null,
  cache: true,
  lines: { from: 1, to: 1 },
})

it('finds the dataset behind a step, along its inputs', () => {
  const extract = step('extract', {}, { dataset: 'flights' })
  const split = step('split', { data: from('extract') })
  const train = step('train', { data: from('split') })
  const circle = step('circle', { data: from('circle') })
  const asked = step('asked', {}, { dataset: '${{ params.data }}' })
  const steps = [extract, split, train, circle, asked]
  expect(steps.map((each) => datasetBehind(steps, each))).toEqual([
    'flights',
    'flights',
    'flights',
    undefined,
    undefined,
  ])
})

it('offers datasets, schema files and columns where their options are', () => {
  const info = { name: 'flights', spec: { path: 'f.csv' }, format: 'csv', fileCount: 1, bytes: 1, modifiedAt: 1 }
  const infos = [
    { ...info, schemaFile: 'schemas/flights.yaml', problem: null },
    { ...info, name: 'more', schemaFile: 'schemas/flights.yaml', problem: null },
    { ...info, name: 'bare', schemaFile: null, problem: null },
  ]
  const names = { datasets: ['flights'], infos, columns: ['late'] }
  expect(['dataset', 'schema', 'target', 'epochs'].map((option) => suggestionsFor(option, names))).toEqual([
    ['flights'],
    ['schemas/flights.yaml'],
    ['late'],
    [],
  ])
})
