/** Labels from a file: CSV, Parquet or JSON, with the columns `id` (and `row`), or values and a time, and `label`. */
import { randomInt } from 'node:crypto'
import { mkdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { FeedbackAnswer } from '#shared/requests.ts'
import { openDataset } from '../../data/dataset.ts'
import { EsteiraError, nearestName } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { requestFolder, segmentStem } from '../../serving/request-log/segments.ts'
import { type DescribedColumn, quoteIdentifier, quoteText, withTables } from '../../tables/duckdb.ts'
import type { LogPlace } from './ask.ts'

export interface ImportRequest {
  readonly endpoint: string
  /** Absolute. */
  readonly file: string
  readonly now: number
}

const defaultWithinMs = 86_400_000
const unfinished = '.new'
/** Columns that say something of the label; what is beside them names the request. */
const reserved = new Set(['label', 'at', 'row'])

/**
 * Stores the labels of a file; rows without a label are left out.
 * @throws EsteiraError `dataset-not-found`, `dataset-unreadable`, `invalid-request` where a column is missing
 */
export async function importLabels(
  { logPath, scratchPath, memoryLimitMb }: LogPlace,
  { endpoint, file, now }: ImportRequest,
  signal: AbortSignal,
): Promise<FeedbackAnswer> {
  const folder = requestFolder(logPath, endpoint)
  await mkdir(folder, { recursive: true })
  const path = join(folder, `${segmentStem(now, randomInt(2 ** 40), 'labels')}.${now}.parquet`)
  return await withTables(
    async (tables) => {
      const allow = { files: [path + unfinished] }
      const { query } = await openDataset(tables, { path: basename(file) }, dirname(file), { scratchPath, allow })
      const columns = await tables.describe(query)
      try {
        const { rows } = await tables.writeParquet(labelsOf(query, columns, file, now), path + unfinished)
        if (rows === 0) await rm(path + unfinished)
        else await rename(path + unfinished, path)
        return { accepted: rows }
      } catch (error) {
        await rm(path + unfinished, { force: true })
        throw error
      }
    },
    { signal, memoryLimitMb, tempPath: join(scratchPath, newId()) },
  )
}

function labelsOf(query: string, columns: readonly DescribedColumn[], file: string, now: number): string {
  const label = columns.find(({ name }) => name === 'label')
  const entity = columns.filter(({ name }) => name !== 'id' && !reserved.has(name))
  const byId = columns.some(({ name }) => name === 'id')
  if (label === undefined || (!byId && entity.length === 0)) throw lacking(columns, file)
  const has = (name: string) => columns.some((column) => column.name === name)
  const values = entity.map(({ name }) => `${quoteText(name)}, ${quoteIdentifier(name)}::VARCHAR`)
  const selected = [
    `${byId ? 'id::VARCHAR' : 'null::VARCHAR'} as id`,
    `${byId && has('row') ? '"row"::INTEGER' : '0::INTEGER'} as "row"`,
    `${byId ? 'null::JSON' : `json_object(${values.join(', ')})`} as entity`,
    `${byId ? 'null::TIMESTAMP' : has('at') ? '"at"::TIMESTAMP' : `epoch_ms(${now})`} as "time"`,
    `${byId ? 'null' : defaultWithinMs}::BIGINT as within_ms`,
    `${labelText(label)} as label`,
    `epoch_ms(${now}) as received_at`,
    'row_number() over () as seq',
  ]
  return `select ${selected.join(', ')} from (${query}) where label is not null ${byId ? 'and id is not null' : ''}`
}

/** A whole number is written as one, whatever its column holds: classes are texts. */
function labelText({ type }: DescribedColumn): string {
  if (type !== 'number') return 'label::VARCHAR'
  return 'case when label = trunc(label) and abs(label) < 1e15 then label::BIGINT::VARCHAR else label::VARCHAR end'
}

function lacking(columns: readonly DescribedColumn[], file: string): EsteiraError {
  const names = columns.map(({ name }) => name)
  const wanted = names.includes('label') ? 'id' : 'label'
  const nearest = nearestName(wanted, names)
  return new EsteiraError('invalid-request', `The file of labels has no column "${wanted}".`, {
    where: file,
    found: names.slice(0, 50).join(', '),
    allowed: '"id" (and "row") or inputs and their values (and "at"), and "label"',
    ...(nearest !== undefined && { nearest }),
  })
}
