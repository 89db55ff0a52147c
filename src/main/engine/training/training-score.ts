/** What a model scores on the rows that it was fitted on, to be held against its score on rows it never saw. */
import type { TrainingScore } from '#shared/models.ts'
import { withTables } from '../tables/duckdb.ts'
import { metricsOf, predictInChunks, selectRows } from './evaluate.ts'
import { sampleRows } from './importance.ts'
import { loadRawRows } from './prepare.ts'
import type { LoadedModel } from './runtime.ts'
import { knownTargets } from './target.ts'

/** More rows change the figures by less than they are shown with. */
const maxScoredRows = 50_000

export async function scoreTraining(
  model: LoadedModel,
  trainPath: string,
  { seed, signal, tempPath }: { seed: number; signal: AbortSignal; tempPath: string },
): Promise<TrainingScore> {
  const { signature } = model.manifest
  const { batch, types } = await withTables((tables) => loadRawRows(tables, trainPath, signature, [signature.target]), {
    signal,
    tempPath,
  })
  const target = batch.columns.get(signature.target)
  if (target === undefined) throw new Error(`The batch has no column "${signature.target}".`)
  const known = knownTargets(target, types.get(signature.target) ?? 'text', signature.classes)
  const sample = sampleRows(known.rows.length, maxScoredRows, seed)
  const rows = sample.map((index) => known.rows[index] ?? 0)
  const actual = Float64Array.from(sample, (index) => known.values[index] ?? 0)
  const prediction = await predictInChunks(model, selectRows(batch, rows), signal)
  return { metrics: metricsOf(signature.task, actual, prediction), rows: rows.length, of: known.rows.length }
}
