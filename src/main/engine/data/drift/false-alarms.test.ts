/** What docs/drift.md promises about data that does not drift, held against many seeded resamples. */
import { describe, expect, it } from 'vitest'
import type { DriftMeasureName } from '#shared/drift.ts'
import type { Statistics } from '#shared/statistics.ts'
import { driftMeasures } from './index.ts'
import { driftReport } from './summary.ts'
import { numbersColumn, textsColumn } from './testing/sample.ts'

/** Mulberry32. */
function uniform(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

function draw<T>(rows: number, make: () => T): T[] {
  return Array.from({ length: rows }, make)
}

/** Columns of many shapes: normal, heavy-tailed, few numbers, half missing, two values, many rare values. */
function sample(rows: number, random: () => number, shift = 0): Statistics {
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  return {
    rows,
    columns: [
      numbersColumn(
        'normal',
        draw(rows, () => normal() + shift),
      ),
      numbersColumn(
        'heavy',
        draw(rows, () => Math.exp(1.5 * normal())),
      ),
      numbersColumn(
        'few',
        draw(rows, () => Math.floor(10 * random() * random())),
      ),
      numbersColumn(
        'gaps',
        draw(rows, () => (random() < 0.5 ? undefined : Math.round(1_000 * random()))),
      ),
      textsColumn(
        'rarely',
        draw(rows, () => (random() < 0.03 ? 'yes' : 'no')),
      ),
      textsColumn(
        'places',
        draw(rows, () => `p${Math.floor(300 * random() ** 3)}`),
      ),
    ],
  }
}

/** One in a hundred, and three standard deviations for the number of repeats. */
const allowed = (repeats: number) => 0.01 * repeats + 3 * Math.sqrt(0.01 * repeats)

/** Rows of the current data and of the reference. */
const sizes = [
  [25, 25],
  [30, 5_000],
  [200, 400],
  [2_000, 2_000],
] as const
const repeats = { 25: 250, 30: 60, 200: 150, 2000: 40 } as const

describe('L1.7, T5: on data that does not drift', () => {
  it.each(sizes)('samples of %i and %i rows raise no more false alarms than 1 in 100', (rows, referenceRows) => {
    const random = uniform(rows * 7 + referenceRows)
    const alarms = new Map<string, number>()
    const count = (name: string) => alarms.set(name, (alarms.get(name) ?? 0) + 1)
    for (let repeat = 0; repeat < repeats[rows]; repeat++) {
      const report = driftReport({ current: '', reference: '' }, sample(rows, random), sample(referenceRows, random))
      if (report.results.some(({ drifted }) => drifted)) count('deciding measures')
      if (report.summary?.verdict === 'retrain') count('verdict')
      if ((report.summary?.weightedDrift ?? 1) > 0) count('weighted drift')
      for (const measure of driftMeasures)
        if (report.results.some((one) => names(one, measure.name))) count(measure.name)
    }
    // Counts are of equal volume or do not mean anything.
    if (rows !== referenceRows) alarms.delete('normalized-absolute-difference')
    const most = Math.max(0, ...alarms.values())
    expect(most, JSON.stringify([...alarms])).toBeLessThanOrEqual(allowed(repeats[rows]))
  })

  it('and what does drift is found, in small samples too', () => {
    const random = uniform(3)
    const report = driftReport({ current: '', reference: '' }, sample(200, random, 2), sample(20_000, random))
    expect(report.results.filter(({ drifted }) => drifted).map(({ feature }) => feature)).toEqual(['normal'])
    expect(report.summary).toMatchObject({ verdict: 'retrain', appeared: [], vanished: [] })
  })
})

function names(
  { measures }: { measures?: { measure: string; drifted: boolean }[] | undefined },
  name: DriftMeasureName,
) {
  return measures?.some(({ measure, drifted }) => measure === name && drifted) ?? false
}
