/** Turns finished segments into Parquet, and removes what is too old or too much. A kill at any point loses nothing. */
import { open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { RequestLogSettings } from '#shared/requests.ts'
import { newId } from '../../kernel/ids.ts'
import {
  listSegments,
  readServedRevision,
  requestFolder,
  revisionFile,
  type Segment,
} from '../../serving/request-log/segments.ts'
import { parquetSource, type Tables, withTables } from '../../tables/duckdb.ts'
import type { LogPlace } from './ask.ts'
import { labelRows } from './labels.ts'
import { failedRows, lineRows } from './relation.ts'

export interface TidyRequest {
  readonly endpoint: string
  readonly settings: Pick<RequestLogSettings, 'keepDays' | 'keepBytes'>
  readonly now: number
}

export interface LogSize {
  readonly bytes: number
  /** Of the oldest segment; null where there is none. */
  readonly oldest: number | null
}

const unfinished = '.new'
const dayMs = 86_400_000
/** It rests for as long as it worked, so that it takes half a core from the predictions at the most. */
const longestRestMs = 5_000

/** Compacts and removes what an endpoint has. @throws EsteiraError what DuckDB and the disk report */
export async function tidyRequests(place: LogPlace, request: TidyRequest, signal: AbortSignal): Promise<LogSize> {
  const folder = requestFolder(place.logPath, request.endpoint)
  await removeLeftovers(folder)
  const finished = (await listSegments(folder)).filter(({ state }) => state === 'finished')
  for (const segment of finished) {
    const startedAt = performance.now()
    const options = {
      signal,
      threads: 1,
      memoryLimitMb: place.memoryLimitMb,
      tempPath: join(place.scratchPath, newId()),
    }
    await withTables((tables) => compact(tables, folder, segment), options)
    await sleep(Math.min(longestRestMs, performance.now() - startedAt), undefined, { signal }).catch(() => undefined)
    signal.throwIfAborted()
  }
  await removeExpired(folder, request)
  return await sizeOf(folder)
}

export async function sizeOf(folder: string): Promise<LogSize> {
  const segments = await listSegments(folder)
  const bytes = await Promise.all(segments.map(bytesOf))
  return { bytes: bytes.reduce((sum, each) => sum + each, 0), oldest: segments[0]?.begunAt ?? null }
}

/** A file is whole and on the disk under its last name before the one that it was made from goes. */
async function compact(tables: Tables, folder: string, segment: Segment): Promise<void> {
  const begun = join(folder, `${segment.stem}.parquet${unfinished}`)
  await tables.writeParquet(`select * from ${await rowsOf(folder, segment)}`, begun)
  // From the few bytes that the Parquet itself keeps of each column.
  const time = segment.kind === 'labels' ? 'received_at' : '"at"'
  const found = `select max(epoch_ms(${time})) as last from ${parquetSource(begun)}`
  const { last } = await tables.row(found, z.object({ last: z.number().nullable() }))
  await sync(begun)
  if (last === null) await rm(begun)
  else await rename(begun, join(folder, `${segment.stem}.${last}.parquet`))
  await rm(segment.path, { force: true })
}

async function rowsOf(folder: string, { kind, path }: Segment): Promise<string> {
  if (kind === 'labels') return labelRows([path])
  if (kind === 'failed') return failedRows([path])
  const served = await readServedRevision(join(folder, revisionFile(kind)))
  if (served === undefined) throw new Error(`It is not known what answered as revision ${kind}: ${folder}.`)
  return lineRows([path], served)
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/** What a kill left: Parquet that was being written, and lines of which the Parquet is there. */
async function removeLeftovers(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  const kept = new Set((await listSegments(folder)).map(({ path }) => path))
  for (const name of names) {
    const path = join(folder, name)
    const isShadowed = /\.jsonl$/.test(name) && !name.endsWith('.open.jsonl') && !kept.has(path)
    if (name.endsWith(`.parquet${unfinished}`) || isShadowed) await rm(path, { force: true })
  }
}

/** Whole segments: by the time of their last record, then the oldest until the rest fits. What is being written stays. */
async function removeExpired(folder: string, { settings, now }: TidyRequest): Promise<void> {
  const earliest = now - settings.keepDays * dayMs
  const segments = (await listSegments(folder)).filter(({ state }) => state === 'compacted')
  const sized = await Promise.all(segments.map(async (segment) => ({ segment, bytes: await bytesOf(segment) })))
  let total = (await sizeOf(folder)).bytes
  for (const { segment, bytes } of sized) {
    const isOld = (segment.lastAt ?? segment.begunAt) < earliest
    if (!isOld && total <= settings.keepBytes) continue
    await rm(segment.path, { force: true })
    total -= bytes
  }
}

async function bytesOf({ path }: Segment): Promise<number> {
  return await stat(path).then(
    ({ size }) => size,
    () => 0,
  )
}
