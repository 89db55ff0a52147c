/** What a person decides about the columns of a new project, against what was advised. Pure. */
import type { ColumnAdvice, ProjectAdvice } from '../data/advice.ts'
import { columnReasonText } from '../data/column-reasons.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { nearestOf } from './datasets.ts'

/**
 * The advice on the columns, with the choices in its place.
 * @throws EsteiraError `column-not-found`; `invalid-usage` for the target left out, or no column left to learn from
 */
export function withChoices(
  { columns, target }: Pick<ProjectAdvice, 'columns' | 'target'>,
  use: Readonly<Record<string, boolean>>,
): ColumnAdvice[] {
  const known = [target, ...columns.map(({ name }) => name)]
  for (const name of Object.keys(use)) if (!known.includes(name)) throw unknownColumn(name, known)
  if (use[target] === false) {
    throw new EsteiraError('invalid-usage', `The target column "${target}" cannot be left out.`, { where: 'use' })
  }
  const chosen = columns.map((column) => choose(column, Object.hasOwn(use, column.name) ? use[column.name] : undefined))
  if (Object.keys(use).length > 0 && !chosen.some((column) => column.use)) {
    throw new EsteiraError('invalid-usage', 'No column is left to learn from.', {
      where: 'use',
      next: 'Use at least one column beside the target.',
    })
  }
  return chosen
}

function choose(advice: ColumnAdvice, use: boolean | undefined): ColumnAdvice {
  if (use === undefined || use === advice.use) return advice
  const { name, statistics } = advice
  const why = { kind: 'by-choice' as const }
  return { name, use, statistics, ...(!use && { reason: columnReasonText(why), why }) }
}

function unknownColumn(name: string, known: readonly string[]): EsteiraError {
  return new EsteiraError('column-not-found', `The data has no column "${name}".`, {
    where: 'use',
    found: name,
    allowed: known.join(', '),
    ...nearestOf(name, known),
  })
}
