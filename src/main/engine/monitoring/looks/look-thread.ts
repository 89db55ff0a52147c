/** The entry of the thread that answers the checks of one monitor: one look, then it ends. A message ends the work. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { EsteiraError, toProblem } from '../../kernel/errors.ts'
import { withTables } from '../../tables/duckdb.ts'
import { look } from './look.ts'
import type { LookReply, LookWork } from './questions.ts'

/** Beyond it DuckDB spills to disk: a look must not press on predictions and on what people do. */
const memoryLimitMb = 1_024

const abort = new AbortController()
parentPort?.once('message', () => abort.abort(new EsteiraError('cancelled', 'The work was cancelled.')))
// Waiting for a message alone does not keep the thread.
parentPort?.unref()

async function answer({ question, scratchRoot }: LookWork): Promise<LookReply> {
  try {
    await mkdir(scratchRoot, { recursive: true })
    const scratchPath = await mkdtemp(join(scratchRoot, 'look-'))
    try {
      const { signal } = abort
      const options = { signal, memoryLimitMb, tempPath: join(scratchPath, 'spill') }
      const output = await look(question, {
        open: (work) => withTables(work, options),
        scratchPath,
        signal,
        onProgress: (done) => reply({ done }),
      })
      return { output }
    } finally {
      await rm(scratchPath, { recursive: true, force: true })
    }
  } catch (error) {
    return { problem: toProblem(error) }
  }
}

function reply(message: LookReply): void {
  parentPort?.postMessage(message)
}

// The engine starts this thread with what the type says.
const work: LookWork = workerData
reply(await answer(work))
