/**
 * Rules of a schema that only the rows can answer, each as SQL. One pass over the rows answers all of them; what the statistics
 * answer already is not asked again. Pure.
 */
import type { DatasetSchema, SchemaCheck, SchemaColumn } from '#shared/schema.ts'
import type { ColumnStatistics, Statistics } from '#shared/statistics.ts'
import { quoteIdentifier, quoteText } from '../../tables/duckdb.ts'

export interface RowRule {
  /** The key of its answer among the facts. */
  readonly id: string
  readonly kind: 'pattern' | 'values' | 'utf8' | 'check' | 'distinct'
  readonly column?: string
  /** What a row at fault meets. Absent for `distinct`, which counts the different values instead. */
  readonly condition?: string
  /** SQL that a person wrote, to be looked at before it runs. */
  readonly sql?: string
  readonly pattern?: string
}

/** What the rows answer to one rule. */
export interface RowFact {
  /** Rows at fault; for `distinct` the different values. */
  readonly faulty: number
  readonly examples: readonly string[]
  /** Why the rule cannot be answered: the schema is at fault, not the data. */
  readonly problem?: string
}
export type RowFacts = Readonly<Record<string, RowFact>>

export const patternRuleId = (column: string) => `pattern ${column}`
export const valuesRuleId = (column: string) => `values ${column}`
export const utf8RuleId = (column: string) => `utf8 ${column}`
export const distinctRuleId = (column: string) => `distinct ${column}`
/** @param column undefined for a check of the dataset */
export const checkRuleId = (column: string | undefined, name: string) => JSON.stringify(['check', column ?? null, name])

export function rowRules(statistics: Statistics, schema: DatasetSchema, environment: string): RowRule[] {
  const found = new Map(statistics.columns.map((column) => [column.name, column]))
  const ofColumns = Object.entries(schema.columns).flatMap(([name, column]): RowRule[] => {
    const statistic = found.get(name)
    return statistic === undefined || column.notIn?.includes(environment)
      ? []
      : columnRules(statistic, column, statistics.rows)
  })
  return [...checkRules(undefined, schema.checks), ...ofColumns]
}

function columnRules(statistic: ColumnStatistics, column: SchemaColumn, rows: number): RowRule[] {
  const { name } = statistic
  if (rows === statistic.missing) return []
  const rules: RowRule[] = []
  const { pattern } = column.domain ?? {}
  if (statistic.type === 'text' && column.type === 'text' && pattern !== undefined) {
    rules.push({
      id: patternRuleId(name),
      kind: 'pattern',
      column: name,
      pattern,
      condition: offPattern(name, pattern),
    })
  }
  if (needsAllValues(statistic, column)) {
    rules.push({ id: valuesRuleId(name), kind: 'values', column: name, condition: outsideDomain(name, column) })
  }
  if (column.type === 'text' && statistic.storageType === 'BLOB') {
    rules.push({ id: utf8RuleId(name), kind: 'utf8', column: name, condition: undecodable(name) })
  }
  if (needsExactDistinct(statistic, column, rows)) {
    rules.push({ id: distinctRuleId(name), kind: 'distinct', column: name })
  }
  return [...rules, ...checkRules(name, column.checks)]
}

function checkRules(column: string | undefined, checks: Readonly<Record<string, SchemaCheck>> = {}): RowRule[] {
  return Object.entries(checks).map(([name, check]) => {
    const { sql } = checkOf(check)
    const rule = { id: checkRuleId(column, name), kind: 'check', sql, condition: failing(sql) } as const
    return column === undefined ? rule : { ...rule, column }
  })
}

/** A check in its long form. */
export function checkOf(check: SchemaCheck): Exclude<SchemaCheck, string> {
  return typeof check === 'string' ? { sql: check } : check
}

export function offPattern(name: string, pattern: string): string {
  const column = quoteIdentifier(name)
  return `${column} is not null and not regexp_full_match(${column}::VARCHAR, ${quoteText(pattern)})`
}

export function outsideDomain(name: string, { domain }: SchemaColumn): string {
  const column = quoteIdentifier(name)
  const values = domain?.values ?? []
  return `${column} is not null and ${column}::VARCHAR not in (${values.map(quoteText).join(', ')})`
}

export function undecodable(name: string): string {
  const column = quoteIdentifier(name)
  return `${column} is not null and try(decode(${column})) is null`
}

/** As in a CHECK of SQL, what is null passes. The line break ends a trailing comment. */
export function failing(sql: string): string {
  return `(${sql}\n) is false`
}

/** Whether some values of a column with a list of allowed ones are not among the statistics. */
export function needsAllValues({ distinct, categorical, type }: ColumnStatistics, column: SchemaColumn): boolean {
  if (column.domain?.values === undefined || categorical === undefined || type !== column.type) return false
  return categorical.topValues.length < distinct
}

/** Up to so many different numbers are counted exactly (see statistics.ts). */
const maxCountedNumbers = 20_000
/** Beyond this distance from a limit, an approximate number judges as well as an exact one. */
const approximation = 0.15

/** Whether a limit on different values is so near to an approximate number that only the rows tell. */
export function needsExactDistinct(statistic: ColumnStatistics, { unique }: SchemaColumn, rows: number): boolean {
  const { type, distinct, missing } = statistic
  if (unique === undefined || type === 'other' || type === 'text' || type === 'boolean') return false
  if (distinct <= maxCountedNumbers) return false
  const present = rows - missing
  const limits = [
    unique.min,
    unique.max,
    ...[unique.minFraction, unique.maxFraction].map((share) => share && share * present),
  ]
  return limits.some(
    (limit) => limit !== undefined && Math.abs(distinct - limit) <= approximation * Math.max(limit, distinct),
  )
}
