/** A person's SQL over the request log of an endpoint. In the thread that answers questions. */
import type { SqlAnswer, SqlQuestion } from '#shared/data.ts'
import type { Tables } from '../../tables/duckdb.ts'
import type { LabelledRequests } from './labels.ts'
import { failedRelation, type RequestSpan } from './relation.ts'

export interface LogSqlQuestion extends RequestSpan, SqlQuestion {}

/**
 * Runs one SELECT over three tables, and nothing else on disk: `requests` (one row for each answered row, as in relation.ts,
 * with `label` and `labelled_at`), `failures`, and `labels` (each as it came).
 * @throws EsteiraError `query-failed`
 */
export async function requestSql(
  requests: LabelledRequests,
  tables: Tables,
  { sql, offset, limit, logPath, ...span }: LogSqlQuestion & { readonly logPath: string },
): Promise<SqlAnswer> {
  const failed = await failedRelation(logPath, span)
  const views = { requests: requests.labelled(requests.sql), failures: failed.sql, labels: requests.labels }
  for (const [name, relation] of Object.entries(views)) await tables.run(`create view ${name} as from ${relation}`)
  await tables.restrict({ files: [...requests.files, ...failed.files] })
  await tables.checkQuery(sql)
  const started = performance.now()
  return { ...(await tables.page(sql, { offset, limit })), elapsedMs: performance.now() - started }
}
