/** What the form of a schema does to its text, and how it says what a column must be. Pure. */
import type { YamlEdit } from '#shared/pipelines.ts'
import type { Json } from '#shared/runs.ts'
import type { DatasetSchema, SchemaCheck, SchemaColumn } from '#shared/schema.ts'
import type { ColumnType } from '#shared/statistics.ts'

export type ColumnKey = keyof SchemaColumn

/** Sets one field of a column, or one part of a field such as `presence.minFraction`. Undefined takes it away. */
export function columnEdit(
  name: string,
  column: SchemaColumn,
  path: readonly [ColumnKey] | readonly [ColumnKey, string],
  value: Json | undefined,
): YamlEdit {
  const full = ['columns', name, ...path]
  if (value !== undefined) return { kind: 'set', path: full, value }
  const [group, part] = path
  const parts = column[group]
  const alone = typeof parts === 'object' && Object.keys(parts).every((key) => key === part)
  // An empty "presence" still says that the column must be there; other empty groups say nothing.
  if (part !== undefined && alone && group !== 'presence') return { kind: 'remove', path: full.slice(0, -1) }
  return { kind: 'remove', path: full }
}

/** The same for the numbers of rows of the whole dataset. */
export function rowsEdit(
  schema: DatasetSchema,
  part: keyof NonNullable<DatasetSchema['rows']>,
  value: number | undefined,
): YamlEdit {
  if (value !== undefined) return { kind: 'set', path: ['rows', part], value }
  const alone = Object.keys(schema.rows ?? {}).every((key) => key === part)
  return { kind: 'remove', path: alone ? ['rows'] : ['rows', part] }
}

/** How old the newest row may be; without it, freshness is not asked for. */
export function freshnessEdit(part: 'maxAge' | 'column', value: string | undefined): YamlEdit {
  if (value !== undefined) return { kind: 'set', path: ['freshness', part], value }
  return { kind: 'remove', path: part === 'maxAge' ? ['freshness'] : ['freshness', part] }
}

/** A check in its long form. */
export function longCheck(check: SchemaCheck): Exclude<SchemaCheck, string> {
  return typeof check === 'string' ? { sql: check } : check
}

/** Sets one part of a check: one that is SQL alone stays short as long as it can. */
export function checkEdit(
  path: readonly string[],
  check: SchemaCheck,
  part: 'sql' | 'minFraction' | 'severity',
  value: string | number | undefined,
): YamlEdit {
  if (typeof check !== 'string') {
    return value === undefined
      ? { kind: 'remove', path: [...path, part] }
      : { kind: 'set', path: [...path, part], value }
  }
  if (part === 'sql') return { kind: 'set', path: [...path], value: value ?? check }
  return { kind: 'set', path: [...path], value: { sql: check, ...(value !== undefined && { [part]: value }) } }
}

/** A free name for a column that is added. */
export function newColumnName(names: readonly string[]): string {
  return freeName('column', names, '_')
}

/** The name, or the name with a number. */
export function freeName(wanted: string, names: readonly string[], separator = ' '): string {
  for (let count = 1; ; count++) {
    const name = count === 1 ? wanted : `${wanted}${separator}${count}`
    if (!names.includes(name)) return name
  }
}

/** A limit as typed: a number, or an instant in ISO 8601 for timestamps. Undefined for none, null for nonsense. */
export function boundOfText(text: string, type: ColumnType): number | string | undefined | null {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  if (type === 'timestamp') return /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d)?)?$/.test(trimmed) ? trimmed : null
  const number = Number(trimmed)
  return Number.isFinite(number) ? number : null
}

/** A rule of a column with its figures, for one line of a table. */
export type Rule =
  | { readonly kind: 'required' | 'nan' | 'infinite' }
  | { readonly kind: 'present'; readonly share: number }
  | { readonly kind: 'values'; readonly count: number }
  | { readonly kind: 'from' | 'to'; readonly bound: string | number }
  | { readonly kind: 'range'; readonly from: string | number; readonly to: string | number }
  | { readonly kind: 'unique-from' | 'unique-to'; readonly count: number }
  | { readonly kind: 'not-in'; readonly environments: string }
  | { readonly kind: 'pattern'; readonly pattern: string }
  | { readonly kind: 'unique-share-from' | 'unique-share-to'; readonly share: number }
  | { readonly kind: 'never-repeats' | 'no-drift' | 'no-skew' }
  | { readonly kind: 'drift' | 'skew'; readonly threshold: number }
  | { readonly kind: 'checks'; readonly count: number }

export function rulesOf({ presence, domain = {}, unique, notIn, drift, skew, checks }: SchemaColumn): Rule[] {
  const { min, max, pattern } = domain
  const rules: (Rule | false)[] = [
    presence !== undefined &&
      (presence.minFraction === undefined || presence.minFraction === 1
        ? { kind: 'required' }
        : { kind: 'present', share: presence.minFraction }),
    domain.values !== undefined && { kind: 'values', count: domain.values.length },
    pattern !== undefined && { kind: 'pattern', pattern },
    min !== undefined && max !== undefined && { kind: 'range', from: min, to: max },
    min !== undefined && max === undefined && { kind: 'from', bound: min },
    min === undefined && max !== undefined && { kind: 'to', bound: max },
    domain.allowNan === true && { kind: 'nan' },
    domain.allowInfinite === true && { kind: 'infinite' },
    unique?.min !== undefined && { kind: 'unique-from', count: unique.min },
    unique?.max !== undefined && { kind: 'unique-to', count: unique.max },
    unique?.minFraction !== undefined &&
      (unique.minFraction === 1 ? { kind: 'never-repeats' } : { kind: 'unique-share-from', share: unique.minFraction }),
    unique?.maxFraction !== undefined && { kind: 'unique-share-to', share: unique.maxFraction },
    notIn !== undefined && notIn.length > 0 && { kind: 'not-in', environments: notIn.join(', ') },
    typeof drift === 'object' && { kind: 'drift', threshold: drift.threshold },
    drift === false && { kind: 'no-drift' },
    typeof skew === 'object' && { kind: 'skew', threshold: skew.threshold },
    skew === false && { kind: 'no-skew' },
    checks !== undefined && { kind: 'checks', count: Object.keys(checks).length },
  ]
  return rules.filter((rule) => rule !== false)
}

/** The column whose lines hold the line. */
export function columnAtLine(
  lines: Readonly<Record<string, { from: number; to: number }>>,
  line: number,
): string | undefined {
  return Object.entries(lines).find(([, { from, to }]) => line >= from && line <= to)?.[0]
}
