import { describe, expect, it } from 'vitest'
import {
  boundOfText,
  checkEdit,
  columnAtLine,
  columnEdit,
  freshnessEdit,
  newColumnName,
  rowsEdit,
  rulesOf,
} from './schema-edits.ts'

describe('columnEdit', () => {
  it('sets a part of a field', () => {
    expect(columnEdit('distance', { type: 'integer' }, ['domain', 'max'], 6000)).toEqual({
      kind: 'set',
      path: ['columns', 'distance', 'domain', 'max'],
      value: 6000,
    })
  })
  it('takes a group away with its last part', () => {
    const path = ['columns', 'distance', 'domain']
    expect(columnEdit('distance', { type: 'integer', domain: { max: 1 } }, ['domain', 'max'], undefined)).toEqual({
      kind: 'remove',
      path,
    })
    const both = columnEdit('distance', { type: 'integer', domain: { min: 0, max: 1 } }, ['domain', 'max'], undefined)
    expect(both).toEqual({ kind: 'remove', path: [...path, 'max'] })
  })
  it('leaves a presence without shares, which still asks for the column', () => {
    const column = { type: 'text' as const, presence: { minFraction: 1 } }
    expect(columnEdit('origin', column, ['presence', 'minFraction'], undefined)).toEqual({
      kind: 'remove',
      path: ['columns', 'origin', 'presence', 'minFraction'],
    })
  })
})

describe('rowsEdit', () => {
  const schema = { environments: ['TRAINING'], newColumns: 'error' as const, columns: {} }
  it('takes the group away with its last part', () => {
    expect(rowsEdit({ ...schema, rows: { min: 5 } }, 'min', undefined)).toEqual({ kind: 'remove', path: ['rows'] })
    expect(rowsEdit(schema, 'min', 7)).toEqual({ kind: 'set', path: ['rows', 'min'], value: 7 })
  })
})

describe('boundOfText', () => {
  it('reads limits by the type of the column', () => {
    expect(boundOfText(' 12.5 ', 'number')).toBe(12.5)
    expect(boundOfText('', 'number')).toBeUndefined()
    expect(boundOfText('twelve', 'integer')).toBeNull()
    expect(boundOfText('2001-01-01', 'timestamp')).toBe('2001-01-01')
    expect(boundOfText('2001-01-01T06:00:00Z', 'timestamp')).toBe('2001-01-01T06:00:00Z')
    expect(boundOfText('yesterday', 'timestamp')).toBeNull()
  })
})

describe('rulesOf', () => {
  it('names every rule of a column', () => {
    const rules = rulesOf({
      type: 'integer',
      presence: { minFraction: 1, minCount: 1 },
      domain: { min: 1, max: 6000 },
      unique: { max: 400 },
      notIn: ['SERVING'],
      drift: { threshold: 0.1 },
    })
    expect(rules.map(({ kind }) => kind)).toEqual(['required', 'range', 'unique-to', 'not-in', 'drift'])
    expect(rulesOf({ type: 'text', presence: { minFraction: 0.9 } })).toEqual([{ kind: 'present', share: 0.9 }])
    expect(rulesOf({ type: 'text' })).toEqual([])
    const id = rulesOf({
      type: 'text',
      domain: { pattern: '[0-9]+' },
      unique: { minFraction: 1, maxFraction: 1 },
      drift: false,
      skew: { threshold: 0.2 },
      checks: { short: 'length(id) < 9' },
    })
    expect(id.map(({ kind }) => kind)).toEqual([
      'pattern',
      'never-repeats',
      'unique-share-to',
      'no-drift',
      'skew',
      'checks',
    ])
  })
})

describe('checkEdit', () => {
  const path = ['checks', 'in order']
  it('leaves a check that is SQL alone as short as it can be', () => {
    expect(checkEdit(path, 'a < b', 'sql', 'a <= b')).toEqual({ kind: 'set', path, value: 'a <= b' })
    expect(checkEdit(path, 'a < b', 'severity', 'warning')).toEqual({
      kind: 'set',
      path,
      value: { sql: 'a < b', severity: 'warning' },
    })
  })
  it('sets and takes away parts of a long one', () => {
    const check = { sql: 'a < b', minFraction: 0.9 }
    expect(checkEdit(path, check, 'sql', 'a <= b')).toEqual({ kind: 'set', path: [...path, 'sql'], value: 'a <= b' })
    expect(checkEdit(path, check, 'minFraction', undefined)).toEqual({ kind: 'remove', path: [...path, 'minFraction'] })
  })
})

describe('freshnessEdit', () => {
  it('takes freshness away with its age', () => {
    expect(freshnessEdit('maxAge', '3d')).toEqual({ kind: 'set', path: ['freshness', 'maxAge'], value: '3d' })
    expect(freshnessEdit('maxAge', undefined)).toEqual({ kind: 'remove', path: ['freshness'] })
    expect(freshnessEdit('column', undefined)).toEqual({ kind: 'remove', path: ['freshness', 'column'] })
  })
})

describe('names and lines', () => {
  it('finds a free name', () => {
    expect(newColumnName([])).toBe('column')
    expect(newColumnName(['column', 'column_2'])).toBe('column_3')
  })
  it('finds the column of a line', () => {
    const lines = { date: { from: 3, to: 6 }, origin: { from: 8, to: 9 } }
    expect(columnAtLine(lines, 4)).toBe('date')
    expect(columnAtLine(lines, 9)).toBe('origin')
    expect(columnAtLine(lines, 7)).toBeUndefined()
  })
})
