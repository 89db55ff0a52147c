import { expect, it } from 'vitest'
import { textBefore } from './version-diff.ts'

it('compares each version with the one before, and the first with nothing', () => {
  const versions = [{ text: 'c' }, { text: 'b' }, { text: 'a' }]
  expect(versions.map((_, index) => textBefore(versions, index))).toEqual(['b', 'a', ''])
})
