import { describe, expect, it } from 'vitest'
import { driftReportSchema } from '#shared/drift.ts'
import type { Statistics } from '#shared/statistics.ts'
import { driftReport } from './summary.ts'
import { numbersColumn, textsColumn } from './testing/sample.ts'

const sides = { current: 'now', reference: 'before' }
const constant = (value: number) => new Array<number>(1_000).fill(value)
const alternating = (...values: string[]) => Array.from({ length: 1_000 }, (_, index) => values[index % values.length])
const data = (x: number[], y: number[], label: (string | undefined)[]): Statistics => ({
  rows: 1_000,
  columns: [numbersColumn('x', x), numbersColumn('y', y), textsColumn('late', label)],
})
const before = data(constant(1), constant(1), alternating('no', 'yes'))
const importance = (x: number, y: number) => ({
  inputs: [
    { name: 'x', mean: x, deviation: 0 },
    { name: 'y', mean: y, deviation: 0 },
  ],
  words: 'm 1',
})

describe('L1.7, T5: the weighted drift', () => {
  it('counts a column as much as the model leans on it', () => {
    // x has nothing in common with before: a distance of 1.
    const now = data(constant(5), constant(1), alternating('no', 'yes'))
    const drift = (x: number, y: number) =>
      driftReport(sides, now, before, { target: 'late', importance: importance(x, y) }).summary
    expect(drift(0.3, 0.1)).toMatchObject({
      weightedDrift: expect.closeTo(0.75, 9),
      verdict: 'retrain',
      weights: 'm 1',
    })
    expect(drift(0.1, 0.9)?.weightedDrift).toBeCloseTo(0.1, 9)
    expect(drift(-0.2, 0.5)).toMatchObject({ weightedDrift: 0, verdict: 'stable', reasons: [] })
    // A model that leans on nothing says nothing: all columns weigh the same.
    expect(drift(0, 0)).toMatchObject({ weightedDrift: expect.closeTo(0.5, 9), weights: null })
  })

  it('leaves the target out, whose drift asks for a retraining by itself', () => {
    const now = data(constant(1), constant(1), alternating('no', 'no', 'no', 'yes'))
    const report = driftReport(sides, now, before, { target: 'late' })
    expect(report.results[2]).toMatchObject({ feature: 'late', target: true, weight: null, drifted: true })
    expect(report.summary).toMatchObject({ weightedDrift: 0, verdict: 'retrain' })
    expect(report.summary?.reasons).toEqual(['The target "late" drifted: 0.25 against 0.1.'])
  })

  it('names columns that appear, vanish and change their type', () => {
    const now = { rows: 2, columns: [textsColumn('x', ['a', 'b']), numbersColumn('z', [1, 2])] }
    const { results, summary } = driftReport(sides, now, before)
    expect(summary).toMatchObject({ appeared: ['z'], vanished: ['y', 'late'], changedType: ['x'], verdict: 'stable' })
    expect(results).toMatchObject([{ feature: 'x', value: null, drifted: false, distance: 0 }])
  })

  it('is a report that the contract knows; reports of before are read as well', () => {
    expect(driftReportSchema.parse(driftReport(sides, before, before)).summary?.weightedDrift).toBe(0)
    const result = { feature: 'x', measure: 'l-infinity', value: 0.1, threshold: 0.2, drifted: false }
    const old = { current: 'a', reference: 'b', currentRows: 1, referenceRows: 1, results: [result] }
    expect(driftReportSchema.parse(old)).toEqual(old)
  })

  it('shows both distributions, the commonest values one by one', () => {
    const many = Array.from({ length: 1_000 }, (_, index) => `v${index % 30}`)
    const rows = { rows: 1_000, columns: [textsColumn('place', many)] }
    const cells = driftReport(sides, rows, rows).results[0]?.cells ?? []
    expect(cells.filter(({ kind }) => kind === 'value')).toHaveLength(20)
    const sum = (side: 'current' | 'reference') => cells.reduce((total, cell) => total + cell[side], 0)
    expect(sum('current')).toBeCloseTo(1, 9)
    expect(sum('reference')).toBeCloseTo(1, 9)
  })
})
