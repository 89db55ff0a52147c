/** What is wrong with a schema file, each problem at its place and under TFDV's name for it. Pure. */
import type { AnomalyType } from '#shared/anomalies.ts'
import type { FileProblem } from '#shared/errors.ts'
import { type DatasetSchema, datasetSchemaSchema, type SchemaColumn } from '#shared/schema.ts'
import type { ColumnType } from '#shared/statistics.ts'
import { nearestName } from '../kernel/errors.ts'
import { type ParsedFile, type Path, parseYamlFile } from '../kernel/yaml-file.ts'
import { driftMeasures } from './drift/index.ts'
import { comparable } from './schema-bounds.ts'

export interface SchemaFault {
  readonly type: AnomalyType
  /** Undefined where it concerns no single column. */
  readonly column: string | undefined
  readonly problem: FileProblem
}

export interface CheckedSchema {
  /** Null where the text does not hold a whole schema. */
  readonly schema: DatasetSchema | null
  readonly problems: FileProblem[]
  /** The problems again, told apart. */
  readonly faults: SchemaFault[]
}

/** What can be read of a schema file, and every problem of it. */
export function checkSchema(text: string, file: string): CheckedSchema {
  const parsed = parseYamlFile(text, file, datasetSchemaSchema)
  const faults = parsed.ok ? faultsOf(parsed) : parsed.problems.map(formFault)
  return { schema: parsed.ok ? parsed.value : null, problems: faults.map(({ problem }) => problem), faults }
}

/** A part that does not have the form of a schema. */
function formFault(problem: FileProblem): SchemaFault {
  const [, column] = /^columns\.([^.]*)(\.|$)/.exec(problem.path ?? '') ?? []
  const missingType = problem.path === `columns.${column}.type` && problem.message === '"type" is missing.'
  const inDomain = problem.path?.startsWith(`columns.${column}.domain`) === true
  const type = missingType
    ? 'FEATURE_MISSING_TYPE'
    : inDomain
      ? 'INVALID_DOMAIN_SPECIFICATION'
      : 'INVALID_SCHEMA_SPECIFICATION'
  return { type, column, problem }
}

type Parsed = Extract<ParsedFile<DatasetSchema>, { ok: true }>
type Details = Parameters<Parsed['positions']['problem']>[1]

/** Collects what the form alone does not show. */
interface Report {
  (type: AnomalyType, path: Path, details: Details): void
  atKey(type: AnomalyType, path: Path, details: Details): void
}

function faultsOf({ value: schema, positions }: Parsed): SchemaFault[] {
  const faults: SchemaFault[] = []
  const columnOf = ([first, name]: Path) => (first === 'columns' && name !== undefined ? String(name) : undefined)
  const add = (type: AnomalyType, path: Path, problem: FileProblem) =>
    void faults.push({ type, column: columnOf(path), problem })
  const report: Report = Object.assign(
    (type: AnomalyType, path: Path, details: Details) => add(type, path, positions.problem(path, details)),
    {
      atKey: (type: AnomalyType, path: Path, details: Details) => add(type, path, positions.keyProblem(path, details)),
    },
  )
  datasetFaults(schema, report)
  for (const [name, column] of Object.entries(schema.columns)) columnFaults(name, column, schema, report)
  return faults
}

const invalidSchema = 'INVALID_SCHEMA_SPECIFICATION'
const invalidDomain = 'INVALID_DOMAIN_SPECIFICATION'

function datasetFaults({ rows, freshness, columns }: DatasetSchema, report: Report): void {
  ordered(report, invalidSchema, ['rows'], 'min', 'max', rows)
  ordered(report, invalidSchema, ['rows'], 'minFractionOfPrevious', 'maxFractionOfPrevious', rows)
  const time = freshness?.column
  if (time === undefined) return
  const known = Object.keys(columns)
  const column = Object.hasOwn(columns, time) ? columns[time] : undefined
  const path = ['freshness', 'column']
  if (column === undefined) report(invalidSchema, path, unknownName(`There is no column "${time}".`, time, known))
  else if (column.type !== 'timestamp') {
    const message = `The column "${time}" does not say when a row happened.`
    report(invalidSchema, path, { message, found: column.type, expected: 'a column of type timestamp' })
  }
}

