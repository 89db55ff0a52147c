/**
 * The request log as DuckDB sees it: one relation over the segments of an endpoint, whether they are Parquet or still lines of
 * JSON that are being appended to. Columns:
 *
 * - `id`, `"row"`, `"at"` TIMESTAMP, `revision`, `model`, `version`, `role`, `arm`, `"key"`, `latency_ms`;
 * - `prediction`: the class (VARCHAR), or the number (DOUBLE); `probability` of that class; `probabilities` in the order of the
 *   classes of the revision;
 * - `score`: the probability of the positive class, of the predicted class where there are several, or the number: one figure
 *   whose distribution can be watched;
 * - `input_<name>` for each input that any of the revisions has, null where it has none or it is redacted: DOUBLE, BOOLEAN,
 *   TIMESTAMP or VARCHAR; `features`: what the feature store had, as JSON.
 */
import { stat } from 'node:fs/promises'
import type { InputType, SignatureInput } from '#shared/models.ts'
import {
  listSegments,
  readServedRevisions,
  requestFolder,
  type Segment,
  type ServedRevision,
} from '../../serving/request-log/segments.ts'
import { parquetSource, quoteIdentifier, quoteText } from '../../tables/duckdb.ts'

export interface RequestSpan {
  readonly endpoint: string
  /** Epoch milliseconds; `to` is exclusive. */
  readonly from: number
  readonly to: number
  /** Of this revision alone. */
  readonly revision?: number | undefined
}

export interface RequestRelation {
  /** For `select … from <sql>`. Holds no rows where nothing was logged, and has its columns all the same. */
  readonly sql: string
  /** What DuckDB must be allowed to read. */
  readonly files: readonly string[]
  /** The revisions that the files are of, by number, with model, version, signature and what was redacted. */
  readonly revisions: readonly ServedRevision[]
}

/** More than the log writes in a line. Buffers of twice this size are held while lines are read. */
const lineBytes = 4 * 1024 * 1024

/**
 * What the log holds of a span. To be used soon: a segment that is compacted meanwhile is no longer where it was, and the query
 * then fails with `dataset-unreadable`; see `withRequests`, which asks again.
 */
export async function requestRelation(logPath: string, span: RequestSpan): Promise<RequestRelation> {
  const folder = requestFolder(logPath, span.endpoint)
  const [segments, described] = await Promise.all([listSegments(folder), readServedRevisions(folder)])
  const wanted = segments.filter((segment) => mayHold(segment, span))
  const revisions = described.filter(({ revision }) => wanted.some(({ kind }) => kind === revision))
  const parts: string[] = []
  const files: string[] = []
  for (const served of revisions) {
    const own = wanted.filter(({ kind }) => kind === served.revision)
    const compacted = own.filter(({ state }) => state === 'compacted').map(({ path }) => path)
    const lines = await existing(own.filter(({ state }) => state !== 'compacted').map(({ path }) => path))
    files.push(...compacted, ...lines)
    if (compacted.length > 0) parts.push(`select *, ${scoreOf(served)} as score from ${parquetSource(compacted)}`)
    if (lines.length > 0) parts.push(`select *, ${scoreOf(served)} as score from ${lineRows(lines, served)}`)
  }
  const all = [emptyRows, ...parts].join(' union all by name ')
  return { sql: `(select * from (${all}) where ${inSpan(span)})`, files, revisions }
}

/** The same of requests that failed: `id`, `"at"`, `revision` (0: none answered), `code`, `latency_ms`. */
export async function failedRelation(logPath: string, span: RequestSpan): Promise<Omit<RequestRelation, 'revisions'>> {
  const segments = await listSegments(requestFolder(logPath, span.endpoint))
  const own = segments.filter((segment) => mayHold(segment, span) && segment.kind === 'failed')
  const compacted = own.filter(({ state }) => state === 'compacted').map(({ path }) => path)
  const lines = await existing(own.filter(({ state }) => state !== 'compacted').map(({ path }) => path))
  const parts = [
    emptyFailures,
    ...(compacted.length > 0 ? [`select * from ${parquetSource(compacted)}`] : []),
    ...(lines.length > 0 ? [`select * from ${failedRows(lines)}`] : []),
  ]
  const sql = `(select * from (${parts.join(' union all by name ')}) where ${inSpan(span)})`
  return { sql, files: [...compacted, ...lines] }
}

