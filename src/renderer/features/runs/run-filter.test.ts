import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runStatusSchema } from '#shared/runs.ts'
import { narrows, nextSort, readFilter, sameView, toQuery, writeFilter } from './run-filter.ts'

const word = fc.stringMatching(/^[\p{L}\p{N}._ -]{1,20}$/u).filter((text) => text.trim() === text)
const filters = fc.record({
  pipeline: fc.option(word, { nil: undefined }),
  status: fc.uniqueArray(fc.constantFrom(...runStatusSchema.options)),
  startedBy: fc.option(word, { nil: undefined }),
  search: fc.option(word, { nil: undefined }),
  period: fc.constantFrom(undefined, '24h' as const, '7d' as const, '30d' as const),
  metric: fc.constantFrom(undefined, 'auc > 0.63', 'f1<=1e-3'),
  sort: fc.constantFrom('newest', 'duration', 'metric:auc'),
  ascending: fc.boolean(),
  metrics: fc.option(fc.uniqueArray(fc.constantFrom('auc', 'f1', 'logLoss')), { nil: undefined }),
})

describe('the address', () => {
  it('keeps every filter', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        expect(readFilter(new URLSearchParams(writeFilter(filter)))).toEqual(filter)
      }),
    )
  })

  it('of the plain page is empty', () => {
    expect(writeFilter(readFilter(new URLSearchParams()))).toEqual({})
    expect(narrows(readFilter(new URLSearchParams('sort=duration&columns=auc')))).toBe(false)
  })

  it('that makes no sense is read as far as it does', () => {
    const filter = readFilter(new URLSearchParams('status=failed,odd&period=1y&metric=auc&sort=id&order=x'))
    expect(filter).toMatchObject({ status: ['failed'], sort: 'newest', ascending: false })
    expect(filter.period).toBeUndefined()
    expect(filter.metric).toBeUndefined()
  })
})

it('asks the engine for a period that begins at a round instant', () => {
  const filter = readFilter(new URLSearchParams('period=24h&status=failed,cancelled&order=up'))
  expect(toQuery(filter, 'p1', 86_400_000 + 299_999)).toMatchObject({
    projectId: 'p1',
    createdFrom: 0,
    status: 'failed,cancelled',
    sort: 'newest',
    direction: 'ascending',
  })
})

it('turns the order of a column around, then leaves it', () => {
  const plain = readFilter(new URLSearchParams())
  const first = { ...plain, ...nextSort(plain, 'duration') }
  const second = { ...first, ...nextSort(first, 'duration') }
  expect([first, second].map(({ sort, ascending }) => [sort, ascending])).toEqual([
    ['duration', false],
    ['duration', true],
  ])
  expect(nextSort(second, 'duration')).toEqual({ sort: 'newest', ascending: false })
})

it('tells the view that is shown by what it asks for, not by the order of its words', () => {
  expect(sameView({ a: '1', b: '2' }, { b: '2', a: '1' })).toBe(true)
  expect(sameView({ a: '1' }, { a: '1', b: '2' })).toBe(false)
})
