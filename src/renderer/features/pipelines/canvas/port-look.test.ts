import { expect, it } from 'vitest'
import { artifactTypeSchema } from '#shared/runs.ts'
import { lookOf, portLooks, unknownLook } from './port-look.ts'

it('tells every two artifact types apart, by more than colour alone for most', () => {
  const looks = artifactTypeSchema.options.map((type) => JSON.stringify(portLooks[type]))
  expect(new Set(looks).size).toBe(artifactTypeSchema.options.length)
})

it('shows a port by its first type', () => {
  expect(lookOf(['splits', 'table'])).toBe(portLooks.splits)
  expect(lookOf([])).toBe(unknownLook)
})
