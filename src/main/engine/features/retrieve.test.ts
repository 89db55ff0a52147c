import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { FeatureView } from '#shared/features.ts'
import { parquetSource, type Tables, withTables } from '../tables/duckdb.ts'
import { createHistory } from './history.ts'
import { retrieveFeatures, type ViewRequest } from './retrieve.ts'
import { verifyRetrieval } from './verify-retrieval.ts'
import { viewColumns } from './view-columns.ts'
import { parseFeatureView } from './views.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'esteira-retrieve-'))
})
afterAll(() => rm(folder, { recursive: true }))

function view(lines: string, query: string): FeatureView {
  const parsed = parseFeatureView(`name: v\n${lines}\nquery: ${JSON.stringify(query)}\n`, 'features/v.yaml')
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.view
}

const plain = 'entity: k\neventTime: e'
const known = `${plain}\nknownAt: a`

interface Asked {
  readonly labels: string
  readonly views: readonly FeatureView[]
  readonly requests?: readonly Partial<ViewRequest>[]
  readonly ignoreKnownAt?: boolean
}

/** The rows that retrieving gives, as JSON. */
async function retrieve(tables: Tables, { labels, views, requests = [], ignoreKnownAt = false }: Asked) {
  const labelsPath = join(folder, 'labels.parquet')
  const outputPath = join(folder, 'output.parquet')
  await tables.writeParquet(labels, labelsPath)
  const asked = views.map((one, index) => ({
    view: one,
    features: undefined,
    columns: {},
    entity: {},
    ...requests[index],
  }))
  const retrieved = await retrieveFeatures(tables, { labelsPath, outputPath, time: 't', views: asked, ignoreKnownAt })
  return {
    ...retrieved,
    table: await tables.rows(`from ${parquetSource(outputPath)}`, z.record(z.string(), z.unknown())),
  }
}

/** The values of the feature `f` for the labels. */
async function values(asked: Asked): Promise<unknown[]> {
  const { table } = await withTables((tables) => retrieve(tables, asked))
  return table.map(({ f }) => f)
}

const at = (time: string) => `select 'x' as k, timestamp '2001-01-01 ${time}' as t`
const rows = (...list: [string, string, string | number][]) =>
  list
    .map(
      ([e, a, f]) => `select 'x' as k, timestamp '2001-01-01 ${e}' as e, timestamp '2001-01-01 ${a}' as a, ${f} as f`,
    )
    .join(' union all ')
const historical = (...list: [string, string | number][]) =>
  `select * exclude (a) from (${rows(...list.map(([e, f]): [string, string, string | number] => [e, e, f]))})`

