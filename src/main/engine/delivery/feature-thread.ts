/** The entry of the thread that looks into feature views: their columns, or all that their data shows. A message ends the work. */
import { parentPort, workerData } from 'node:worker_threads'
import type { FeatureColumn } from '#shared/features.ts'
import { checkFeatureView, describeFeatureView } from '../features/check.ts'
import { parseFeatureView } from '../features/views.ts'
import { EsteiraError, toProblem } from '../kernel/errors.ts'
import { withTables } from '../tables/duckdb.ts'
import { type FeatureAnswer, featureQuestionSchema } from './feature-questions.ts'

const abort = new AbortController()
parentPort?.once('message', () => abort.abort(new EsteiraError('cancelled', 'The work was cancelled.')))
// Waiting for a message alone does not keep the thread.
parentPort?.unref()

/** For one question; beyond it, DuckDB spills to disk. */
const memoryLimitMb = 2_048

async function answer(): Promise<FeatureAnswer> {
  try {
    const question = featureQuestionSchema.parse(workerData)
    const { project, scratchPath } = question
    const options = { signal: abort.signal, tempPath: `${scratchPath}/spill`, memoryLimitMb }
    if (question.kind === 'check') {
      const parsed = parseFeatureView(question.text, question.file)
      if (!parsed.ok) throw new EsteiraError('feature-view-invalid', 'The feature view has errors.', parsed)
      const { view, positions } = parsed
      const request = { view, positions, project, scratchPath, now: question.now }
      return { kind: 'data', data: await withTables((tables) => checkFeatureView(tables, request), options) }
    }
    const views: { columns: FeatureColumn[]; problem: ReturnType<typeof toProblem> | null }[] = []
    for (const view of question.views) {
      const described = await withTables(
        (tables) => describeFeatureView(tables, view, project, scratchPath),
        options,
      ).then(
        (columns) => ({ columns, problem: null }),
        (error: unknown) => ({ columns: [], problem: toProblem(error) }),
      )
      views.push(described)
    }
    return { kind: 'columns', views }
  } catch (error) {
    return { kind: 'problem', problem: toProblem(error) }
  }
}

parentPort?.postMessage(await answer())
