/**
 * Replays what was served against the offline features of the same time, computed by the very code that makes training
 * data, and tells every difference. Reads are spooled to disk by view, so that any log fits into memory.
 */
import { createReadStream, createWriteStream } from 'node:fs'
import { appendFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { FeatureColumn, FeatureView } from '#shared/features.ts'
import {
  type FeatureValue,
  type ParityDifference,
  type ParityReport,
  type ServedFeature,
  servedFeatureSchema,
} from '#shared/online.ts'
import type { ColumnBatch } from '../../tables/columns.ts'
import { parquetSource, quoteIdentifier, quoteText, type Tables, withTables } from '../../tables/duckdb.ts'
import { openFeatureViews, type ViewProject } from '../open-views.ts'
import { retrieveFeatures } from '../retrieve.ts'
import { featuresOf, viewColumns } from '../view-columns.ts'
import { invalidView } from '../views.ts'
import { keyTextOfJson } from './entity-key.ts'
import { cell, featureValue, keysOf } from './newest-rows.ts'

export interface ParityRequest {
  readonly served: AsyncIterable<ServedFeature>
  /** The definition of a version of a view; undefined where it is not known any more. */
  readonly definitionOf: (view: string, version: string) => FeatureView | undefined
  readonly project: ViewProject
  /** An existing folder for temporary files. */
  readonly scratchPath: string
  /** Where all differences are written, one a line. */
  readonly differencesPath: string
  /** By how much numbers may differ, as a share of the larger: sums of many numbers depend on their order. */
  readonly tolerance: number
  readonly signal: AbortSignal
  readonly parseInstant: (text: string) => number
}

/** Differences that the report itself holds. */
const reportedDifferences = 1_000

interface Spool {
  readonly view: string
  readonly version: string
  readonly path: string
  readonly lines: string[]
  reads: number
}

/** @throws EsteiraError what opening the datasets and the point-in-time join throw */
export async function checkParity(request: ParityRequest): Promise<ParityReport> {
  const { spools, from, to } = await spoolReads(request)
  const totals = { reads: 0, values: 0, differing: 0 }
  const skipped: ParityReport['skipped'] = []
  const first: ParityDifference[] = []
  // So that there is a file where nothing differs.
  await writeFile(request.differencesPath, '')
  for (const spool of spools) {
    totals.reads += spool.reads
    const view = request.definitionOf(spool.view, spool.version)
    if (view === undefined) {
      const reason = 'The definition of this version is not known any more.'
      skipped.push({ view: spool.view, viewVersion: spool.version, reads: spool.reads, reason })
      continue
    }
    await compare(view, spool, request, async ({ values, differences }) => {
      totals.values += values
      totals.differing += differences.length
      first.push(...differences.slice(0, Math.max(0, reportedDifferences - first.length)))
      const lines = differences.map((difference) => `${JSON.stringify(difference)}\n`)
      await appendFile(request.differencesPath, lines.join(''))
    })
  }
  return { from, to, ...totals, skipped, differences: first }
}

/** The reads of each version of a view in a file of its own, as they came. */
async function spoolReads({ served, scratchPath, signal }: ParityRequest) {
  const spools = new Map<string, Spool>()
  let from: number | null = null
  let to: number | null = null
  const write = async ({ path, lines }: Spool) => {
    await pipeline(Readable.from(lines.splice(0)), createWriteStream(path, { flags: 'a' }))
  }
  for await (const read of served) {
    signal.throwIfAborted()
    from = Math.min(from ?? read.at, read.at)
    to = Math.max(to ?? read.at, read.at)
    const key = JSON.stringify([read.view, read.viewVersion])
    const path = join(scratchPath, `served-${spools.size}.ndjson`)
    const spool = spools.get(key) ?? { view: read.view, version: read.viewVersion, path, lines: [], reads: 0 }
    spools.set(key, spool)
    spool.reads++
    spool.lines.push(`${JSON.stringify(read)}\n`)
    if (spool.lines.length >= spoolLines) await write(spool)
  }
  for (const spool of spools.values()) await write(spool)
  return { spools: [...spools.values()], from, to }
}
const spoolLines = 5_000

interface Compared {
  readonly values: number
  readonly differences: readonly ParityDifference[]
}

async function compare(
  view: FeatureView,
  spool: Spool,
  request: ParityRequest,
  onCompared: (compared: Compared) => Promise<void>,
): Promise<void> {
  const { scratchPath, project, signal } = request
  await withTables(
    async (tables) => {
      const opened = await openFeatureViews(tables, [view], project, { scratchPath })
      try {
        const offlinePath = `${spool.path}.parquet`
        const features = await computeOffline(tables, view, spool, offlinePath, request)
        for await (const batch of tables.chunks(`from ${parquetSource(offlinePath)}`)) {
          await onCompared(compareBatch(batch, features, request.tolerance))
        }
      } catch (error) {
        throw opened.describeError(error)
      }
    },
    { signal, tempPath: join(scratchPath, 'spill') },
  )
}

/** Names of columns that no query of a person's gives. */
const asOfColumn = '__esteira_as_of'
const servedColumn = '__esteira_served'
const eventColumn = '__esteira_event'

/** Writes the served reads beside the offline features of their time. Returns the features in the order of `v0`, `v1` … */
async function computeOffline(
  tables: Tables,
  view: FeatureView,
  spool: Spool,
  offlinePath: string,
  request: ParityRequest,
): Promise<readonly FeatureColumn[]> {
  const { columns, problems } = viewColumns(view, await tables.describe(view.query))
  if (problems.length > 0) throw invalidView(view.name, view.file, problems)
  const keys = keysOf(view, columns)
  const features = featuresOf(columns)
  const labelsPath = `${spool.path}.labels.parquet`
  const keyed = `${spool.path}.keyed`
  await pipeline(Readable.from(keyedLines(spool, keys, request)), createWriteStream(keyed))
  const forms = [...keys.map((_, index) => `k${index}: 'VARCHAR'`), "as_of: 'BIGINT'", "served: 'VARCHAR'"]
  const typed = keys.map(({ type, storageType }, index) =>
    type === 'timestamp'
      ? `epoch_ms(k${index}::BIGINT)::${storageType} as ${keyColumn(index)}`
      : `k${index}::${storageType} as ${keyColumn(index)}`,
  )
  await tables.writeParquet(
    `select ${typed.join(', ')}, epoch_ms(as_of) as ${asOfColumn}, served as ${servedColumn}
     from read_json(${quoteText(keyed)}, format = 'newline_delimited', columns = {${forms.join(', ')}})`,
    labelsPath,
  )
  const names = [...features.map(({ name }, index) => [name, `v${index}`]), [eventColumn, 'event']]
  const query = `select *, ${quoteIdentifier(view.eventTime)} as ${eventColumn} from (${view.query}\n)`
  await retrieveFeatures(tables, {
    labelsPath,
    outputPath: offlinePath,
    time: asOfColumn,
    views: [
      {
        view: { ...view, query },
        features: undefined,
        columns: Object.fromEntries(names),
        entity: Object.fromEntries(view.entity.map((key, index) => [key, keyColumn(index)])),
      },
    ],
  })
  return features
}

function keyColumn(index: number): string {
  return `__esteira_key_${index}`
}

/** The reads that name an entity; the others have no value on either side. */
async function* keyedLines(
  { path }: Spool,
  keys: readonly FeatureColumn[],
  { parseInstant }: ParityRequest,
): AsyncGenerator<string> {
  for await (const served of createInterface({ input: createReadStream(path, 'utf8') })) {
    const { entity, asOf } = servedFeatureSchema.parse(JSON.parse(served))
    const texts = keys.map(({ name, type }) => keyTextOfJson(entity[name], type, parseInstant))
    if (texts.some((text) => text === undefined)) continue
    const named = Object.fromEntries(texts.map((text, index) => [`k${index}`, text]))
    yield `${JSON.stringify({ ...named, as_of: asOf, served })}\n`
  }
}

function compareBatch(batch: ColumnBatch, features: readonly FeatureColumn[], tolerance: number): Compared {
  let values = 0
  const differences: ParityDifference[] = []
  for (let row = 0; row < batch.length; row++) {
    const served = servedFeatureSchema.parse(JSON.parse(String(cell(batch, servedColumn, row))))
    const event = cell(batch, 'event', row)
    const offlineEventTime = typeof event === 'number' && Number.isFinite(event) ? event : null
    for (const [column, online] of Object.entries(served.values)) {
      const feature = served.renamed?.[column] ?? column
      const index = features.findIndex(({ name }) => name === feature)
      const offline = index < 0 ? null : featureValue(cell(batch, `v${index}`, row), features[index]?.type ?? 'other')
      values++
      if (isSame(online, offline, tolerance)) continue
      differences.push(differenceOf(served, { feature, online, offline, offlineEventTime }))
    }
  }
  return { values, differences }
}

function differenceOf(
  { view, viewVersion, entity, asOf, at, eventTime, endpoint, status }: ServedFeature,
  values: Pick<ParityDifference, 'feature' | 'online' | 'offline' | 'offlineEventTime'>,
): ParityDifference {
  return { view, viewVersion, entity, asOf, servedAt: at, onlineEventTime: eventTime, endpoint, status, ...values }
}

/** Whether two values are the same for a model. */
export function isSame(online: FeatureValue, offline: FeatureValue, tolerance: number): boolean {
  if (typeof online !== 'number' || typeof offline !== 'number') return online === offline
  return online === offline || Math.abs(online - offline) <= tolerance * Math.max(Math.abs(online), Math.abs(offline))
}
