/**
 * Multivariate drift: a classifier learns to tell current rows from reference rows. What it scores on rows held out shows
 * drift that no single column shows, such as two columns that no longer go together. (D. Lopez-Paz and M. Oquab, "Revisiting
 * classifier two-sample tests", ICLR 2017.)
 */
import { join } from 'node:path'
import type { MultivariateDrift } from '#shared/drift.ts'
import { parquetSource, quoteIdentifier, type Tables } from '../tables/duckdb.ts'
import { auc } from './metrics/ranking.ts'
import { fitPreparation, loadPreparedRows, prepareOptionsSchema } from './prepare.ts'
import { openModel } from './runtime.ts'
import { train } from './train.ts'
import { trainerOptionsSchema } from './trainers/index.ts'

/** Rows tell apart little by little: below this, chance explains any score. */
export const defaultMultivariateThreshold = 0.6

/** Taken of each sample, at most: enough for an AUC within 0.01 of the truth, few enough for seconds. */
const maxRowsEach = 10_000
/** Fewer teach nothing. */
const minRowsEach = 100

export interface DomainRequest {
  /** Parquet files. */
  readonly current: string
  readonly reference: string
  /** What the rows are told apart by; text that names each row is no help and no harm. */
  readonly columns: readonly string[]
  /** An existing folder. */
  readonly scratchPath: string
  readonly seed: number
  readonly signal: AbortSignal
  /** How many normal deviations chance may reach, see `chanceLimit`. */
  readonly deviations: number
  readonly threshold?: number | undefined
}

/** The label: true for current rows. */
const label = '__is_current'
const parts = ['train', 'validation', 'held-out'] as const
/** Of 10 rows in turn: 4 to learn from, 1 to stop by, 5 held out. */
const turnsOf = { train: '< 4', validation: '= 4', 'held-out': '> 4' } as const

/** Undefined where there are too few rows or no columns. The same files and seed give the same answer. */
export async function classifyDomains(tables: Tables, request: DomainRequest): Promise<MultivariateDrift | undefined> {
  const { columns, seed, signal, threshold = defaultMultivariateThreshold } = request
  const available = await Promise.all(
    [request.current, request.reference].map((path) => tables.count(parquetSource(path))),
  )
  const rows = Math.min(maxRowsEach, ...available)
  if (rows < minRowsEach || columns.length === 0) return undefined
  const paths = await writeParts(tables, request, rows)
  const options = prepareOptionsSchema.parse({ target: label, task: 'binary' })
  const { preparation, signature } = await fitPreparation(tables, paths.train, options)
  const trained = await train({
    preparation,
    signature,
    training: await loadPreparedRows(tables, paths.train, preparation),
    validation: await loadPreparedRows(tables, paths.validation, preparation),
    options: trainerOptionsSchema.parse({ trainer: 'neural-network', epochs: 20, hidden: [32, 16] }),
    seed,
    watch: { signal, progress: () => undefined, metric: () => undefined },
  })
  const model = await openModel(trained.model)
  try {
    const { batch } = await loadPreparedRows(tables, paths['held-out'], preparation)
    const labels = batch.columns.get(label)
    const prediction = await model.predict(batch)
    if (labels?.kind !== 'numeric' || prediction.kind !== 'probabilities') throw new Error('Two classes are expected.')
    const scores = Float64Array.from(labels.values, (_, row) => prediction.probabilities[2 * row + 1] ?? 0)
    const area = auc(scores, labels.values)
    const current = labels.values.reduce((sum, value) => sum + value, 0)
    const limit = Math.max(threshold, chanceLimit(current, labels.values.length - current, request.deviations))
    return { auc: area, limit, drifted: area > limit, rows, columns: [...columns] }
  } finally {
    model.dispose()
  }
}

/** What the AUC of scores that know nothing reaches: 0.5 and some deviations of Mann and Whitney's U (1947). */
export function chanceLimit(n: number, m: number, deviations: number): number {
  return Math.min(1, 0.5 + deviations * Math.sqrt((n + m + 1) / (12 * n * m)))
}

/** As many rows of each sample, in an order by chance that does not depend on threads. */
async function writeParts(
  tables: Tables,
  { current, reference, columns, scratchPath, seed }: DomainRequest,
  rows: number,
): Promise<Record<(typeof parts)[number], string>> {
  const names = columns.map(quoteIdentifier).join(', ')
  const sample = (path: string, isCurrent: boolean) => {
    const salt = 2 * seed + Number(isCurrent)
    return `select ${names}, ${isCurrent} as ${label}, row_number() over (order by hash(file_row_number, ${salt}), file_row_number) as __place
      from ${parquetSource(path, { rowNumbers: true })} qualify __place <= ${rows}`
  }
  await tables.run(
    `create or replace temp table domains as ${sample(current, true)} union all by name ${sample(reference, false)}`,
  )
  const path = (part: (typeof parts)[number]) => join(scratchPath, `domains-${part}.parquet`)
  for (const part of parts) {
    const sql = `select * exclude (__place) from domains where __place % 10 ${turnsOf[part]} order by __place, ${label}`
    await tables.writeParquet(sql, path(part))
  }
  return { train: path('train'), validation: path('validation'), 'held-out': path('held-out') }
}
