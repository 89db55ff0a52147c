import { expect, it } from 'vitest'
import { testsOfRequirements } from './requirements.ts'

it('every requirement of maturity level 1 is shown by a test that names it', () => {
  const unshown = [...testsOfRequirements()].filter(([, tests]) => tests.length === 0).map(([id]) => id)
  expect(unshown).toEqual([])
})
