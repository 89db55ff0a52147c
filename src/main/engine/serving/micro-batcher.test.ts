import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ColumnBatch } from '../tables/columns.ts'
import { type BatchLimits, MicroBatcher } from './micro-batcher.ts'

const limits: BatchLimits = {
  callRows: 8,
  callMs: Number.POSITIVE_INFINITY,
  waitingRequests: 100,
  waitingRows: 10_000,
}

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
    ...limits,
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

/** Takes this long for each row, as a slow model does: nothing else runs meanwhile. */
function compute(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

test('a call is as long as the time that it may take, whatever a row costs', async () => {
  const calls: number[] = []
  const batcher = new MicroBatcher(
    async (batch) => {
      calls.push(batch.length)
      compute(batch.length)
      return answer(batch)
    },
    2,
    { ...limits, callRows: 1_000, callMs: 10 },
  )
  await batcher.submit(batchOf([1]))
  await batcher.submit(batchOf([1, 2]))
  await batcher.submit(batchOf(Array.from({ length: 200 }, (_, index) => index)))
  expect(calls.reduce((sum, rows) => sum + rows, 0)).toBe(203)
  // A row takes a millisecond, or more on a busy machine; the bound is for the hiccups of that.
  expect(calls.toSorted((a, b) => a - b)[Math.floor(calls.length / 2)]).toBeLessThanOrEqual(40)
})

test('one model flooded with rows leaves another its turns', async () => {
  const slow = new MicroBatcher(async (batch) => {
    compute(batch.length / 10)
    return answer(batch)
  }, 2)
  const quick = new MicroBatcher(async (batch) => answer(batch), 2)
  await slow.submit(batchOf([1]))
  const rows = Array.from({ length: 1_000 }, (_, index) => index)
  let floods = 0
  const flood = Promise.all(Array.from({ length: 20 }, () => slow.submit(batchOf(rows)).then(() => floods++)))
  for (let turn = 0; turn < 50; turn++) await quick.submit(batchOf([turn]))
  expect(floods).toBe(0)
  await flood
})

test('what passes its time limit is told so and dropped, and the rest goes on', async () => {
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
  const passed = { code: 'deadline-passed' }
  const first = batcher.submit(batchOf([1]), performance.now() + 20)
  const long = batcher.submit(batchOf(Array.from({ length: 20 }, (_, index) => index)), performance.now() + 30)
  const patient = batcher.submit(batchOf([7]))
  await expect(batcher.submit(batchOf([1]), performance.now())).rejects.toMatchObject(passed)
  await expect(first).rejects.toMatchObject(passed)
  await expect(long).rejects.toMatchObject(passed)
  expect(batcher.waitingRequests).toBe(1)
  while (calls.length < 1) await new Promise(setImmediate)
  release()
  await patient.catch(() => undefined)
  await expect(patient).resolves.toEqual(Float64Array.from([7, 2]))
  // The rows of the call that was under way, and nothing of the twenty after it.
  expect(calls).toHaveLength(1)
  await batcher.idle()
})