/** The rows of files of JSON lines, in the columns that Parquet has too. A line that was cut short by a kill is left out. */
export function lineRows(files: readonly string[], served: ServedRevision): string {
  const { inputs, task } = served.signature
  const struct = inputs.map(({ name, type }) => `${quoteIdentifier(name)} ${lineType(type)}`).join(', ')
  const columns = {
    ...commonColumns,
    row: 'INTEGER',
    role: 'VARCHAR',
    arm: 'VARCHAR',
    key: 'VARCHAR',
    prediction: task === 'regression' ? 'DOUBLE' : 'VARCHAR',
    probabilities: 'DOUBLE[]',
    ...(inputs.length > 0 && { inputs: `STRUCT(${struct})` }),
    features: 'JSON',
  }
  const selected = [
    'id',
    `coalesce("row", 0)::INTEGER as "row"`,
    `epoch_ms("at") as "at"`,
    `${served.revision}::INTEGER as revision`,
    `${quoteText(served.model)} as model`,
    `${served.version}::INTEGER as version`,
    `coalesce(role, 'answered') as role`,
    'arm',
    '"key"',
    '"latencyMs" as latency_ms',
    'prediction',
    'list_max(probabilities) as probability',
    'probabilities',
    ...inputs.map(inputColumn),
    'features',
  ]
  return `(select ${selected.join(', ')} from ${readLines(files, columns)} where id is not null and "at" is not null)`
}

/** The same of failures. */
export function failedRows(files: readonly string[]): string {
  const read = readLines(files, { ...commonColumns, revision: 'INTEGER', code: 'VARCHAR' })
  const selected = 'id, epoch_ms("at") as "at", revision, code, "latencyMs" as latency_ms'
  return `(select ${selected} from ${read} where id is not null and "at" is not null)`
}

export function inputColumnName(name: string): string {
  return `input_${name}`
}

const commonColumns = { id: 'VARCHAR', at: 'BIGINT', latencyMs: 'DOUBLE' }

const emptyRows = `select null::VARCHAR as id, null::INTEGER as "row", null::TIMESTAMP as "at", null::INTEGER as revision,
  null::VARCHAR as model, null::INTEGER as version, null::VARCHAR as role, null::VARCHAR as arm, null::VARCHAR as "key",
  null::DOUBLE as latency_ms, null as prediction, null::DOUBLE as probability, null::DOUBLE[] as probabilities,
  null::JSON as features, null::DOUBLE as score where false`

const emptyFailures = `select null::VARCHAR as id, null::TIMESTAMP as "at", null::INTEGER as revision, null::VARCHAR as code,
  null::DOUBLE as latency_ms where false`

export function readLines(files: readonly string[], columns: Readonly<Record<string, string>>): string {
  const types = Object.entries(columns).map(([name, type]) => `${quoteIdentifier(name)}: ${quoteText(type)}`)
  const list = files.map(quoteText).join(', ')
  return `read_json([${list}], format = 'newline_delimited', ignore_errors = true, maximum_object_size = ${lineBytes}, columns = {${types.join(', ')}})`
}

/** As the log writes it: an instant in epoch milliseconds. */
function lineType(type: InputType): string {
  switch (type) {
    case 'number':
    case 'integer':
      return 'DOUBLE'
    case 'boolean':
      return 'BOOLEAN'
    case 'timestamp':
      return 'BIGINT'
    case 'text':
      return 'VARCHAR'
  }
}

function inputColumn({ name, type }: SignatureInput): string {
  const value = `inputs.${quoteIdentifier(name)}`
  return `${type === 'timestamp' ? `epoch_ms(${value})` : value} as ${quoteIdentifier(inputColumnName(name))}`
}

function scoreOf({ signature }: ServedRevision): string {
  if (signature.task === 'regression') return 'prediction'
  return signature.task === 'binary' ? 'probabilities[2]' : 'probability'
}

function mayHold({ begunAt, lastAt, kind }: Segment, span: RequestSpan): boolean {
  if (span.revision !== undefined && typeof kind === 'number' && kind !== span.revision) return false
  // A segment is begun when its first lines are written: they came a moment before.
  return begunAt - slackMs < span.to && (lastAt === undefined || lastAt >= span.from)
}

/** Longer than a line waits, or a request takes. */
const slackMs = 600_000

function inSpan({ from, to, revision }: RequestSpan): string {
  const span = `"at" >= epoch_ms(${Math.floor(from)}) and "at" < epoch_ms(${Math.ceil(to)})`
  return revision === undefined ? span : `${span} and revision = ${Math.floor(revision)}`
}

/** Files of lines change their names when they are finished. An empty one has no rows. */
export async function existing(files: readonly string[]): Promise<string[]> {
  const sizes = await Promise.all(
    files.map((path) =>
      stat(path)
        .then(({ size }) => size)
        .catch(() => 0),
    ),
  )
  return files.filter((_, index) => (sizes[index] ?? 0) > 0)
}
