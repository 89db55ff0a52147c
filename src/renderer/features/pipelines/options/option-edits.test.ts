import { expect, it } from 'vitest'
import type { DraftStep } from '#shared/pipelines.ts'
import { stepOf } from '../canvas/fixtures.ts'
import { removalsOf, renameParameter, topLevelNumber, valueOfText } from './option-edits.ts'

const step = (options: DraftStep['options'], when: string | null = null): DraftStep => ({
  ...stepOf('train', 'model/train', { when }),
  options,
  retry: null,
  timeoutMinutes: null,
  cache: true,
  lines: { from: 1, to: 1 },
})

it('takes "with" away with its last option', () => {
  const path = ['steps', 'train', 'with']
  expect(removalsOf(step({ epochs: 1 }), [['epochs']])).toEqual([{ kind: 'remove', path }])
  expect(removalsOf(step({ epochs: 1, seed: 2 }), [['epochs']])).toEqual([
    { kind: 'remove', path: [...path, 'epochs'] },
  ])
  expect(removalsOf(step({ epochs: 1 }), [['epochs']], true)).toEqual([{ kind: 'remove', path: [...path, 'epochs'] }])
  expect(removalsOf(step({ slices: { column: 'a' } }), [['slices', 'column']])).toEqual([
    { kind: 'remove', path: [...path, 'slices', 'column'] },
  ])
})

it('renames a parameter wherever it is read, and nothing that only looks like it', () => {
  const options = {
    where: "date >= '${{ params.from }}' and x < ${{ params.from_date }}",
    note: 'params.from is the first day',
    nested: { list: ['${{params.from}}', 7] },
  }
  expect(renameParameter([step(options, 'params.from > 1')], 'from', 'start')).toEqual([
    { kind: 'rename', path: ['parameters', 'from'], key: 'start' },
    {
      kind: 'set',
      path: ['steps', 'train', 'with', 'where'],
      value: "date >= '${{ params.start }}' and x < ${{ params.from_date }}",
    },
    { kind: 'set', path: ['steps', 'train', 'with', 'nested', 'list', 0], value: '${{params.start}}' },
    { kind: 'set', path: ['steps', 'train', 'when'], value: 'params.start > 1' },
  ])
})

it.each([
  ['12', 12],
  ['0.5', 0.5],
  ['true', true],
  ['2001-01-01', '2001-01-01'],
  ['', ''],
])('reads %j as a value', (text, value) => {
  expect(valueOfText(text)).toBe(value)
})

it('reads a number at the top level alone', () => {
  const text = 'name: a\nseed: 7 # lucky\nsteps:\n  x: { with: { seed: 3 } }\n  concurrency: 4\n'
  expect(topLevelNumber(text, 'seed')).toBe(7)
  expect(topLevelNumber(text, 'concurrency')).toBeUndefined()
  expect(topLevelNumber('seed: seven\n', 'seed')).toBeUndefined()
})
