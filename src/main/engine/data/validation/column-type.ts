/** A column of another type than the schema says: TFDV's names tell how near it is to the expected one. Pure. */
import type { Anomaly, AnomalyType } from '#shared/anomalies.ts'
import type { SchemaColumn } from '#shared/schema.ts'
import { sentence } from '#shared/sentences.ts'
import type { ColumnStatistics, ColumnType } from '#shared/statistics.ts'
import { anomaly, list, maxExamples } from './anomaly.ts'
import type { RowFacts } from './row-rules.ts'
import { utf8RuleId } from './row-rules.ts'

/** With a smaller share of texts that spell the expected type, the column is simply something else. */
const mostlyShare = 0.5

export function typeFits(found: ColumnType, expected: ColumnType): boolean {
  return found === expected || (found === 'integer' && expected === 'number')
}

/** Why a column that does not fit does not fit. */
export function typeAnomalies(
  statistic: ColumnStatistics,
  column: SchemaColumn,
  facts: RowFacts | undefined,
): Anomaly[] {
  const { type: found } = statistic
  if (found === 'text') return [misspelled(statistic, column) ?? unexpectedType(statistic, column)]
  if (column.type === 'boolean' && found === 'integer') return numbersAsTruth(statistic, column)
  if (column.type === 'boolean' && found === 'number') return [fractionsAsTruth(statistic, column)]
  return [undecodable(statistic, column, facts) ?? unexpectedType(statistic, column)]
}

function unexpectedType(statistic: ColumnStatistics, column: SchemaColumn): Anomaly {
  const examples = statistic.categorical?.topValues.slice(0, maxExamples).map(({ value }) => value) ?? []
  return anomaly('UNEXPECTED_DATA_TYPE', statistic.name, {
    short: 'Unexpected type',
    description: `The column "${statistic.name}" is of type ${statistic.type} where ${column.type} is expected.`,
    expected: column.type,
    found: `${statistic.type} (${statistic.storageType})`,
    examples,
  })
}

const number = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/
const spelled: Partial<Record<ColumnType, { type: AnomalyType; fits: (text: string) => boolean }>> = {
  integer: { type: 'INT_TYPE_NOT_INT_STRING', fits: (text) => number.test(text) && Number.isInteger(Number(text)) },
  number: { type: 'FLOAT_TYPE_STRING_NOT_FLOAT', fits: (text) => number.test(text) },
  boolean: { type: 'BOOL_TYPE_UNEXPECTED_STRING', fits: (text) => /^(true|false|t|f|yes|no|y|n|1|0)$/i.test(text) },
}

/** A few texts among what would be numbers or truth values make the whole column one of texts. */
function misspelled({ name, categorical }: ColumnStatistics, { type: expected }: SchemaColumn): Anomaly | undefined {
  const spelling = spelled[expected]
  if (spelling === undefined || categorical === undefined) return undefined
  const { topValues } = categorical
  const wrong = topValues.filter(({ value }) => !spelling.fits(value))
  const all = topValues.reduce((sum, { count }) => sum + count, 0)
  const faulty = wrong.reduce((sum, { count }) => sum + count, 0)
  if (faulty === 0 || (all - faulty) / all < mostlyShare) return undefined
  return anomaly(spelling.type, name, {
    short: 'Texts among the values',
    description: `The column "${name}" is of type text, as ${faulty} of its values are not of type ${expected}.`,
    expected,
    found: list(wrong.map(({ value }) => value)),
    examples: wrong.slice(0, maxExamples).map(({ value }) => value),
    figures: { faulty, limit: 0 },
  })
}

function numbersAsTruth(statistic: ColumnStatistics, column: SchemaColumn): Anomaly[] {
  const { name, numeric } = statistic
  const anomalies: Anomaly[] = []
  const details = (value: number) => ({
    short: 'Not a truth value',
    description: `The column "${name}" holds whole numbers other than 0 and 1 where truth values are expected.`,
    expected: sentence('boolean-or-01', {}),
    found: String(value),
    examples: [String(value)],
  })
  if (numeric && numeric.min < 0) {
    anomalies.push(
      anomaly('BOOL_TYPE_SMALL_INT', name, { ...details(numeric.min), figures: { value: numeric.min, limit: 0 } }),
    )
  }
  if (numeric && numeric.max > 1) {
    anomalies.push(
      anomaly('BOOL_TYPE_BIG_INT', name, { ...details(numeric.max), figures: { value: numeric.max, limit: 1 } }),
    )
  }
  return anomalies.length > 0 ? anomalies : [unexpectedType(statistic, column)]
}

function fractionsAsTruth(statistic: ColumnStatistics, column: SchemaColumn): Anomaly {
  const { name, numeric } = statistic
  if (numeric === undefined) return unexpectedType(statistic, column)
  const { min, max, nan, infinite, values } = numeric
  const others = values?.map(({ value }) => value).filter((value) => value !== 0 && value !== 1)
  const isTruth = (value: number) => value === 0 || value === 1
  const fits = nan === 0 && infinite === 0 && isTruth(min) && isTruth(max) && others?.length === 0
  if (fits) return unexpectedType(statistic, column)
  const examples = (others ?? [min, max])
    .filter((value) => !isTruth(value))
    .slice(0, maxExamples)
    .map(String)
  return anomaly('BOOL_TYPE_UNEXPECTED_FLOAT', name, {
    short: 'Not a truth value',
    description: `The column "${name}" holds numbers other than 0 and 1 where truth values are expected.`,
    expected: sentence('boolean-or-01', {}),
    found: examples.length > 0 ? list(examples) : `${nan} NaN, ${infinite} infinite`,
    examples,
  })
}

/** Bytes where text is expected: often text in another encoding than UTF-8, which is seen in the rows alone. */
function undecodable({ name, storageType }: ColumnStatistics, column: SchemaColumn, facts: RowFacts | undefined) {
  const fact = facts?.[utf8RuleId(name)]
  if (column.type !== 'text' || fact === undefined || fact.faulty === 0) return undefined
  return anomaly('ENUM_TYPE_INVALID_UTF8', name, {
    short: 'Not UTF-8',
    description: `The column "${name}" holds bytes, of which ${fact.faulty} values are not text in UTF-8.`,
    expected: sentence('utf8-text', {}),
    found: storageType,
    examples: fact.examples,
    figures: { faulty: fact.faulty, limit: 0 },
  })
}
