import { expect, it } from 'vitest'
import { tokenOfFragment } from './token.ts'

it('reads the token of the fragment, and nothing else', () => {
  expect(tokenOfFragment('#token=abc%2Bd')).toBe('abc+d')
  expect(tokenOfFragment('#x=1&token=t')).toBe('t')
  expect(tokenOfFragment('#token=')).toBeUndefined()
  expect(tokenOfFragment('#tokens=abc')).toBeUndefined()
  expect(tokenOfFragment('')).toBeUndefined()
})
