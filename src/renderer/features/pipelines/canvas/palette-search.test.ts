import { expect, it } from 'vitest'
import { componentOf } from './fixtures.ts'
import { searchComponents, stepNameFor } from './palette-search.ts'

const components = [
  { ...componentOf('data/extract', {}, {}), summary: 'Reads the rows of a dataset.' },
  { ...componentOf('data/split', {}, {}), summary: 'Divides rows into parts to train on.' },
  { ...componentOf('model/train', {}, {}), summary: 'Trains a model.' },
]
const names = (query: string) =>
  searchComponents(components, query).map((group) => [group.name, group.components.map(({ name }) => name)])

it('finds by name and by summary, grouped', () => {
  expect(names('')).toEqual([
    ['data', ['data/extract', 'data/split']],
    ['model', ['model/train']],
  ])
  expect(names('TRAIN')).toEqual([
    ['data', ['data/split']],
    ['model', ['model/train']],
  ])
  expect(names('rows divides')).toEqual([['data', ['data/split']]])
  expect(names('nothing like it')).toEqual([])
})

it('lists a match of the name before one of the summary', () => {
  expect(names('e')[0]).toEqual(['data', ['data/extract', 'data/split']])
  expect(names('d s')[0]).toEqual(['data', ['data/split', 'data/extract']])
})

it('names a new step after its component', () => {
  expect(stepNameFor('data/extract')).toBe('extract')
  expect(stepNameFor('script')).toBe('script')
})
