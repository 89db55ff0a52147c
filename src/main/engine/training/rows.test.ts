import { describe, expect, test } from 'vitest'
import type { Signature } from '#shared/models.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { rowsToBatch } from './rows.ts'

const signature: Signature = {
  inputs: [
    { name: 'date', type: 'timestamp', required: true },
    { name: 'distance', type: 'integer', required: true },
    { name: 'origin', type: 'text', required: true },
    { name: 'speed', type: 'number', required: false },
    { name: 'cargo', type: 'boolean', required: false },
  ],
  target: 'late',
  task: 'binary',
  classes: ['false', 'true'],
}
const row = { date: '2001-03-01T12:30:00', distance: 300, origin: 'ATL' }

function problemsOf(rows: unknown[]) {
  try {
    rowsToBatch(signature, rows)
  } catch (error) {
    if (error instanceof EsteiraError && error.code === 'input-invalid') return error.context.problems ?? []
    throw error
  }
  throw new Error('The rows were accepted.')
}

describe('rows of a request', () => {
  test('become columns, with null and absent optional values as missing', () => {
    const batch = rowsToBatch(signature, [
      row,
      { ...row, date: 983_448_000_000.7, speed: 2.5, cargo: null },
      { ...row, cargo: true },
    ])
    expect(batch.length).toBe(3)
    expect(
      Object.fromEntries([...batch.columns].map(([name, { values }]) => [name, Array.from<unknown>(values)])),
    ).toEqual({
      date: [Date.UTC(2001, 2, 1, 12, 30), 983_448_000_000, Date.UTC(2001, 2, 1, 12, 30)],
      distance: [300, 300, 300],
      origin: ['ATL', 'ATL', 'ATL'],
      speed: [Number.NaN, 2.5, Number.NaN],
      cargo: [Number.NaN, Number.NaN, 1],
    })
  })

  test('report every problem with its row and field', () => {
    const problems = problemsOf([
      row,
      { date: 'yesterday', distance: 1.5, orgin: 'ATL', speed: Number.POSITIVE_INFINITY },
      'text',
      { ...row, cargo: 1, origin: null },
    ])
    expect(problems.map(({ path, nearest }) => (nearest ? `${path} (${nearest})` : path))).toEqual([
      'rows[1].date',
      'rows[1].distance',
      'rows[1].origin',
      'rows[1].speed',
      'rows[1].orgin (origin)',
      'rows[2]',
      'rows[3].origin',
      'rows[3].cargo',
    ])
    expect(problems[3]).toMatchObject({ found: 'Infinity', expected: 'a finite number' })
  })

  test('survive a value nested deeper than the stack', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)
    expect(problemsOf([{ ...row, origin: deep }])).toMatchObject([{ path: 'rows[0].origin', found: 'a list of 1' }])
  })

  test.each([['constructor'], ['__proto__'], ['toString']])('never take %s from the prototype', (name) => {
    const odd: Signature = { ...signature, inputs: [{ name, type: 'text', required: true }] }
    expect(() => rowsToBatch(odd, [{}])).toThrow(/missing/)
    expect(rowsToBatch(odd, [JSON.parse(`{${JSON.stringify(name)}: "x"}`)]).columns.get(name)?.values).toEqual(['x'])
  })

  test.each([['2001-02-30'], ['2001-13-01'], ['2001-01-01T25:00'], ['01/02/2001'], ['']])(
    'refuse %j as an instant',
    (date) => {
      expect(problemsOf([{ ...row, date }])).toHaveLength(1)
    },
  )

  test.each([
    ['2001-01-01', Date.UTC(2001, 0, 1)],
    ['2001-01-01 10:20', Date.UTC(2001, 0, 1, 10, 20)],
    ['2001-01-01T10:20:30.123456Z', Date.UTC(2001, 0, 1, 10, 20, 30, 123)],
    ['2001-01-01T10:20:30+02:00', Date.UTC(2001, 0, 1, 8, 20, 30)],
    ['1969-12-31T23:59:59.5-0100', Date.UTC(1970, 0, 1, 0, 59, 59, 500)],
  ])('read %s', (date, instant) => {
    expect(rowsToBatch(signature, [{ ...row, date }]).columns.get('date')?.values).toEqual(Float64Array.of(instant))
  })

  test('bound the problems they report', () => {
    expect(problemsOf(Array.from({ length: 1_000 }, () => ({})))).toHaveLength(100)
  })
})
