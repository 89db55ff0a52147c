/** Which columns cannot help a model, told from their statistics. Pure. */
import type { ColumnReason } from '#shared/column-reasons.ts'
import type { ColumnStatistics } from '#shared/statistics.ts'

/** Above this share of different values a category is hardly ever seen twice. */
const nearlyUnique = 0.95
const mostlyUnique = 0.5
/** Below it, many different values of a small file are still few. */
const minDistinct = 50
/** Longer texts are prose rather than categories. */
const proseLength = 60

/** Why to leave the column out; undefined to use it. `distinct` must be exact where it is near `rows`. */
export function reasonToLeaveOut(column: ColumnStatistics, rows: number): ColumnReason | undefined {
  const present = rows - column.missing - (column.numeric?.nan ?? 0)
  if (present === 0) return { kind: 'always-missing' }
  if (column.type === 'other') return { kind: 'unusable-type', type: column.storageType }
  if (column.distinct === 1 && column.missing === 0) return { kind: 'constant' }
  if (column.type === 'text') return textReason(column, present)
  return column.type === 'integer' ? integerReason(column, present) : undefined
}

function textReason(column: ColumnStatistics, present: number): ColumnReason | undefined {
  const share = column.distinct / present
  const texts = column.categorical
  const examples = texts?.topValues.slice(0, 20).map(({ value }) => value) ?? []
  if (share > mostlyUnique && examples.length > 0 && examples.every(isUuid)) return { kind: 'generated-identifiers' }
  if (share >= nearlyUnique && (texts?.avgLength ?? 0) < proseLength) {
    return { kind: 'own-values' }
  }
  if (share > mostlyUnique && namesIdentifier(column.name)) return { kind: 'identifier' }
  if ((texts?.avgLength ?? 0) >= proseLength && share > 0.3) return { kind: 'free-text' }
  if (share > mostlyUnique && column.distinct > minDistinct) return { kind: 'rare-values' }
  return undefined
}

/** Whole numbers that are all different are honest quantities unless they number the rows or are called an identifier. */
function integerReason(column: ColumnStatistics, present: number): ColumnReason | undefined {
  const { name, distinct, numeric } = column
  if (numeric === undefined) return undefined
  if (distinct > mostlyUnique * present && namesIdentifier(name)) return { kind: 'identifier' }
  const years = numeric.min >= 1_500 && numeric.max <= 2_200
  const dense = numeric.max - numeric.min < 2 * present
  if (distinct === present && dense && !years && present >= 20) return { kind: 'row-numbers' }
  return undefined
}

function isUuid(value: string): boolean {
  return /^\{?[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}\}?$/i.test(value)
}

/** `id`, `customer_id`, `customerId`, `Passenger ID`, `order key`, … */
export function namesIdentifier(name: string): boolean {
  return (
    /(^|[\s_.-])(id|ids|uuid|guid|key|pk|ssn|email|e-mail|phone|index|rownum)$|[a-z](Id|ID|Key|Uuid)$/i.test(name) &&
    !/(^|[a-z])(paid|valid|void|grid|bid|kid|lid|mid|rapid|solid|fluid|humid|turkey|monkey|hockey)$/i.test(name)
  )
}

/** When each row happened: a complete column of instants that is not a property of a person or thing. */
export function timeColumnOf(columns: readonly ColumnStatistics[]): string | undefined {
  const candidates = columns.filter(
    ({ type, missing, distinct, name }) =>
      type === 'timestamp' && missing === 0 && distinct >= 10 && !/birth|born|dob|expir|valid|due/i.test(name),
  )
  return candidates[0]?.name
}
