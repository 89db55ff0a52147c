/** The entry of the thread that measures what a trigger asks about: one question, then it ends. A message ends the work. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { EsteiraError, toProblem } from '../../kernel/errors.ts'
import { withTables } from '../../tables/duckdb.ts'
import { measure } from './measure.ts'
import type { MeasureAnswer, MeasureWork } from './questions.ts'

/** Beyond it DuckDB spills to disk: what triggers measure must not press on what people do. */
const memoryLimitMb = 1_024

const abort = new AbortController()
parentPort?.once('message', () => abort.abort(new EsteiraError('cancelled', 'The work was cancelled.')))
// Waiting for a message alone does not keep the thread.
parentPort?.unref()

async function answer({ question, scratchRoot }: MeasureWork): Promise<MeasureAnswer> {
  try {
    await mkdir(scratchRoot, { recursive: true })
    const scratchPath = await mkdtemp(join(scratchRoot, 'measure-'))
    try {
      const { signal } = abort
      const options = { signal, memoryLimitMb, tempPath: join(scratchPath, 'spill') }
      return { output: await measure(question, { open: (work) => withTables(work, options), scratchPath, signal }) }
    } finally {
      await rm(scratchPath, { recursive: true, force: true })
    }
  } catch (error) {
    return { problem: toProblem(error) }
  }
}

// The engine starts this thread with what the type says.
const work: MeasureWork = workerData
parentPort?.postMessage(await answer(work))
