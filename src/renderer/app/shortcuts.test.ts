import { describe, expect, it } from 'vitest'
import { actOfKey } from './shortcuts.ts'

const plain = { key: '', command: false, alt: false, inText: false, afterPrefix: false }

describe('actOfKey', () => {
  it('opens the palette from everywhere, text fields included', () => {
    expect(actOfKey({ ...plain, key: 'k', command: true, inText: true })).toEqual({ kind: 'palette' })
    expect(actOfKey({ ...plain, key: 'k' })).toBeUndefined()
  })
  it('goes to a page by g and its letter', () => {
    expect(actOfKey({ ...plain, key: 'g' })).toEqual({ kind: 'prefix' })
    expect(actOfKey({ ...plain, key: 'r', afterPrefix: true })).toEqual({ kind: 'go', href: '/runs' })
    expect(actOfKey({ ...plain, key: 'x', afterPrefix: true })).toBeUndefined()
  })
  it('leaves text fields and the keys of the browser alone', () => {
    expect(actOfKey({ ...plain, key: 'g', inText: true })).toBeUndefined()
    expect(actOfKey({ ...plain, key: '?', inText: true })).toBeUndefined()
    expect(actOfKey({ ...plain, key: 'r', command: true, afterPrefix: true })).toBeUndefined()
  })
})
