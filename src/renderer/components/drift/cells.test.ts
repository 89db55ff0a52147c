import { expect, it } from 'vitest'
import type { DriftCell, DriftResult } from '#shared/drift.ts'
import { byConcern, drawnOf, topShare } from './cells.ts'

const value = (name: string, current: number, reference = current): DriftCell => ({
  kind: 'value',
  value: name,
  current,
  reference,
})
const range = (from: number, current = 0.1): DriftCell => ({
  kind: 'range',
  from,
  to: from + 1,
  current,
  reference: 0.1,
})

it('many ranges stand side by side, and what is no number apart', () => {
  const ranges = Array.from({ length: 7 }, (_, from) => range(from))
  const missing: DriftCell = { kind: 'missing', current: 0.2, reference: 0 }
  const infinite: DriftCell = { kind: 'infinite', current: 0, reference: 0 }
  expect(drawnOf([...ranges, missing, infinite])).toEqual({ kind: 'ranges', ranges, apart: [missing] })
})

it('few ranges are told one by one', () => {
  expect(drawnOf([range(0), range(1)])).toMatchObject({ kind: 'values', more: 0 })
})

it('of many values the commonest in either sample are drawn, in the order given', () => {
  const rare = Array.from({ length: 8 }, (_, index) => value(`rare ${index}`, 0.01 * (index + 1)))
  const vanished = value('vanished', 0, 0.5)
  const drawn = drawnOf([...rare, vanished])
  expect(drawn).toEqual({ kind: 'values', values: [...rare.slice(1), vanished], more: 1 })
})

it('without a value there is nothing to draw', () => {
  expect(drawnOf([])).toEqual({ kind: 'nothing' })
  expect(drawnOf([value('never', 0)])).toEqual({ kind: 'nothing' })
})

it('the axis reaches the larger share of both samples', () => {
  expect(topShare([value('a', 0.2, 0.6), value('b', 0.5)])).toBe(0.6)
})

it('what drifted comes first, then what weighs more, then what moved further', () => {
  const result = (feature: string, drifted: boolean, weight: number | null, moved: number): DriftResult => ({
    feature,
    measure: 'l-infinity',
    value: moved,
    threshold: 0.1,
    drifted,
    weight,
  })
  const sorted = byConcern([
    result('still', false, 0.1, 0.01),
    result('further', false, 0.1, 0.02),
    result('heavy', false, 0.8, 0),
    result('drifted', true, null, 0.3),
  ])
  expect(sorted.map(({ feature }) => feature)).toEqual(['drifted', 'heavy', 'further', 'still'])
})