describe('L1.9: features at the time of a label', () => {
  it('are the latest of the past, never of the future', async () => {
    const views = [view(plain, historical(['08:00', 1], ['09:00', 2], ['10:00', 3]))]
    const labels = ['07:59:59.999999', '08:00', '08:30', '09:59:59.999999', '10:00', '23:00']
      .map(at)
      .join(' union all ')
    expect(await values({ labels, views })).toEqual([null, 1, 1, 2, 3, 3])
  })

  it('are those that were known then: a back-fill changes nothing before it became known', async () => {
    // The value of 08:00 is corrected at 12:00; that of 07:00 arrives last of all.
    const views = [
      view(known, rows(['08:00', '08:00', 1], ['08:00', '12:00', 2], ['09:00', '09:30', 3], ['07:00', '13:00', 4])),
    ]
    const labels = ['07:30', '08:10', '09:10', '09:30', '12:30', '14:00'].map(at).join(' union all ')
    expect(await values({ labels, views })).toEqual([null, 1, 1, 3, 3, 3])
    expect(await values({ labels, views, ignoreKnownAt: true })).toEqual([4, 2, 3, 3, 3, 3])
  })

  it('are found behind a newer event that became known earlier', async () => {
    const views = [view(known, rows(['08:00', '10:00', 1], ['09:00', '09:00', 2]))]
    expect(await values({ labels: `${at('08:30')} union all ${at('09:30')} union all ${at('10:30')}`, views })).toEqual(
      [null, 2, 2],
    )
    // A forecast: known before it holds.
    const forecast = [view(known, rows(['12:00', '06:00', 1], ['08:00', '08:00', 2]))]
    expect(await values({ labels: `${at('09:00')} union all ${at('12:00')}`, views: forecast })).toEqual([2, 1])
  })

  it('of the same event and known-at time are the same in every order of rows', async () => {
    const twice: [string, string, string | number][] = [
      ['08:00', '09:00', 5],
      ['08:00', '09:00', 7],
      ['08:00', '08:30', 9],
      ['08:00', '09:00', 'null'],
    ]
    for (const list of [twice, twice.toReversed()]) {
      expect(await values({ labels: at('10:00'), views: [view(known, rows(...list))] })).toEqual([null])
      const present = list.filter(([, , f]) => f !== 'null')
      expect(await values({ labels: at('10:00'), views: [view(known, rows(...present))] })).toEqual([7])
    }
    const duplicates = historical(['08:00', 1], ['08:00', 1], ['08:00', 3], ['08:00', 2])
    expect(await values({ labels: at('10:00'), views: [view(plain, duplicates)] })).toEqual([3])
  })

  it('end with the ttl, to the microsecond', async () => {
    const views = [view(`${plain}\nttl: 1h`, historical(['08:00', 1]))]
    const labels = ['08:59', '09:00', '09:00:00.000001'].map(at).join(' union all ')
    expect(await values({ labels, views })).toEqual([1, 1, null])
    // A newer value that was not yet known does not hide that the old one has ended.
    const late = [view(`${known}\nttl: 1h`, rows(['08:00', '08:00', 1], ['09:00', '11:00', 2]))]
    expect(await values({ labels: at('09:30'), views: late })).toEqual([null])
  })

  it('compare instants, whatever the time zone and precision they are written in', async () => {
    const zoned = `select 'x' as k, timestamptz '2001-01-01 08:00:00+02:00' as e, 1 as f
      union all select 'x', timestamptz '2001-01-01 08:00:00Z', 2`
    const labels = `select 'x' as k, timestamptz '2001-01-01 09:00:00+03:00' as t
      union all select 'x', timestamptz '2001-01-01 09:00:00+01:00'
      union all select 'x', timestamptz '2001-01-01 05:59:59Z'`
    expect(await values({ labels, views: [view(plain, zoned)] })).toEqual([1, 2, null])
    const days = `select 'x' as k, date '2001-01-01' as e, 1 as f`
    expect(await values({ labels: at('00:00'), views: [view(plain, days)] })).toEqual([1])
    const fine = `select 'x' as k, '2001-01-01 08:00:00.000000001'::timestamp_ns as e, 1 as f`
    expect(
      await values({ labels: `${at('08:00')} union all ${at('08:00:00.000001')}`, views: [view(plain, fine)] }),
    ).toEqual([null, 1])
  })

  it('are missing for entities, times and rows that are missing', async () => {
    const views = [
      view(
        known,
        `${rows(['08:00', '08:00', 1])}
      union all select null, timestamp '2001-01-01', timestamp '2001-01-01', 2
      union all select 'x', null, timestamp '2001-01-01', 3
      union all select 'x', timestamp '2001-01-01 09:00', null, 4
      union all select 'x', timestamp 'infinity', timestamp '2001-01-01', 5`,
      ),
    ]
    const labels = `${at('10:00')} union all select 'y', timestamp '2001-01-02' union all select null, timestamp '2001-01-02'
      union all select 'x', null union all select 'x', timestamp 'infinity'`
    expect(await values({ labels, views })).toEqual([1, null, null, null, null])
    expect(await values({ labels, views: [view(plain, "select 'x' as k, now() as e, 1 as f where false")] })).toEqual([
      null,
      null,
      null,
      null,
      null,
    ])
  })

  it('come from several views at once, by several keys, in the order of the labels', async () => {
    const pairs = view(
      'entity: [k, k2]\neventTime: e',
      `select 'x' as k, 1 as k2, timestamp '2001-01-01' as e, 'a' as g, 1.5 as h
      union all select 'x', 2, timestamp '2001-01-01', 'b', 2.5`,
    )
    const asked: Asked = {
      labels: `select 'x' as k, 3 - i as "Other key", timestamp '2001-01-01 12:00' as t, i from range(1, 4) as n(i)`,
      views: [view(plain, historical(['08:00', 1])), pairs],
      requests: [{ features: ['f'], columns: { f: 'busy' } }, { entity: { k2: 'Other key' } }],
    }
    const { table, manifest, filled } = await withTables((tables) => retrieve(tables, asked))
    expect(table.map(({ i, busy, g, h }) => [i, busy, g, h])).toEqual([
      [1, 1, 'b', 2.5],
      [2, 1, 'a', 1.5],
      [3, 1, null, null],
    ])
    expect(filled).toEqual(
      new Map([
        ['busy', 3],
        ['g', 2],
        ['h', 2],
      ]),
    )
    expect(manifest.features).toEqual([
      {
        column: 'busy',
        view: 'v',
        viewVersion: asked.views[0]?.version,
        feature: 'f',
        entity: [{ key: 'k', column: 'k' }],
        eventTime: 't',
        ttlMs: null,
      },
      expect.objectContaining({
        column: 'g',
        entity: [
          { key: 'k', column: 'k' },
          { key: 'k2', column: 'Other key' },
        ],
      }),
      expect.objectContaining({ column: 'h' }),
    ])
  })
})

