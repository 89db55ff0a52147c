/** What the columns of a view's query are to the view: entity, event time, known-at time, features. Pure. */
import type { FileProblem } from '#shared/errors.ts'
import type { FeatureColumn, FeatureView } from '#shared/features.ts'
import { nearestName } from '../kernel/errors.ts'
import type { Positions } from '../kernel/yaml-file.ts'
import type { DescribedColumn } from '../tables/duckdb.ts'

export interface ViewColumns {
  /** In the order of the query. */
  readonly columns: FeatureColumn[]
  readonly problems: FileProblem[]
}

/** @param positions of the view's file; without them problems name the file alone */
export function viewColumns(
  view: FeatureView,
  described: readonly DescribedColumn[],
  positions?: Positions,
): ViewColumns {
  const problems: FileProblem[] = []
  const report = (
    path: readonly (string | number)[],
    details: Pick<FileProblem, 'message' | 'found' | 'expected' | 'nearest'>,
  ) => problems.push(positions?.problem(path, details) ?? { file: view.file, path: path.join('.'), ...details })
  const names = described.map(({ name }) => name)
  for (const { path, column, role } of namedColumns(view)) {
    const found = described.find(({ name }) => name === column)
    if (found === undefined) {
      const nearest = nearestName(column, names)
      report(path, {
        message: `The query gives no column "${column}".`,
        found: column,
        expected: `one of ${names.join(', ')}`,
        ...(nearest !== undefined && { nearest }),
      })
      continue
    }
    const expected = expectedType(role)
    if (expected.types.includes(found.type)) continue
    report(path, {
      message: `The column "${column}" cannot be ${expected.words}.`,
      found: `a column of type ${found.storageType}`,
      expected: expected.types.join(' or '),
    })
  }
  const columns = described.map(({ name, type, storageType }) => ({
    name,
    type,
    storageType,
    role: roleOf(view, name),
  }))
  if (problems.length === 0 && !columns.some(({ role }) => role === 'feature')) {
    report(['query'], {
      message: 'The query gives no feature: every column is an entity or a time.',
      found: names.join(', '),
      expected: 'at least one further column',
    })
  }
  return { columns, problems }
}

/** The features of a view whose query gives these columns. */
export function featuresOf(columns: readonly FeatureColumn[]): FeatureColumn[] {
  return columns.filter(({ role }) => role === 'feature')
}

function roleOf({ entity, eventTime, knownAt }: FeatureView, column: string): FeatureColumn['role'] {
  if (entity.includes(column)) return 'entity'
  if (column === eventTime) return 'event-time'
  return column === knownAt ? 'known-at' : 'feature'
}

function namedColumns(view: FeatureView): { path: string[]; column: string; role: FeatureColumn['role'] }[] {
  return [
    ...view.entity.map((column) => ({ path: ['entity'], column, role: 'entity' as const })),
    { path: ['eventTime'], column: view.eventTime, role: 'event-time' },
    ...(view.knownAt === null ? [] : [{ path: ['knownAt'], column: view.knownAt, role: 'known-at' as const }]),
  ]
}

function expectedType(role: FeatureColumn['role']): { types: readonly string[]; words: string } {
  if (role === 'entity') return { types: ['text', 'integer', 'boolean', 'timestamp'], words: 'an entity' }
  return { types: ['timestamp'], words: role === 'event-time' ? 'the event time' : 'the known-at time' }
}
