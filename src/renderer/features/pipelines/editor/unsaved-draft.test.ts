import { expect, it } from 'vitest'
import { keepUnsaved, readUnsaved } from './unsaved-draft.ts'

function shelfOf(items: Map<string, string>, full = false) {
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem(key: string, value: string) {
      if (full) throw new Error('The storage is full.')
      items.set(key, value)
    },
    removeItem: (key: string) => void items.delete(key),
  }
}

it('keeps a text until it is saved', () => {
  const shelf = shelfOf(new Map())
  const unsaved = { text: 'name: train\n', from: 'abc' }
  keepUnsaved(shelf, 'p1', 'pipelines/train.yaml', unsaved)
  expect(readUnsaved(shelf, 'p1', 'pipelines/train.yaml')).toEqual(unsaved)
  expect(readUnsaved(shelf, 'p2', 'pipelines/train.yaml')).toBeUndefined()
  keepUnsaved(shelf, 'p1', 'pipelines/train.yaml', undefined)
  expect(readUnsaved(shelf, 'p1', 'pipelines/train.yaml')).toBeUndefined()
})

it('gives nothing where nothing usable is kept', () => {
  const items = new Map([['esteira-draft:p:f', '{"text": 1}']])
  expect(readUnsaved(shelfOf(items), 'p', 'f')).toBeUndefined()
  items.set('esteira-draft:p:f', 'not JSON')
  expect(readUnsaved(shelfOf(items), 'p', 'f')).toBeUndefined()
  keepUnsaved(shelfOf(items, true), 'p', 'f', { text: '', from: '' })
  expect(items.size).toBe(0)
})
