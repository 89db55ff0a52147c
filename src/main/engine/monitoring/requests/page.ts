/** Pages of the request log, and one request of it. In the thread that answers questions. */
import { z } from 'zod'
import type { Page } from '#shared/names.ts'
import { featureReadSchema } from '#shared/online.ts'
import { type RequestDetails, type RequestFilter, type RequestSummary, receivedLabelSchema } from '#shared/requests.ts'
import { EsteiraError } from '../../kernel/errors.ts'
import type { ServedRevision } from '../../serving/request-log/segments.ts'
import { quoteText, type Tables } from '../../tables/duckdb.ts'
import type { LabelledRequests } from './labels.ts'
import { failedRelation, inputColumnName, type RequestSpan } from './relation.ts'

export interface PageQuestion extends RequestSpan, RequestFilter {
  readonly limit: number
  readonly cursor?: string | undefined
}

export interface DetailsQuestion extends RequestSpan {
  readonly id: string
  readonly row: number
}

const value = z.union([z.string(), z.number()]).nullable()
const rowSchema = z.object({
  id: z.string(),
  row: z.number(),
  at: z.number(),
  revision: z.number(),
  model: z.string().nullable(),
  version: z.number().nullable(),
  role: z.enum(['answered', 'shadow']),
  arm: z.string().nullable(),
  error: z.string().nullable(),
  prediction: value,
  probability: z.number().nullable(),
  label: z.string().nullable(),
  latencyMs: z.number(),
})

/** Newest first; failures among the answers. @throws EsteiraError `invalid-request` for a cursor that is none */
export async function requestPage(
  requests: LabelledRequests,
  tables: Tables,
  question: PageQuestion & { readonly logPath: string },
): Promise<Page<RequestSummary>> {
  const failed = await failedRelation(question.logPath, question)
  const { show, limit } = question
  const errors = `(select id, 0 as "row", "at", revision, role, code as error, latency_ms
    from (select *, 'answered' as role from ${failed.sql}))`
  // What is asked of labels needs them before the page is cut; else they are found for its rows alone.
  const needsLabels = show === 'labelled' || show === 'wrong'
  const answered = needsLabels ? requests.labelled(requests.sql) : requests.sql
  const parts = [
    ...(show === 'errors' ? [`select *, null::VARCHAR as error from ${requests.sql} where false`] : []),
    ...(show === 'errors' ? [] : [`select *, null::VARCHAR as error from ${answered} where ${condition(question)}`]),
    ...(needsLabels ? [] : [`select * from ${errors} where ${condition({ ...question, show: 'all' })}`]),
  ]
  const all = `(${parts.join(' union all by name ')})`
  const cut = `(select * from ${all} where ${after(question.cursor)} order by ${order} limit ${limit + 1})`
  const sql = `select ${summaryColumns.join(', ')} from ${needsLabels ? cut : requests.labelledFew(cut)} order by ${order}`
  const rows = await tables.rows(sql, rowSchema)
  const items = rows.slice(0, limit).map((row) => summaryOf(row, requests.revisions))
  const last = rows.length > limit ? rows[limit - 1] : undefined
  return last === undefined ? { items } : { items, nextCursor: cursorOf(last) }
}

/** @throws EsteiraError `not-found` */
export async function requestDetails(
  requests: LabelledRequests,
  tables: Tables,
  question: DetailsQuestion & { readonly logPath: string },
): Promise<RequestDetails> {
  const { id, row, endpoint, logPath } = question
  const own = `(select *, null::VARCHAR as error from ${requests.sql} where id = ${quoteText(id)} and "row" = ${row})`
  const sql = `select ${summaryColumns.join(', ')}, "key", probabilities, features, columns('input_.*')
    from ${requests.labelledFew(own)} order by role, "at" desc limit 1`
  const [found] = await tables.rows(hasInputs(requests) ? sql : sql.replace(`, columns('input_.*')`, ''), detailsSchema)
  if (found === undefined) return await failedDetails(tables, question, (await failedRelation(logPath, question)).sql)
  const labels = await tables.rows(
    `select label, epoch_ms(received_at) as "receivedAt" from ${requests.labels}
     where id = ${quoteText(id)} and "row" = ${row} order by received_at, seq`,
    receivedLabelSchema,
  )
  const served = requests.revisions.find(({ revision }) => revision === found.revision)
  const classes = served?.signature.classes ?? []
  return {
    ...summaryOf(found, requests.revisions),
    endpoint,
    key: found.key,
    inputs: inputsOf(found, served),
    features: found.features === null ? [] : z.array(featureReadSchema).parse(JSON.parse(found.features)),
    probabilities:
      found.probabilities && Object.fromEntries(classes.map((name, i) => [name, found.probabilities?.[i] ?? 0])),
    labels,
  }
}

