import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import type { FeatureView } from '#shared/features.ts'
import { parquetSource, type Tables, withTables } from '../tables/duckdb.ts'
import { retrieveFeatures } from './retrieve.ts'
import { parseFeatureView } from './views.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'esteira-retrieve-'))
})
afterAll(() => rm(folder, { recursive: true }))

const known = 'entity: k\neventTime: e\nknownAt: a'

function view(lines: string, query: string): FeatureView {
  const parsed = parseFeatureView(`name: v\n${lines}\nquery: ${JSON.stringify(query)}\n`, 'features/v.yaml')
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.view
}

async function retrieve(tables: Tables, labels: string, asked: FeatureView) {
  const labelsPath = join(folder, 'labels.parquet')
  const outputPath = join(folder, 'output.parquet')
  await tables.writeParquet(labels, labelsPath)
  const views = [{ view: asked, features: undefined, columns: {}, entity: {} }]
  await retrieveFeatures(tables, { labelsPath, outputPath, time: 't', views })
  return await tables.rows(`from ${parquetSource(outputPath)}`, z.record(z.string(), z.unknown()))
}

const time = fc.integer({ min: 0, max: 12 })
const key = fc.constantFrom('x', 'y')
const row = fc.record({
  k: key,
  e: time,
  a: time,
  f: fc.option(fc.integer({ min: 0, max: 3 })),
  g: fc.integer({ min: 0, max: 2 }),
})
const label = fc.record({ k: fc.constantFrom('x', 'y', 'z'), t: time })
type Row = { k: string; e: number; a: number; f: number | null; g: number }

/** What a person would do with paper and pencil. */
function reference(
  list: readonly Row[],
  { k, t }: { k: string; t: number },
  ttl: number | null,
): [number | null, number] | undefined {
  const usable = list.filter((one) => one.k === k && one.e <= t && one.a <= t)
  const [best] = usable.sort(
    (one, other) => other.e - one.e || other.a - one.a || (other.f ?? 9) - (one.f ?? 9) || other.g - one.g,
  )
  return best === undefined || (ttl !== null && t - best.e > ttl) ? undefined : [best.f, best.g]
}

const hour = (n: number) => `timestamp '2001-01-01' + interval ${n} hour`
const union = (list: readonly string[]) => list.join(' union all ')

it('L1.9: features are those of a slow and obvious reference, whatever the rows', async () => {
  const lists = fc.tuple(
    fc.array(row, { minLength: 1, maxLength: 40 }),
    fc.array(label, { minLength: 1, maxLength: 30 }),
    fc.option(fc.integer({ min: 1, max: 6 })),
  )
  await fc.assert(
    fc.asyncProperty(lists, fc.constantFrom(0, 64), async ([list, asked, ttl], threshold) => {
      const query = union(
        list.map(
          ({ k, e, a, f, g }) => `select '${k}' as k, ${hour(e)} as e, ${hour(a)} as a, ${f}::int as f, ${g} as g`,
        ),
      )
      const labels = union(asked.map(({ k, t }) => `select '${k}' as k, ${hour(t)} as t`))
      const definition = ttl === null ? known : `${known}\nttl: ${ttl}h`
      const table = await withTables(
        async (tables) => {
          // DuckDB joins few labels in another way than many.
          await tables.run(`set asof_loop_join_threshold = ${threshold}`)
          return await retrieve(tables, labels, view(definition, query))
        },
        { threads: 1 },
      )
      const found = table.map(({ f, g }) => (g === null ? undefined : [f, g]))
      expect(found).toEqual(asked.map((one) => reference(list, one, ttl)))
    }),
    { numRuns: 40 },
  )
})
