import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Store } from '../store/store.ts'
import { RunViews } from './run-views.ts'

let folder: string
let store: Store
let views: RunViews

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'esteira-views-'))
  store = Store.open(join(folder, 'metadata.db'))
  views = new RunViews(store, () => 5)
})
afterEach(() => {
  store.close()
  rmSync(folder, { recursive: true })
})

it('are kept by name, replaced, renamed and removed', () => {
  views.save('weekly', { pipeline: 'train' })
  views.save('failed ones', { status: 'failed' })
  views.save('weekly', { pipeline: 'score', sort: 'duration' })
  expect(views.list()).toEqual([
    { name: 'failed ones', filter: { status: 'failed' }, savedAt: 5 },
    { name: 'weekly', filter: { pipeline: 'score', sort: 'duration' }, savedAt: 5 },
  ])
  expect(views.rename('weekly', 'monthly').filter).toEqual({ pipeline: 'score', sort: 'duration' })
  expect(views.rename('monthly', 'monthly').name).toBe('monthly')
  views.remove('failed ones')
  expect(views.list().map(({ name }) => name)).toEqual(['monthly'])
})

it('refuse a name that is taken or unknown', () => {
  views.save('a', {})
  views.save('b', {})
  expect(() => views.rename('a', 'b')).toThrowError('already called "b"')
  expect(() => views.remove('bb')).toThrowError('no saved view "bb"')
  expect(views.list()).toHaveLength(2)
})