async function failedDetails(
  tables: Tables,
  { id, endpoint }: DetailsQuestion,
  failed: string,
): Promise<RequestDetails> {
  const sql = `select id, epoch_ms("at") as "at", revision, code, latency_ms as "latencyMs" from ${failed}
    where id = ${quoteText(id)} order by "at" desc limit 1`
  const schema = z.object({
    id: z.string(),
    at: z.number(),
    revision: z.number(),
    code: z.string(),
    latencyMs: z.number(),
  })
  const [found] = await tables.rows(sql, schema)
  if (found === undefined) {
    throw new EsteiraError('not-found', `The log of "${endpoint}" holds no request "${id}".`, {
      found: id,
      next: 'It may have been outside the sample, or removed by retention; the log is at most a second behind.',
    })
  }
  const { code, ...rest } = found
  const none = {
    model: null,
    version: null,
    arm: null,
    prediction: null,
    probability: null,
    label: null,
    correct: null,
  }
  const nothing = { key: null, inputs: {}, features: [], probabilities: null, labels: [] }
  return { ...rest, ...none, ...nothing, endpoint, row: 0, role: 'answered', error: code }
}

const detailsSchema = rowSchema
  .extend({
    key: z.string().nullable(),
    probabilities: z.array(z.number()).nullable(),
    features: z.string().nullable(),
  })
  .loose()

const summaryColumns = [
  'id',
  '"row"',
  'epoch_ms("at") as "at"',
  'revision',
  'model',
  'version',
  'role',
  'arm',
  'error',
  'prediction',
  'probability',
  'label',
  'latency_ms as "latencyMs"',
]

const order = `"at" desc, id desc, "row" desc, revision desc, role desc`

function hasInputs({ revisions }: LabelledRequests): boolean {
  return revisions.some(({ signature }) => signature.inputs.length > 0)
}

function inputsOf(
  found: Readonly<Record<string, unknown>>,
  served: ServedRevision | undefined,
): RequestDetails['inputs'] {
  const inputs = served?.signature.inputs ?? []
  const hidden = new Set(served?.redacted)
  const known = inputs.filter(({ name }) => !hidden.has(name) && found[inputColumnName(name)] !== undefined)
  const values = known.map(({ name }) => [name, found[inputColumnName(name)]] as const)
  return z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]).nullable())
    .parse(Object.fromEntries(values))
}

function condition({ show, id, role }: Pick<PageQuestion, 'show' | 'id' | 'role'>): string {
  const conditions = ['true']
  if (id !== undefined && id !== '') conditions.push(`contains(id, ${quoteText(id)})`)
  if (role !== undefined) conditions.push(`role = ${quoteText(role)}`)
  if (show === 'labelled') conditions.push('label is not null')
  if (show === 'wrong')
    conditions.push('label is not null and probability is not null and prediction::VARCHAR <> label')
  return conditions.join(' and ')
}

function summaryOf(row: z.output<typeof rowSchema>, revisions: readonly ServedRevision[]): RequestSummary {
  const task = revisions.find(({ revision }) => revision === row.revision)?.signature.task
  const number = task === 'regression'
  const { label, prediction } = row
  return {
    id: row.id,
    row: row.row,
    at: row.at,
    revision: row.revision,
    model: row.model,
    version: row.version,
    role: row.role,
    arm: row.arm,
    error: row.error,
    prediction: number && prediction !== null ? Number(prediction) : prediction,
    probability: row.probability,
    label: number && label !== null && Number.isFinite(Number(label)) ? Number(label) : label,
    correct: number || label === null || prediction === null ? null : String(prediction) === label,
    latencyMs: row.latencyMs,
  }
}

const cursorSchema = z.tuple([z.number(), z.string(), z.number(), z.number(), z.string()])

function cursorOf({ at, id, row, revision, role }: z.output<typeof rowSchema>): string {
  return Buffer.from(JSON.stringify([at, id, row, revision, role])).toString('base64url')
}

function after(cursor: string | undefined): string {
  if (cursor === undefined) return 'true'
  try {
    const text = Buffer.from(cursor, 'base64url').toString()
    const [at, id, row, revision, role] = cursorSchema.parse(JSON.parse(text))
    const last = `(epoch_ms(${Math.floor(at)}), ${quoteText(id)}, ${Math.floor(row)}, ${Math.floor(revision)}, ${quoteText(role)})`
    return `("at", id, "row", revision, role) < ${last}`
  } catch {
    throw new EsteiraError('invalid-request', 'The cursor is not one that a page gave.', { where: 'cursor' })
  }
}
