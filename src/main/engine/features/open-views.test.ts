import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { FeatureView } from '#shared/features.ts'
import { subquery, withTables } from '../tables/duckdb.ts'
import { openFeatureViews } from './open-views.ts'
import { parseFeatureView } from './views.ts'

let project = ''
let scratchPath = ''
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'esteira-open-views-'))
  scratchPath = await mkdtemp(join(tmpdir(), 'esteira-scratch-'))
  await writeFile(join(project, 'flights.csv'), 'origin,delay\nJFK,20\nLAX,3\nJFK,1\n')
  await writeFile(join(project, 'airports.csv'), 'code;name\nJFK;Kennedy\nLAX;Los Angeles\n')
  await writeFile(join(project, 'secret.csv'), 'a\n1\n')
})
afterAll(async () => {
  await rm(project, { recursive: true })
  await rm(scratchPath, { recursive: true })
})

const datasets = {
  'late-flights': {
    path: 'flights.csv',
    query: 'with late as (from source where delay >= 15) select * from late -- all',
  },
  Airports: { path: 'airports.csv' },
  unused: { path: 'nowhere.csv' },
}

function view(query: string): FeatureView {
  const parsed = parseFeatureView(
    `name: v\nentity: origin\neventTime: at\nquery: |\n${query.replaceAll(/^/gm, '  ')}\n`,
    'features/v.yaml',
  )
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.view
}

async function rows(query: string): Promise<unknown[]> {
  return await withTables(async (tables) => {
    const views = [view(query)]
    const opened = await openFeatureViews(tables, views, { path: project, datasets }, { scratchPath })
    try {
      return await tables.rows(`from ${subquery(query)}`, z.unknown())
    } catch (error) {
      throw opened.describeError(error)
    }
  })
}

describe('the SQL of a view', () => {
  it('L1.9: sees the datasets of the project by name, as they declare their rows', async () => {
    const query = `with busy as (select origin, count(*) as n from "late-flights" group by all)
      select n, name from busy join airports on code = origin`
    expect(await rows(query)).toEqual([{ n: 1, name: 'Kennedy' }])
  })

  it('L1.9: names the nearest dataset where there is none of the name', async () => {
    await expect(rows('from airport')).rejects.toMatchObject({
      code: 'dataset-not-found',
      context: { where: 'features/v.yaml: query', nearest: 'Airports' },
    })
  })

  it('L1.9: reads nothing but datasets', async () => {
    await expect(rows(`from airports, read_csv('${join(project, 'secret.csv')}')`)).rejects.toMatchObject({
      code: 'query-failed',
    })
    await expect(rows("copy airports to 'x'")).rejects.toMatchObject({ code: 'query-failed' })
    await expect(rows('select 1; select 2')).rejects.toMatchObject({ code: 'query-failed' })
  })
})
