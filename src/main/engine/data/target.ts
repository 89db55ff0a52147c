/** What kind of task a target column makes, told from its statistics. Pure. */
import type { Task } from '#shared/models.ts'
import type { ColumnStatistics, Statistics } from '#shared/statistics.ts'
import { EsteiraError } from '../kernel/errors.ts'

/** Whole numbers with more different values are quantities rather than classes. */
const maxNumericClasses = 10
/** So are those that are seen less often each, on average. */
const minRowsPerNumericClass = 10
/** Beyond this, a class has hardly any rows and a person hardly means classes. */
export const maxClasses = 200

export interface TargetAdvice {
  readonly task: Task
  /** As texts, in natural order; empty for regression. */
  readonly classes: string[]
}

/**
 * @param statistics of the rows that have a target
 * @param wanted the task a person asked for
 * @throws EsteiraError `target-unusable`
 */
export function adviseTarget(statistics: Statistics, target: ColumnStatistics, wanted?: Task): TargetAdvice {
  const { name, type, numeric, distinct } = target
  if (statistics.rows === 0 || target.missing === statistics.rows) {
    throw unusable(name, 'every value is missing', 'Choose another column, or data in which it is known.')
  }
  if (type === 'timestamp' || type === 'other') {
    throw unusable(name, `a column of type ${type} cannot be predicted`, 'Choose a column of numbers or of categories.')
  }
  if (distinct === 1) {
    const value = target.categorical?.topValues[0]?.value ?? String(numeric?.min)
    throw unusable(name, `every row has the same value, ${value}`, 'Use data with rows of at least two classes.')
  }
  const task = wanted ?? naturalTask(target, statistics.rows)
  if (task === 'regression') {
    if (numeric) return { task, classes: [] }
    throw unusable(name, `regression needs numbers, but its type is ${type}`, 'Use --task multiclass or binary.')
  }
  if (task === 'binary' && distinct !== 2) {
    throw unusable(
      name,
      `a binary target has two values, but it has ${distinct}`,
      'Use --task multiclass or regression.',
    )
  }
  if (distinct > maxClasses) {
    const next = numeric ? 'Use --task regression.' : 'Group its values into fewer classes, or choose another column.'
    throw unusable(
      name,
      `it has ${distinct} different values, more than the ${maxClasses} classes that can be learned`,
      next,
    )
  }
  return { task, classes: classesOf(target) }
}

function naturalTask({ type, numeric, distinct }: ColumnStatistics, rows: number): Task {
  if (distinct === 2) return 'binary'
  if (type === 'text' || type === 'boolean') return 'multiclass'
  const whole = numeric?.values?.every(({ value }) => Number.isInteger(value)) ?? false
  return whole && distinct <= maxNumericClasses && rows >= minRowsPerNumericClass * distinct
    ? 'multiclass'
    : 'regression'
}

function classesOf({ categorical, numeric }: ColumnStatistics): string[] {
  if (numeric) return (numeric.values ?? []).map(({ value }) => String(value))
  return (categorical?.topValues ?? []).map(({ value }) => value).sort()
}

function unusable(name: string, reason: string, next: string): EsteiraError {
  return new EsteiraError('target-unusable', `The target column "${name}" cannot be learned: ${reason}.`, {
    where: name,
    next,
  })
}
