import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Column, ColumnBatch } from '../tables/columns.ts'
import { explainRows } from './explain.ts'

function numbers(columns: Record<string, readonly number[]>): ColumnBatch {
  const entries = Object.entries(columns).map(([name, values]): [string, Column] => [
    name,
    { kind: 'numeric', values: Float64Array.from(values) },
  ])
  return { length: Object.values(columns)[0]?.length ?? 0, columns: new Map(entries) }
}

function cellOf(batch: ColumnBatch, name: string, row: number): number {
  const column = batch.columns.get(name)
  return column?.kind === 'numeric' ? (column.values[row] ?? Number.NaN) : Number.NaN
}

/** A model written as a formula over the inputs of a row. */
function model(formula: (input: (name: string) => number) => number) {
  return async (batch: ColumnBatch) =>
    Float64Array.from({ length: batch.length }, (_, row) => formula((name) => cellOf(batch, name, row)))
}

const rounded = (value: number) => Number(value.toFixed(9))

describe('the contributions of inputs', () => {
  it('of a sum are their own terms, against the mean of the background', async () => {
    const [explanation] = await explainRows({
      rows: numbers({ a: [5], b: [1] }),
      background: numbers({ a: [1, 3], b: [0, 4] }),
      predict: model((input) => 2 * input('a') - input('b') + 7),
      permutations: 4,
      seed: 1,
    })
    expect(explanation?.base).toBeCloseTo(9)
    expect(explanation?.output).toBeCloseTo(16)
    expect(explanation?.contributions.map(({ input, value }) => [input, rounded(value)])).toEqual([
      ['a', 6],
      ['b', 1],
    ])
  })

  it('share what two inputs do together, and give nothing to one that the model does not read', async () => {
    const [explanation] = await explainRows({
      rows: numbers({ a: [2], b: [3], unread: [9] }),
      background: numbers({ a: [0], b: [0], unread: [1] }),
      predict: model((input) => input('a') * input('b')),
      permutations: 1,
      seed: 1,
    })
    expect(explanation?.contributions.map(({ value }) => rounded(value))).toEqual([3, 3, 0])
  })

  it('take text as it is, a missing value too', async () => {
    const text = (values: (string | null)[]): ColumnBatch => ({
      length: values.length,
      columns: new Map<string, Column>([['airport', { kind: 'text', values }]]),
    })
    const explanations = await explainRows({
      rows: text(['JFK', null]),
      background: text(['LAX', 'JFK']),
      predict: async ({ columns, length }) => {
        const column = columns.get('airport')
        const values = column?.kind === 'text' ? column.values : []
        return Float64Array.from({ length }, (_, row) => (values[row] === 'JFK' ? 1 : 0))
      },
      permutations: 2,
      seed: 1,
    })
    expect(explanations.map(({ base, contributions }) => [base, contributions[0]?.value])).toEqual([
      [0.5, 0.5],
      [0.5, -0.5],
    ])
  })

  it('add up to the output, whatever the model', async () => {
    const value = fc.integer({ min: -50, max: 50 })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(value, value, value), { minLength: 1, maxLength: 6 }),
        fc.tuple(value, value, value),
        fc.integer({ min: 1, max: 9 }),
        fc.integer(),
        async (others, own, permutations, seed) => {
          const columns = (rows: (readonly number[])[]) =>
            numbers({ a: rows.map(([a = 0]) => a), b: rows.map(([, b = 0]) => b), c: rows.map(([, , c = 0]) => c) })
          const formula = model((input) => Math.tanh(input('a') / 10) * input('b') + Math.max(input('c'), input('a')))
          const [explanation] = await explainRows({
            rows: columns([own]),
            background: columns(others),
            predict: formula,
            permutations,
            seed,
          })
          const total = explanation?.contributions.reduce((sum, { value: share }) => sum + share, explanation.base)
          expect(total).toBeCloseTo(explanation?.output ?? Number.NaN, 9)
        },
      ),
    )
  })

  it('come with the error that sampling leaves, smaller the more is sampled', async () => {
    const request = {
      rows: numbers({ a: [1], b: [1] }),
      background: numbers({ a: [0, 1, 2, 3, 4, 5], b: [5, 1, 4, 2, 3, 0] }),
      predict: model((input) => input('a') * input('b')),
      seed: 3,
    }
    const [few] = await explainRows({ ...request, permutations: 12 })
    const [many] = await explainRows({ ...request, permutations: 1_200 })
    expect(many?.contributions[0]?.error).toBeLessThan((few?.contributions[0]?.error ?? 0) / 5)
    expect(await explainRows({ ...request, permutations: 12 })).toEqual([few])
  })
})