function columnFaults(name: string, column: SchemaColumn, { environments }: DatasetSchema, report: Report): void {
  const path = ['columns', name]
  if (name.trim() === '') report.atKey('FEATURE_MISSING_NAME', path, { message: 'A column has no name.' })
  ordered(report, invalidDomain, [...path, 'domain'], 'min', 'max', column.domain)
  ordered(report, invalidSchema, [...path, 'unique'], 'min', 'max', column.unique)
  ordered(report, invalidSchema, [...path, 'unique'], 'minFraction', 'maxFraction', column.unique)
  for (const key of domainKeysOfOtherTypes(column)) {
    const message = `"${key}" does not apply to a column of type ${column.type}.`
    report.atKey('DOMAIN_INVALID_FOR_TYPE', [...path, 'domain', key], { message })
  }
  domainFaults(path, column, report)
  for (const [index, environment] of (column.notIn ?? []).entries()) {
    if (environments.includes(environment)) continue
    const message = `The environment "${environment}" is not known.`
    report(invalidSchema, [...path, 'notIn', index], unknownName(message, environment, environments))
  }
  for (const comparator of ['drift', 'skew'] as const) measureFault(path, column, comparator, report)
}

function domainFaults(path: Path, column: SchemaColumn, report: Report): void {
  const { values, pattern } = column.domain ?? {}
  const domain = [...path, 'domain']
  if (values !== undefined && pattern !== undefined && column.type === 'text') {
    report.atKey(invalidDomain, [...domain, 'pattern'], {
      message: '"values" lists every value; "pattern" adds nothing.',
    })
  }
  const unsupported = /\(\?(?:[=!]|<[=!])|\\[1-9]/.exec(pattern ?? '')?.[0]
  if (unsupported !== undefined) {
    const message = `"${unsupported}" is not part of RE2, which always answers in time linear to the text.`
    report(invalidDomain, [...domain, 'pattern'], { message, expected: 'no look-around and no back references' })
  }
  for (const [index, value] of (values ?? []).entries()) {
    const place = [...domain, 'values', index]
    if (values?.indexOf(value) !== index) report(invalidDomain, place, { message: `"${value}" is listed twice.` })
    if (column.type === 'boolean' && value !== 'true' && value !== 'false') {
      const message = `"${value}" is no truth value.`
      report('BOOL_TYPE_INVALID_CONFIG', place, { message, expected: 'true or false' })
    }
  }
  if (column.minDomainMass !== undefined && values === undefined && pattern === undefined) {
    const message = '"minDomainMass" needs the "values" or the "pattern" of a domain.'
    report.atKey(invalidSchema, [...path, 'minDomainMass'], { message })
  }
}

function measureFault(path: Path, column: SchemaColumn, comparator: 'drift' | 'skew', report: Report): void {
  const chosen = column[comparator]
  const measure = typeof chosen === 'object' ? driftMeasures.find(({ name }) => name === chosen.measure) : undefined
  if (measure === undefined || appliesTo(measure.types, column.type)) return
  report(invalidSchema, [...path, comparator, 'measure'], {
    message: `The measure "${measure.name}" does not apply to a column of type ${column.type}.`,
    expected: driftMeasures
      .filter(({ types }) => appliesTo(types, column.type))
      .map(({ name }) => name)
      .join(', '),
  })
}

function appliesTo(types: readonly ColumnType[], type: ColumnType): boolean {
  return types.includes(type)
}

function ordered<Key extends string>(
  report: Report,
  type: AnomalyType,
  path: Path,
  low: Key,
  high: Key,
  range: Partial<Record<NoInfer<Key>, unknown>> | undefined,
): void {
  const [min, max] = [range?.[low], range?.[high]]
  if (min === undefined || max === undefined || comparable(min) <= comparable(max)) return
  report(type, [...path, low], { message: `"${low}" is larger than "${high}".` })
}

function unknownName(message: string, name: string, known: readonly string[]): Details {
  const nearest = nearestName(name, known)
  return { message, expected: `one of ${known.join(', ')}`, ...(nearest !== undefined && { nearest }) }
}

/** Keys of the domain that mean nothing for a column of this type. */
export function domainKeysOfOtherTypes({ type, domain = {} }: SchemaColumn): string[] {
  const numberKeys = ['min', 'max', 'allowNan', 'allowInfinite']
  const allowed: Readonly<Record<ColumnType, readonly string[]>> = {
    integer: numberKeys,
    number: numberKeys,
    timestamp: ['min', 'max'],
    text: ['values', 'pattern'],
    boolean: ['values'],
    other: [],
  }
  return Object.keys(domain).filter((key) => !allowed[type].includes(key))
}
