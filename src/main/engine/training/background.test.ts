import { expect, it } from 'vitest'
import type { Signature } from '#shared/models.ts'
import type { ColumnBatch } from '../tables/columns.ts'
import { backgroundFileSchema, drawBackground, openBackground } from './background.ts'

const signature: Signature = {
  inputs: [
    { name: 'distance', type: 'number', required: false },
    { name: 'origin', type: 'text', required: false },
  ],
  target: 'late',
  task: 'binary',
  classes: ['false', 'true'],
}

function rows(length: number): ColumnBatch {
  return {
    length,
    columns: new Map([
      [
        'distance',
        { kind: 'numeric', values: Float64Array.from({ length }, (_, row) => (row % 7 ? row : Number.NaN)) },
      ],
      ['origin', { kind: 'text', values: Array.from({ length }, (_, row) => (row % 5 ? `A${row}` : null)) }],
      ['late', { kind: 'numeric', values: new Float64Array(length) }],
    ]),
  }
}

it('holds a hundred rows of the inputs, missing values too, and comes back the same', () => {
  const file = drawBackground(rows(1_000), signature, 7)
  const background = openBackground(backgroundFileSchema.parse(JSON.parse(JSON.stringify(file))), signature)
  expect(background.length).toBe(100)
  expect([...background.columns.keys()]).toEqual(['distance', 'origin'])
  expect(file.columns.distance).toContain(null)
  expect(file.columns.origin).toContain(null)
  const distance = background.columns.get('distance')
  expect(distance?.kind === 'numeric' && distance.values.some(Number.isNaN)).toBe(true)
  expect(drawBackground(rows(1_000), signature, 7)).toEqual(file)
  expect(drawBackground(rows(1_000), signature, 8)).not.toEqual(file)
})

it('holds all rows where there are few', () => {
  expect(drawBackground(rows(3), signature, 1)).toEqual({
    formatVersion: 1,
    length: 3,
    columns: { distance: [null, 1, 2], origin: [null, 'A1', 'A2'] },
  })
})

it('that lacks an input is refused', () => {
  const file = { formatVersion: 1 as const, length: 1, columns: { distance: [1] } }
  expect(() => openBackground(file, signature)).toThrow('The background rows lack the input "origin".')
})