const hour = (n: number) => `timestamp '2001-01-01' + interval ${n} hour`

it('L1.9: an answer that is not the latest known value is found out', async () => {
  await withTables(async (tables) => {
    const source = `(select 'x' as k, i as __esteira_row, ${hour(2)} as __esteira_time from range(3) as n(i))`
    const outputPath = join(folder, 'leaking.parquet')
    const leaking = view(known, rows(['01:00', '01:00', 1], ['01:30', '02:00:01', 2]))
    const columns = viewColumns(leaking, await tables.describe(leaking.query)).columns
    const history = await createHistory(tables, 'history_0', leaking, columns)
    const features = [{ feature: 'f', column: 'f' }]
    const joined = [{ table: 'history_0', history, entity: [{ key: 'k', column: 'k' }], features, ttlMs: null }]
    await tables.writeParquet('select 1 as f from range(3)', outputPath)
    await verifyRetrieval(tables, { source, joined, outputPath, rows: 3 })
    await tables.writeParquet('select case i when 1 then 2 else 1 end as f from range(3) as n(i)', outputPath)
    await expect(verifyRetrieval(tables, { source, joined, outputPath, rows: 3 })).rejects.toThrow(/^1 of 3 rows/)
  })
})

describe('L1.9: what cannot be retrieved', () => {
  const views = [view(plain, historical(['08:00', 1]))]
  it.each([
    [
      'a column that is no time',
      { labels: `select 'x' as k, 5 as t`, views },
      { code: 'parameter-invalid', context: { where: 'time' } },
    ],
    [
      'an entity that the table lacks',
      { labels: `select 'x' as kk, now() as t`, views },
      { code: 'column-not-found', context: { where: 'entities.k', nearest: 'kk' } },
    ],
    [
      'keys of different types',
      { labels: 'select 1 as k, now() as t', views },
      { code: 'parameter-invalid', context: { found: 'integer in the table, text in the view' } },
    ],
    [
      'a name that is taken',
      { labels: `select 'x' as k, now() as t, 1 as F`, views },
      { code: 'parameter-invalid', context: { next: expect.stringContaining('v/f') } },
    ],
    [
      'a feature that the view lacks',
      { labels: at('09:00'), views, requests: [{ features: ['ff'] }] },
      { code: 'column-not-found', context: { nearest: 'f' } },
    ],
    [
      'a view whose columns changed',
      { labels: at('09:00'), views: [view(plain, `select 'x' as k, 'soon' as e, 1 as f`)] },
      {
        code: 'feature-view-invalid',
        context: { problems: [expect.objectContaining({ path: 'eventTime', found: 'a column of type VARCHAR' })] },
      },
    ],
    [
      'a view whose SQL no longer runs',
      { labels: at('09:00'), views: [view(plain, 'select gone as k, now() as e, 1 as f')] },
      { code: 'query-failed', context: { where: 'features/v.yaml: query' } },
    ],
  ])('is refused: %s', async (_, asked, problem) => {
    await expect(values(asked)).rejects.toMatchObject(problem)
  })
})
