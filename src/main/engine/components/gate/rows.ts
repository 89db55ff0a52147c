/** The rows that a gate judges by, and what the candidate answered for them. */
import type { Evaluation } from '#shared/models.ts'
import type { ColumnType } from '#shared/statistics.ts'
import { EsteiraError } from '../../kernel/errors.ts'
import type { InputArtifact, StepContext } from '../../pipelines/component.ts'
import type { Column } from '../../tables/columns.ts'
import { parquetSource, quoteIdentifier, withTables } from '../../tables/duckdb.ts'
import { selectRows } from '../../training/evaluate.ts'
import type { Answers } from '../../training/gate/answers.ts'
import { predictionsFile, readPredictions } from '../../training/predictions-file.ts'
import { columnNotFound } from '../../training/prepare.ts'
import { knownTargets } from '../../training/target.ts'
import { fileOf } from '../artifact-files.ts'
import type { GateOptions } from './options.ts'

export type GateContext = StepContext<GateOptions>

/** Rows of a Parquet file whose target is known; everything else is in their order. */
export interface TargetRows {
  readonly path: string
  readonly task: Evaluation['task']
  readonly target: string
  readonly classes: readonly string[]
  /** Which rows of the file. */
  readonly rows: Uint32Array
  /** Class indices or values. */
  readonly actual: Float64Array
  /** Further columns, of these rows. */
  readonly columns: ReadonlyMap<string, { readonly column: Column; readonly type: ColumnType }>
}

export interface JudgedRows extends TargetRows {
  readonly candidate: Answers
}

/** The rows of the evaluation with the answers recorded there. */
export async function evaluatedRows(
  context: GateContext,
  input: InputArtifact,
  evaluation: Evaluation,
  columns: readonly string[],
): Promise<JudgedRows> {
  const rows = await targetRows(context, fileOf(input, 'test.parquet'), evaluation, columns)
  const candidate = await readPredictions(fileOf(input, predictionsFile), evaluation)
  if (candidate !== undefined && rows.rows.length === evaluation.rows) return { ...rows, candidate }
  throw new EsteiraError(
    'artifact-corrupt',
    `The evaluation of step "${input.step}" holds other rows than it says it scored.`,
    { where: `${input.step}: ${predictionsFile}`, next: 'Run the step again without the cache.' },
  )
}

/** @throws EsteiraError `column-not-found`, `target-unusable` if no row has a known target */
export async function targetRows(
  { signal, scratchPath }: GateContext,
  path: string,
  { task, target, classes }: Evaluation,
  columns: readonly string[],
): Promise<TargetRows> {
  const source = parquetSource(path)
  const wanted = [...new Set([target, ...columns])]
  const read = await withTables(
    async (tables) => {
      const known = (await tables.describe(`select * from ${source}`)).map(({ name }) => name)
      const missing = wanted.find((name) => !known.includes(name))
      if (missing !== undefined) throw columnNotFound(missing, known, missing === target ? 'target' : 'slices.column')
      return await tables.columns(`select ${wanted.map(quoteIdentifier).join(', ')} from ${source}`)
    },
    { signal, tempPath: scratchPath },
  )
  const typeOf = (name: string) => read.types.get(name) ?? 'text'
  const targetColumn = read.columns.get(target)
  if (targetColumn === undefined) throw new Error(`The rows have no column "${target}".`)
  const known = knownTargets(targetColumn, typeOf(target), classes)
  if (known.rows.length === 0) {
    throw new EsteiraError('target-unusable', `No row has a value of "${target}" that the model knows.`, {
      where: target,
    })
  }
  const selected = selectRows(read, known.rows)
  return {
    path,
    task,
    target,
    classes,
    rows: known.rows,
    actual: known.values,
    columns: new Map(
      columns.flatMap((name) => {
        const column = selected.columns.get(name)
        return column === undefined ? [] : [[name, { column, type: typeOf(name) }] as const]
      }),
    ),
  }
}
