/** What the request log says of requests as such: how many, how fast, how they failed; and of the features read for them. */
import { z } from 'zod'
import type { FeatureStatus } from '#shared/online.ts'
import type { Tables } from '../../tables/duckdb.ts'
import { type RequestFigures, shownPercentiles } from '../checks/requests.ts'
import type { ViewReads } from '../checks/staleness.ts'
import { failedRelation, type RequestSpan } from '../requests/relation.ts'
import { withRequests } from '../requests/with-requests.ts'
import { answered } from './logged-rows.ts'

const answeredRow = z.object({ n: z.number(), latencies: z.array(z.number()).nullable() })
const failedRow = z.object({ code: z.string(), n: z.number() })

/** A request of many rows counts once. */
export async function requestFigures(
  tables: Tables,
  logPath: string,
  span: RequestSpan,
  percentile?: number,
): Promise<RequestFigures> {
  const percentiles = [...new Set([...shownPercentiles, ...(percentile === undefined ? [] : [percentile])])]
  const shares = percentiles.map((each) => each / 100).join(', ')
  const found = await withRequests(logPath, span, ({ sql }) =>
    tables.row(
      `select count(*) as n, quantile_cont(latency_ms, [${shares}]) as latencies from ${sql} where ${answered} and "row" = 0`,
      answeredRow,
    ),
  )
  return {
    answered: found.n,
    failed: await failures(tables, logPath, span),
    latencyMs: Object.fromEntries(percentiles.flatMap((each, index) => latency(each, found.latencies?.[index]))),
  }
}

function latency(percentile: number, value: number | undefined): [string, number][] {
  return value === undefined ? [] : [[String(percentile), value]]
}

const attempts = 4

/** Asked again where a file was compacted meanwhile, as `withRequests` does. */
async function failures(tables: Tables, logPath: string, span: RequestSpan): Promise<Record<string, number>> {
  for (let attempt = 1; ; attempt++) {
    const { sql } = await failedRelation(logPath, span)
    try {
      const rows = await tables.rows(
        `select code, count(*) as n from ${sql} group by code order by n desc, code`,
        failedRow,
      )
      return Object.fromEntries(rows.map(({ code, n }) => [code, n]))
    } catch (error) {
      if (attempt === attempts) throw error
    }
  }
}

const readRow = z.object({ view: z.string(), status: z.string(), n: z.number() })

/** How the reads from the online store ended, by view. */
export async function featureReads(tables: Tables, logPath: string, span: RequestSpan): Promise<ViewReads[]> {
  const rows = await withRequests(logPath, span, ({ sql }) =>
    tables.rows(
      `select one.view as view, one.status as status, count(*) as n
        from (select unnest(from_json(features, '[{"view":"VARCHAR","status":"VARCHAR"}]')) as one
          from ${sql} where ${answered} and features is not null)
        group by all order by view`,
      readRow,
    ),
  )
  return [...Map.groupBy(rows, ({ view }) => view)].map(([view, own]) => {
    const count = (status: FeatureStatus) => own.find((row) => row.status === status)?.n ?? 0
    return { view, fresh: count('fresh'), stale: count('stale'), missing: count('missing') }
  })
}
