import { expect, test } from 'vitest'
import { fillTriggerParameters } from './trigger-template.ts'

test('T3: placeholders take the type of what they stand for, or become part of a text', () => {
  const parameters = {
    from: '${{ trigger.from }}',
    files: '${{ trigger.files }}',
    rows: ' ${{ trigger.rows }} ',
    note: 'rows ${{ trigger.rows }} up to ${{ trigger.to }}',
    inner: { list: ['${{ trigger.to }}', 7] },
    plain: 'as it is',
  }
  const values = { from: '2001-03-01', to: '2001-04-01', rows: 12, files: ['a.csv'] }
  expect(fillTriggerParameters(parameters, values)).toEqual({
    from: '2001-03-01',
    files: ['a.csv'],
    rows: 12,
    note: 'rows 12 up to 2001-04-01',
    inner: { list: ['2001-04-01', 7] },
    plain: 'as it is',
  })
})

test('T1: a parameter that names what is not known this time is left to the default of the pipeline', () => {
  const parameters = { from: '${{ trigger.from }}', both: '${{ trigger.rows }} ${{ trigger.run }}', kept: 1 }
  expect(fillTriggerParameters(parameters, { rows: 3 })).toEqual({ kept: 1 })
})
