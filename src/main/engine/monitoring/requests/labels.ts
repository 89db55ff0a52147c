/**
 * Labels as DuckDB sees them, and requests joined with them. Labels come late, out of order, and are corrected: all are kept, and
 * of those for the same row the last that came holds. A label that names values instead of an id belongs to the last answer
 * for these values up to its time.
 */
import { z } from 'zod'
import type { InputType } from '#shared/models.ts'
import { listSegments, requestFolder } from '../../serving/request-log/segments.ts'
import { parquetSource, quoteIdentifier, quoteText, type Tables } from '../../tables/duckdb.ts'
import {
  existing,
  inputColumnName,
  type RequestRelation,
  type RequestSpan,
  readLines,
  requestRelation,
} from './relation.ts'

/** Each label as it came: `id`, `"row"`, `entity` JSON, `"time"`, `within_ms`, `label`, `received_at`, `seq`. */
export async function labelRelation(logPath: string, { endpoint, from }: Pick<RequestSpan, 'endpoint' | 'from'>) {
  const segments = await listSegments(requestFolder(logPath, endpoint))
  // A label comes after its request.
  const own = segments.filter(({ kind, lastAt }) => kind === 'labels' && (lastAt === undefined || lastAt >= from))
  const compacted = own.filter(({ state }) => state === 'compacted').map(({ path }) => path)
  const lines = await existing(own.filter(({ state }) => state !== 'compacted').map(({ path }) => path))
  const parts = [
    noLabels,
    ...(compacted.length > 0 ? [`select * from ${parquetSource(compacted)}`] : []),
    ...(lines.length > 0 ? [`select * from ${labelRows(lines)}`] : []),
  ]
  return { sql: `(${parts.join(' union all by name ')})`, files: [...compacted, ...lines] }
}

/** The labels in files of JSON lines, in the columns that Parquet has too. */
export function labelRows(files: readonly string[]): string {
  const read = readLines(files, {
    id: 'VARCHAR',
    row: 'INTEGER',
    entity: 'JSON',
    time: 'BIGINT',
    withinMs: 'BIGINT',
    label: 'VARCHAR',
    receivedAt: 'BIGINT',
    seq: 'BIGINT',
  })
  const selected = `id, "row", entity, epoch_ms("time") as "time", "withinMs" as within_ms, label,
    epoch_ms("receivedAt") as received_at, seq`
  return `(select ${selected} from ${read} where label is not null and "receivedAt" is not null)`
}

const noLabels = `select null::VARCHAR as id, null::INTEGER as "row", null::JSON as entity, null::TIMESTAMP as "time",
  null::BIGINT as within_ms, null::VARCHAR as label, null::TIMESTAMP as received_at, null::BIGINT as seq where false`

/** How the requests of a span are joined with what is known of them. */
export interface LabelledRequests extends RequestRelation {
  /** The rows of `requests` with `label` and `labelled_at`, null where there is none yet. */
  labelled(requests: string): string
  /** The same for few rows, without a look at every label. */
  labelledFew(requests: string): string
  /** Every label that came for a row: `id`, `"row"`, `label`, `received_at`, `seq`. */
  readonly labels: string
}

/**
 * Requests and labels of a span. Labels by values are matched here and now, so that one that came before its request was
 * logged finds it later.
 */
export async function labelledRequests(tables: Tables, logPath: string, span: RequestSpan): Promise<LabelledRequests> {
  const labels = await labelRelation(logPath, span)
  const [requests, later] = await Promise.all([
    requestRelation(logPath, span),
    // What was answered after the span may be what a label of values means.
    requestRelation(logPath, { endpoint: span.endpoint, from: span.from, to: Number.MAX_SAFE_INTEGER / 1_000 }),
  ])
  const matches = await entityMatches(tables, labels.sql, later)
  const byId = `select id, coalesce("row", 0) as "row", label, received_at, seq from ${labels.sql} where id is not null`
  const all = `(${[byId, ...matches].join(' union all by name ')})`
  const held = (own: string) => `(select id, "row", arg_max(label, row(received_at, seq)) as label,
    max(received_at) as labelled_at from ${own} group by id, "row")`
  const joined = (rows: string, own: string) =>
    `(select r.*, l.label, l.labelled_at from ${rows} r left join ${held(own)} l on r.id = l.id and r."row" = l."row")`
  return {
    ...requests,
    files: [...requests.files, ...labels.files, ...later.files],
    labels: all,
    labelled: (rows) => joined(rows, all),
    labelledFew: (rows) => joined(rows, `(from ${all} where id in (select id from ${rows}))`),
  }
}

