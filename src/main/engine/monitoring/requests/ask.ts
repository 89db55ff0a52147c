/** Questions to the request log, in the thread that answers them. */
import { join } from 'node:path'
import { EsteiraError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { type Tables, withTables } from '../../tables/duckdb.ts'
import { type LabelledRequests, labelledRequests } from './labels.ts'
import type { RequestSpan } from './relation.ts'

export interface LogPlace {
  /** The folder of the request log. */
  readonly logPath: string
  readonly memoryLimitMb: number
  /** An existing folder for what queries spill. */
  readonly scratchPath: string
}

const attempts = 4

/**
 * Asks again where a file of the log was compacted between the listing and the reading.
 * @throws EsteiraError what `work` throws
 */
export async function askRequests<T>(
  { logPath, memoryLimitMb, scratchPath }: LogPlace,
  span: RequestSpan,
  signal: AbortSignal,
  work: (requests: LabelledRequests, tables: Tables) => Promise<T>,
): Promise<T> {
  const options = { signal, memoryLimitMb, tempPath: join(scratchPath, newId()) }
  for (let attempt = 1; ; attempt++) {
    try {
      return await withTables(async (tables) => work(await labelledRequests(tables, logPath, span), tables), options)
    } catch (error) {
      const isMoved = error instanceof EsteiraError && error.code === 'dataset-unreadable'
      if (!isMoved || attempt === attempts) throw error
    }
  }
}
