import { expect, it } from 'vitest'
import { extendTo, nothingSelected, toggle } from './selection.ts'

const list = ['a', 'b', 'c', 'd']

it('chooses and lets go', () => {
  const once = toggle(nothingSelected, 'b')
  expect([...once.ids]).toEqual(['b'])
  expect(toggle(once, 'b').ids.size).toBe(0)
})

it('spans a range from the last choice, in either direction', () => {
  expect([...extendTo(toggle(nothingSelected, 'b'), 'd', list).ids]).toEqual(['b', 'c', 'd'])
  expect([...extendTo(toggle(nothingSelected, 'c'), 'a', list).ids].sort()).toEqual(['a', 'b', 'c'])
})

it('chooses one where there is nothing to span from', () => {
  expect([...extendTo(nothingSelected, 'c', list).ids]).toEqual(['c'])
  expect([...extendTo(toggle(nothingSelected, 'gone'), 'c', list).ids]).toEqual(['gone', 'c'])
})