/** How many of the labels that came in a span belong to no request that the log holds, or not yet. */
export async function unmatchedLabels(tables: Tables, logPath: string, span: RequestSpan): Promise<number> {
  const whole = { endpoint: span.endpoint, from: 0, to: Number.MAX_SAFE_INTEGER / 1_000 }
  const [labels, { labels: matched, sql }] = await Promise.all([
    labelRelation(logPath, span),
    labelledRequests(tables, logPath, whole),
  ])
  const came = `received_at >= epoch_ms(${Math.floor(span.from)}) and received_at < epoch_ms(${Math.ceil(span.to)})`
  const known = `(from ${matched} l semi join ${sql} r on r.id = l.id and r."row" = l."row")`
  const counted = `(select count(*) from ${labels.sql} where ${came}) - (select count(*) from ${known} where ${came})`
  return (await tables.row(`select ${counted} as n`, z.object({ n: z.number() }))).n
}

/** One query for each set of names that labels use: an as-of join on all of them. */
async function entityMatches(tables: Tables, labels: string, requests: RequestRelation): Promise<string[]> {
  const sets = await tables.rows(
    `select distinct list_sort(json_keys(entity))::VARCHAR[] as names from ${labels} where entity is not null`,
    z.object({ names: z.array(z.string()) }),
  )
  const types = new Map<string, InputType>()
  for (const { signature } of requests.revisions) for (const { name, type } of signature.inputs) types.set(name, type)
  return sets.map(({ names }) => {
    const named = names.map((name, index) => ({ name, type: types.get(name), alias: `k${index}` }))
    const sought = named.map(({ name, type, alias }) => `${fromText(entityText(name), type)} as ${alias}`)
    const found = named.map(({ name, type, alias }) => `${requestValue(name, type)} as ${alias}`)
    const keys = named.map(({ alias }) => `f.${alias} = r.${alias}`).join(' and ')
    const list = `[${names.map(quoteText).join(', ')}]`
    return `select r.id, r."row", f.label, f.received_at, f.seq
      from (select *, ${sought.join(', ')} from ${labels}
        where entity is not null and list_sort(json_keys(entity))::VARCHAR[] = ${list}) f
      asof join (select id, "row", "at", ${found.join(', ')} from ${requests.sql} where role = 'answered') r
        on ${keys} and f."time" >= r."at"
      where epoch_ms(f."time") - epoch_ms(r."at") <= f.within_ms`
  })
}

function entityText(name: string): string {
  return `(entity->>${quoteText(`$.${JSON.stringify(name)}`)})`
}

function fromText(text: string, type: InputType | undefined): string {
  switch (type) {
    case 'number':
    case 'integer':
      return `try_cast(${text} as DOUBLE)`
    case 'boolean':
      return `try_cast(${text} as BOOLEAN)`
    case 'timestamp':
      return `coalesce(try_cast(${text} as TIMESTAMPTZ)::TIMESTAMP, epoch_ms(try_cast(${text} as BIGINT)))`
    case 'text':
    case undefined:
      return text
  }
}

/** The value of an input, or the key by which features were looked up. */
function requestValue(name: string, type: InputType | undefined): string {
  if (type !== undefined) return quoteIdentifier(inputColumnName(name))
  return `list_extract(features->>${quoteText(`$[*].entity.${JSON.stringify(name)}`)}, 1)`
}
