/** What else could answer for the rows: another version, the best constant, a rule of the business. */
import { EsteiraError, nearestName } from '../../kernel/errors.ts'
import { parquetSource, quoteIdentifier, type TypedColumns, withTables } from '../../tables/duckdb.ts'
import { predictInChunks, selectRows } from '../../training/evaluate.ts'
import { type Answers, inClassesOf } from '../../training/gate/answers.ts'
import { columnsRead } from '../../training/preparation/expressions.ts'
import { quantile } from '../../training/preparation/scaling.ts'
import { loadRawRows } from '../../training/prepare.ts'
import { loadModel } from '../../training/runtime.ts'
import { labelsOf } from '../../training/target.ts'
import type { GateContext, TargetRows } from './rows.ts'

/** @throws EsteiraError what loading throws, `column-not-found`, `model-unusable` for a model of another task */
export async function answersOfVersion(
  { signal, scratchPath }: GateContext,
  files: ReadonlyMap<string, string>,
  judged: TargetRows,
): Promise<Answers> {
  const loaded = await loadModel(files)
  try {
    const { signature } = loaded.manifest
    const strange = judged.task === 'binary' && signature.classes.some((name) => !judged.classes.includes(name))
    if (signature.task !== judged.task || strange) {
      const theirs = [signature.task, ...signature.classes].join(', ')
      throw new EsteiraError('model-unusable', `It answers another question (${theirs}).`, {
        allowed: [judged.task, ...judged.classes].join(', '),
      })
    }
    const { batch } = await withTables((tables) => loadRawRows(tables, judged.path, signature, []), {
      signal,
      tempPath: scratchPath,
    })
    return inClassesOf(await predictInChunks(loaded, selectRows(batch, judged.rows), signal), judged.classes)
  } finally {
    loaded.dispose()
  }
}

/**
 * The best constant for these very rows, so that no other constant does better: the shares of the classes, or the mean
 * (the median, for the mean absolute error).
 */
export function bestConstant({ task, classes, actual }: TargetRows, metric: string): Answers {
  if (task === 'regression') {
    const mean = actual.reduce((sum, value) => sum + value, 0) / actual.length
    return {
      kind: 'values',
      values: actual.map(() => (metric === 'mae' ? quantile(actual.slice().sort(), 0.5) : mean)),
    }
  }
  const shares = classes.map((_, index) => actual.filter((value) => value === index).length / actual.length)
  const probabilities = new Float64Array(actual.length * classes.length)
  for (let row = 0; row < actual.length; row++) probabilities.set(shares, row * classes.length)
  return { kind: 'probabilities', classes, probabilities }
}

/** @throws EsteiraError `query-failed`, `column-not-found`, `parameter-invalid` for a rule without a usable answer */
export async function answersOfRule(
  { signal, scratchPath }: GateContext,
  sql: string,
  judged: TargetRows,
): Promise<Answers> {
  const source = parquetSource(judged.path)
  const read = await withTables(
    async (tables) => {
      const known = (await tables.describe(`select * from ${source}`)).map(({ name }) => name)
      try {
        const columns = await columnsRead(tables, { rule: sql }, known)
        if (columns.includes(judged.target))
          throw ruleInvalid('It reads the target, which is not known beforehand.', sql)
        await tables.restrict({ files: [judged.path] })
        return await tables.columns(`select (${sql}\n) as ${quoteIdentifier('answer')} from ${source}`)
      } catch (error) {
        if (!(error instanceof EsteiraError) || error.code === 'cancelled') throw error
        throw new EsteiraError(error.code, error.message, { ...error.context, where: 'rule', found: sql })
      }
    },
    { signal, tempPath: scratchPath },
  )
  return ruleAnswers(read, sql, judged)
}

function ruleAnswers(read: TypedColumns, sql: string, judged: TargetRows): Answers {
  const { column, type } = {
    column: selectRows(read, judged.rows).columns.get('answer'),
    type: read.types.get('answer'),
  }
  if (column === undefined || type === undefined) throw ruleInvalid('It gives no answer.', sql)
  const missing = column.values.filter((value) => value === null || Number.isNaN(value)).length
  if (missing > 0) {
    throw ruleInvalid(
      `It gives no answer for ${missing.toLocaleString('en')} rows.`,
      sql,
      'Use coalesce(…, <otherwise>).',
    )
  }
  const isNumber = column.kind === 'numeric' && type !== 'boolean' && type !== 'timestamp'
  if (judged.task === 'regression') {
    if (column.kind === 'numeric' && isNumber) return { kind: 'values', values: column.values }
    throw ruleInvalid(`It gives ${type} where the target is a number.`, sql)
  }
  if (column.kind === 'numeric' && isNumber && judged.task === 'binary') return scoresOf(column.values, judged.classes)
  return classAnswers(labelsOf(column, type), sql, judged.classes)
}

/** Numbers within 0 and 1 are probabilities of the positive class; others only put the rows in an order. */
function scoresOf(scores: Float64Array, classes: readonly string[]): Answers {
  if (!scores.every((score) => score >= 0 && score <= 1)) return { kind: 'scores', scores }
  const probabilities = new Float64Array(scores.length * 2)
  scores.forEach((score, row) => void probabilities.set([1 - score, score], row * 2))
  return { kind: 'probabilities', classes, probabilities }
}

function classAnswers(labels: readonly (string | null)[], sql: string, classes: readonly string[]): Answers {
  const probabilities = new Float64Array(labels.length * classes.length)
  labels.forEach((label, row) => {
    const index = classes.indexOf(label ?? '')
    if (index < 0) {
      const nearest = nearestName(label ?? '', classes)
      throw new EsteiraError('parameter-invalid', `The rule gives a class that the model does not know: "${label}".`, {
        where: 'rule',
        found: sql,
        allowed: classes.join(', '),
        ...(nearest !== undefined && { nearest }),
      })
    }
    probabilities[row * classes.length + index] = 1
  })
  return { kind: 'probabilities', classes, probabilities }
}

function ruleInvalid(why: string, found: string, next?: string): EsteiraError {
  return new EsteiraError('parameter-invalid', `The rule cannot be compared with. ${why}`, {
    where: 'rule',
    found,
    ...(next !== undefined && { next }),
  })
}
