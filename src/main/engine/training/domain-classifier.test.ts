import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withTables } from '../tables/duckdb.ts'
import { chanceLimit, classifyDomains } from './domain-classifier.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'esteira-domains-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

/** Both columns are uniform on their own, in either sample; `together` ties the one to the other. */
function rows(count: number, seed: number, together: boolean): string {
  const uniform = (salt: number) => `(hash(range, ${seed + salt}) % 1000000 / 1000000.0)`
  return `select ${uniform(1)} as x, ${together ? `1 - ${uniform(1)}` : uniform(2)} as y,
    'p' || (hash(range, ${seed + 3}) % 8) as place from range(${count})`
}

async function told(current: string, reference: string, seed = 1) {
  return await withTables(async (tables) => {
    const [a, b] = [join(folder, 'a.parquet'), join(folder, 'b.parquet')]
    await tables.writeParquet(current, a)
    await tables.writeParquet(reference, b)
    return await classifyDomains(tables, {
      current: a,
      reference: b,
      columns: ['x', 'y', 'place'],
      scratchPath: folder,
      seed,
      signal: new AbortController().signal,
      deviations: 2.326,
    })
  })
}

describe('L1.7: multivariate drift', () => {
  it('finds columns that no longer go together, though each looks the same', async () => {
    const drift = await told(rows(3_000, 10, true), rows(4_000, 20, false))
    expect(drift).toMatchObject({ drifted: true, rows: 3_000, limit: 0.6, columns: ['x', 'y', 'place'] })
    expect(drift?.auc).toBeGreaterThan(0.75)
  }, 60_000)

  it('raises no alarm where nothing drifts, in small samples too', async () => {
    for (const seed of [1, 2, 3]) {
      const drift = await told(rows(200, 100 * seed, false), rows(400, 100 * seed + 50, false), seed)
      expect(drift).toMatchObject({ drifted: false, rows: 200 })
    }
    expect(await told(rows(99, 1, true), rows(1_000, 2, false))).toBeUndefined()
  }, 60_000)

  it('asks for more of small samples: 0.5 and so many deviations', () => {
    // √(101 / (12 · 50 · 50)) = 0.058023
    expect(chanceLimit(50, 50, 2)).toBeCloseTo(0.616_046, 5)
    expect(chanceLimit(5_000, 5_000, 2)).toBeCloseTo(0.511_548, 5)
    expect(chanceLimit(1, 1, 9)).toBe(1)
  })
})
