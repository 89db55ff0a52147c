import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FeatureData } from '#shared/features.ts'
import { withTables } from '../tables/duckdb.ts'
import { checkFeatureView, describeFeatureView } from './check.ts'
import { parseFeatureView } from './views.ts'

let project = ''
let scratchPath = ''
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'esteira-check-'))
  scratchPath = join(project, 'scratch')
  await mkdir(scratchPath)
  const rows = [
    'JFK,2001-01-01 08:00,2001-01-01 09:00,5',
    'LAX,2001-01-01 10:00,2001-01-01 11:00,7',
    'JFK,2001-01-01 08:00,2001-01-01 09:00,6',
  ]
  await writeFile(join(project, 'counts.csv'), `origin,hour,known,flights\n${rows.join('\n')}\n`)
  await writeFile(join(project, 'gaps.csv'), 'origin,hour,flights\nJFK,,5\n,2001-01-01 08:00,\n')
})
afterAll(() => rm(project, { recursive: true }))

const datasets = { counts: { path: 'counts.csv' }, gaps: { path: 'gaps.csv' } }
const now = Date.UTC(2001, 0, 1, 12)

function parsed(lines: string) {
  const view = parseFeatureView(`name: v\n${lines}\n`, 'features/v.yaml')
  if (!view.ok) throw new Error(JSON.stringify(view.problems))
  return view
}

async function check(lines: string): Promise<FeatureData> {
  const { view, positions } = parsed(lines)
  return await withTables((tables) =>
    checkFeatureView(tables, { view, positions, project: { path: project, datasets }, scratchPath, now }),
  )
}

const good = 'entity: origin\neventTime: hour\nknownAt: known\nttl: 1h\nquery: from counts'

describe('L1.9: a view checked against its data', () => {
  it('tells columns, rows, entities, duplicates, freshness and statistics', async () => {
    const { check: found, statistics, freshness } = await check(good)
    expect(found).toMatchObject({
      datasets: ['counts'],
      rows: 3,
      entities: 2,
      duplicates: 1,
      oldestEventAt: Date.UTC(2001, 0, 1, 8),
      newestEventAt: Date.UTC(2001, 0, 1, 10),
      problems: [],
      warnings: [
        '1 row shares entity and times with another one: of such rows the one with the greatest values is used.',
      ],
    })
    expect(found.columns.map(({ name, role }) => [name, role])).toEqual([
      ['origin', 'entity'],
      ['hour', 'event-time'],
      ['known', 'known-at'],
      ['flights', 'feature'],
    ])
    expect(found.sample).toHaveLength(3)
    expect(statistics).toMatchObject([{ name: 'flights', numeric: { min: 5, max: 7, mean: 6 } }])
    expect(freshness).toEqual({ newestEventAt: Date.UTC(2001, 0, 1, 10), ageMs: 7_200_000, stale: true })
  })

  it('names every column that is missing or of another type, at its place', async () => {
    const { check: found } = await check(
      'entity: [origin, gate]\neventTime: flights\nknownAt: knwn\nquery: from counts',
    )
    expect(found.problems).toMatchObject([
      { file: 'features/v.yaml', line: 2, message: 'The query gives no column "gate".' },
      {
        line: 3,
        column: 12,
        message: 'The column "flights" cannot be the event time.',
        found: 'a column of type BIGINT',
        expected: 'timestamp',
      },
      { line: 4, message: 'The query gives no column "knwn".', nearest: 'known' },
    ])
  })

  it('needs a feature, keys and event times', async () => {
    const none = await check('entity: origin\neventTime: hour\nquery: select origin, hour from counts')
    expect(none.check.problems).toMatchObject([
      { line: 4, path: 'query', message: expect.stringContaining('no feature') },
    ])
    const gaps = await check('entity: origin\neventTime: hour\nquery: from gaps')
    expect(gaps.check.problems.map(({ line, path, message }) => [line, path, message])).toEqual([
      [2, 'entity', 'The column "origin" is missing in 1 row.'],
      [3, 'eventTime', 'The column "hour" is missing in 1 row.'],
    ])
  })

  it.each([
    ['SQL that cannot be read', 'selec 1', {}],
    ['a dataset that there is not', 'from count', { found: 'count', nearest: 'counts' }],
    ['a file beside the datasets', "from counts union all by name from read_csv('/etc/passwd')", {}],
    ['a column that vanished', 'select origin, hour, gone from counts', {}],
    ['values of another type at run time', 'select origin, hour, (origin || flights)::int as f from counts', {}],
    ['several statements', 'from counts; from counts', {}],
  ])('says what is wrong with the query: %s', async (_, query, problem) => {
    const { check: found } = await check(`entity: origin\neventTime: hour\nquery: ${JSON.stringify(query)}`)
    expect(found.problems).toMatchObject([{ file: 'features/v.yaml', line: 4, path: 'query', ...problem }])
  })

  it('warns of what may be meant or not', async () => {
    const query = 'select origin, hour, null::timestamp as known, null::int as nothing, [flights] as list from counts'
    const { check: found } = await check(`entity: origin\neventTime: hour\nknownAt: known\nquery: ${query}`)
    expect(found.warnings).toEqual([
      expect.stringContaining('1 row shares'),
      '"known" is missing in 3 rows: they count as never known.',
      'The feature "nothing" has no value in any row.',
      'No model can read the feature "list": it is of type BIGINT[].',
    ])
    const { check: empty, freshness } = await check(
      'entity: origin\neventTime: hour\nttl: 1h\nquery: from counts where false',
    )
    expect(empty.warnings).toEqual(['The query gives no rows: every feature is missing everywhere.'])
    expect(freshness).toEqual({ newestEventAt: null, ageMs: null, stale: null })
  })

  it('can be described without a look at its rows', async () => {
    const columns = await withTables((tables) =>
      describeFeatureView(tables, parsed(good).view, { path: project, datasets }, scratchPath),
    )
    expect(columns.map(({ name }) => name)).toEqual(['origin', 'hour', 'known', 'flights'])
  })
})
