/** What the rows answered, as anomalies. Pure. */
import type { Anomaly } from '#shared/anomalies.ts'
import type { SchemaCheck, SchemaColumn } from '#shared/schema.ts'
import { sentence } from '#shared/sentences.ts'
import type { ColumnStatistics } from '#shared/statistics.ts'
import { anomaly, list, percentage, rounded } from './anomaly.ts'
import { unexpectedValues } from './column-values.ts'
import { checkOf, checkRuleId, patternRuleId, type RowFact, type RowFacts, valuesRuleId } from './row-rules.ts'

/** A rule that needs the rows where there are none: the check is not passed in silence. */
export function unanswered(column: string | undefined, rule: string): Anomaly {
  return anomaly('STATS_NOT_AVAILABLE', column, {
    rule,
    short: 'Needs the rows',
    description: `The rule "${rule}"${column === undefined ? '' : ` of the column "${column}"`} is about single rows, which the statistics do not hold: give the step the rows as its input "data".`,
    expected: sentence('the-rows', {}),
    found: sentence('statistics-alone', {}),
  })
}

/** A rule of the schema that DuckDB does not take. */
function unusable(column: string | undefined, rule: string, problem: string): Anomaly {
  const type = rule === 'pattern' ? 'INVALID_DOMAIN_SPECIFICATION' : 'INVALID_SCHEMA_SPECIFICATION'
  return anomaly(type, column, {
    rule,
    short: 'The rule cannot be used',
    description: `The rule "${rule}" of the schema cannot be used: ${problem}`,
    expected: sentence(rule === 'pattern' ? 'regular-expression' : 'sql-condition', {}),
    found: problem,
  })
}

export function patternAnomalies(
  { name }: ColumnStatistics,
  column: SchemaColumn,
  present: number,
  facts: RowFacts | undefined,
): Anomaly[] {
  const pattern = column.domain?.pattern
  if (pattern === undefined) return []
  const fact = facts?.[patternRuleId(name)]
  if (fact === undefined) return [unanswered(name, 'pattern')]
  if (fact.problem !== undefined) return [unusable(name, 'pattern', fact.problem)]
  const mass = column.minDomainMass ?? 1
  const share = (present - fact.faulty) / present
  if (fact.faulty === 0 || share >= mass) return []
  return [
    anomaly('ENUM_TYPE_UNEXPECTED_STRING_VALUES', name, {
      short: 'Values of another form',
      description: `The column "${name}" has ${fact.faulty} values (${percentage(fact.faulty / present)}) of another form.`,
      expected: mass === 1 ? sentence('like', { pattern }) : sentence('share-like', { value: mass, pattern }),
      found: list(fact.examples),
      examples: fact.examples,
      figures: { value: rounded(share), limit: mass, faulty: fact.faulty },
    }),
  ]
}

/** Values outside of the listed ones, of a column with more values than the statistics hold. */
export function manyValuesAnomalies(
  statistic: ColumnStatistics,
  column: SchemaColumn,
  present: number,
  facts: RowFacts | undefined,
): Anomaly[] {
  const fact = facts?.[valuesRuleId(statistic.name)]
  if (fact === undefined) return [unanswered(statistic.name, 'values')]
  return unexpectedValues(statistic, column, {
    faulty: fact.faulty,
    present,
    values: fact.examples,
    complete: false,
  })
}

/** @param column undefined for the checks of the dataset */
export function checkAnomalies(
  column: string | undefined,
  checks: Readonly<Record<string, SchemaCheck>> | undefined,
  rows: number,
  facts: RowFacts | undefined,
): Anomaly[] {
  return Object.entries(checks ?? {}).flatMap(([name, check]) => {
    const fact = facts?.[checkRuleId(column, name)]
    if (fact === undefined) return rows === 0 ? [] : [unanswered(column, name)]
    if (fact.problem !== undefined) return [unusable(column, name, fact.problem)]
    return checkAnomaly(column, name, checkOf(check), rows, fact)
  })
}

function checkAnomaly(
  column: string | undefined,
  rule: string,
  { sql, minFraction = 1, severity = 'error' }: ReturnType<typeof checkOf>,
  rows: number,
  { faulty }: RowFact,
): Anomaly[] {
  const share = rows === 0 ? 1 : (rows - faulty) / rows
  if (faulty === 0 || share >= minFraction) return []
  return [
    anomaly('CUSTOM_VALIDATION', column, {
      rule,
      severity: severity === 'warning' ? 'WARNING' : 'ERROR',
      short: rule,
      description: `"${rule}" does not hold for ${faulty} of ${rows} rows (${percentage(faulty / rows)}).`,
      expected: `${minFraction === 1 ? '' : `a share of ${minFraction} with `}${sql}`,
      found: faulty === 1 ? sentence('row-without-it', {}) : sentence('rows-without-it', { count: faulty }),
      figures: { value: rounded(share), limit: minFraction, faulty },
    }),
  ]
}
