import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ColumnBatch } from '../tables/columns.ts'
import { type BatchLimits, MicroBatcher } from './micro-batcher.ts'

const limits: BatchLimits = { callRows: 8, waitingRequests: 100, waitingRows: 10_000 }

function batchOf(values: readonly number[]): ColumnBatch {
  return {
    length: values.length,
    columns: new Map([
      ['x', { kind: 'numeric', values: Float64Array.from(values) }],
      ['name', { kind: 'text', values: values.map((value) => (value % 2 === 0 ? null : `n${value}`)) }],
    ]),
  }
}

/** Two outputs per row: the number, and the length of the text. */
function answer(batch: ColumnBatch): Float64Array {
  const x = batch.columns.get('x')
  const name = batch.columns.get('name')
  if (x?.kind !== 'numeric' || name?.kind !== 'text') throw new Error('columns were lost')
  return Float64Array.from([...x.values].flatMap((value, row) => [value, name.values[row]?.length ?? 0]))
}

test('whatever is joined or split, every request gets the answers of its own rows', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.integer({ min: 0, max: 999 }), { minLength: 1, maxLength: 40 }), {
        minLength: 1,
        maxLength: 30,
      }),
      async (requests) => {
        const calls: number[] = []
        const batcher = new MicroBatcher(
          async (batch) => {
            calls.push(batch.length)
            await Promise.resolve()
            return answer(batch)
          },
          2,
          limits,
        )
        const answers = await Promise.all(requests.map((values) => batcher.submit(batchOf(values))))
        expect(answers).toEqual(requests.map((values) => answer(batchOf(values))))
        expect(Math.max(...calls)).toBeLessThanOrEqual(limits.callRows)
        await batcher.idle()
        expect(batcher.waitingRequests).toBe(0)
      },
    ),
    { numRuns: 60 },
  )
})

test('requests that arrive during a call go into the next one together', async () => {
  const calls: number[] = []
  let release = () => {}
  const batcher = new MicroBatcher(
    async (batch) => {
      calls.push(batch.length)
      await new Promise<void>((resolve) => {
        release = resolve
      })
      return answer(batch)
    },
    2,
    limits,
  )
  const first = batcher.submit(batchOf([1]))
  await new Promise(setImmediate)
  const rest = [2, 3, 4].map((value) => batcher.submit(batchOf([value])))
  release()
  await first
  while (calls.length < 2) await new Promise(setImmediate)
  release()
  await Promise.all(rest)
  expect(calls).toEqual([1, 3])
})

test('a large request does not hold up a small one', async () => {
  let calls = 0
  const batcher = new MicroBatcher(
    async (batch) => {
      calls++
      return answer(batch)
    },
    2,
    limits,
  )
  const large = batcher.submit(batchOf(Array.from({ length: 800 }, (_, index) => index)))
  await batcher.submit(batchOf([7]))
  expect(calls).toBe(1)
  await large
  expect(calls).toBeGreaterThanOrEqual(100)
})

test('what waits is bounded in requests and rows, and the bound is given back', async () => {
  const batcher = new MicroBatcher(async (batch) => answer(batch), 2, {
    callRows: 8,
    waitingRequests: 3,
    waitingRows: 5,
  })
  const outcomes = await Promise.allSettled([1, 2, 3, 4].map((value) => batcher.submit(batchOf([value]))))
  expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected'])
  await expect(
    Promise.all([batcher.submit(batchOf([1])), batcher.submit(batchOf([1, 2, 3, 4, 5]))]),
  ).rejects.toMatchObject({
    code: 'overloaded',
  })
  await batcher.idle()
  await expect(batcher.submit(batchOf([1, 2, 3, 4, 5, 6, 7]))).resolves.toHaveLength(14)
})

test('rows that the model cannot take fail their own request and no other', async () => {
  const batcher = new MicroBatcher(
    async (batch) => {
      const outputs = answer(batch)
      if (outputs.includes(13)) throw new Error('no thirteen')
      return outputs
    },
    2,
    limits,
  )
  const outcomes = await Promise.allSettled([1, 13, 3].map((value) => batcher.submit(batchOf([value]))))
  expect(outcomes).toMatchObject([
    { status: 'fulfilled', value: Float64Array.from([1, 2]) },
    { status: 'rejected', reason: new Error('no thirteen') },
    { status: 'fulfilled', value: Float64Array.from([3, 2]) },
  ])
})
