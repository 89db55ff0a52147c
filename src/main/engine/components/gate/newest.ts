/** The newest labelled rows of a dataset: what the champion is scored on again beside the rows of the evaluation. */
import { join } from 'node:path'
import { z } from 'zod'
import { durationMs } from '#shared/durations.ts'
import type { Evaluation } from '#shared/models.ts'
import { openDataset } from '../../data/dataset.ts'
import { EsteiraError } from '../../kernel/errors.ts'
import { parquetSource, quoteIdentifier, quoteText, subquery, withTables } from '../../tables/duckdb.ts'
import { datasetSpec } from '../extract.ts'
import type { GateOptions } from './options.ts'
import type { GateContext } from './rows.ts'

export interface NewestRows {
  readonly path: string
  /** In words. */
  readonly span: string
  readonly rows: number
}

const newestTimeSchema = z.object({ newest: z.string().nullable() })

/**
 * Rows newer than the newest of the evaluation, which no training saw, and the rows of the evaluation in the span. Others in
 * the span may be among those that the candidate was fitted on, so they tell nothing. Undefined if there are none.
 */
export async function newestRows(
  context: GateContext,
  { dataset, span }: NonNullable<GateOptions['newest']>,
  testPath: string,
  { target }: Pick<Evaluation, 'target'>,
): Promise<NewestRows | undefined> {
  const spec = datasetSpec(context.project, dataset)
  const time = spec.time
  if (time === undefined) {
    throw new EsteiraError('parameter-invalid', `The dataset "${dataset}" does not say when its rows happened.`, {
      where: 'newest.dataset',
      found: dataset,
      next: 'Add `time: <column>` to the dataset in esteira.yaml.',
    })
  }
  const path = join(context.scratchPath, 'newest.parquet')
  const rows = await withTables(
    async (tables) => {
      const { query } = await openDataset(tables, spec, context.project.path, {
        scratchPath: context.scratchPath,
        allow: { files: [testPath, path] },
      })
      const at = quoteIdentifier(time)
      const known = `${quoteIdentifier(target)} is not null`
      const test = parquetSource(testPath)
      const { newest } = await tables.row(
        `select max(${at})::VARCHAR as newest from ${subquery(query)} where ${known}`,
        newestTimeSchema,
      )
      if (newest === null) return 0
      const from = `${quoteText(newest)}::TIMESTAMP - to_milliseconds(${durationMs(span) ?? 0})`
      const later = `select * from ${subquery(query)} where ${at} > (select max(${at}) from ${test})`
      // Columns that only one side has, such as features, are missing on the other.
      const sql = `select * from (select * from ${test} union all by name ${later}) where ${known} and ${at} > ${from} order by ${at}`
      return (await tables.writeParquet(sql, path)).rows
    },
    { signal: context.signal, tempPath: join(context.scratchPath, 'spill') },
  )
  return rows === 0 ? undefined : { path, span: `the newest ${span} of ${dataset}`, rows }
}
