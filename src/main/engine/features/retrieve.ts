/** Features for labels, as they were known at the time of each label. */
import { z } from 'zod'
import type { FeatureColumn, FeatureManifest, FeatureView, RetrievedFeature } from '#shared/features.ts'
import { EsteiraError, nearestName } from '../kernel/errors.ts'
import { type DescribedColumn, parquetSource, quoteIdentifier, type Tables } from '../tables/duckdb.ts'
import { createHistory, instantExpression } from './history.ts'
import { type JoinedView, labelRow, labelTime, withinTtl } from './joined-view.ts'
import { verifyRetrieval } from './verify-retrieval.ts'
import { featuresOf, viewColumns } from './view-columns.ts'
import { invalidView } from './views.ts'

/** What is wanted of one view. */
export interface ViewRequest {
  readonly view: FeatureView
  /** The features to take; undefined: all. */
  readonly features: readonly string[] | undefined
  /** Features to other names in the result. Those left out keep their own. */
  readonly columns: Readonly<Record<string, string>>
  /** Entity columns of the view to columns of the labels; those left out have the same name. */
  readonly entity: Readonly<Record<string, string>>
}

export interface RetrieveRequest {
  /** A Parquet file. */
  readonly labelsPath: string
  /** The column of the labels with the time to look at. */
  readonly time: string
  readonly views: readonly ViewRequest[]
  readonly outputPath: string
  /** Takes values as known from their event time on, whenever they became known. Never for training. */
  readonly ignoreKnownAt?: boolean
}

export interface Retrieved {
  readonly rows: number
  readonly manifest: FeatureManifest
  /** Name of the column to the number of rows with a value. */
  readonly filled: ReadonlyMap<string, number>
}

/**
 * Writes the labels, in their order, with a column for each feature: null where nothing was known or all of it was
 * older than the ttl. The datasets of the views must have been opened: see `openFeatureViews`.
 * @throws EsteiraError `column-not-found`, `feature-view-invalid`, `parameter-invalid`
 */
export async function retrieveFeatures(tables: Tables, request: RetrieveRequest): Promise<Retrieved> {
  const labels = await tables.describe(`from ${parquetSource(request.labelsPath)}`)
  const time = labelColumn(request.time, labels, 'time')
  if (time.type !== 'timestamp') {
    throw new EsteiraError('parameter-invalid', `The column "${request.time}" does not hold times.`, {
      where: 'time',
      found: `a column of type ${time.storageType}`,
      allowed: 'a date or timestamp',
    })
  }
  const joined: JoinedView[] = []
  const features: RetrievedFeature[] = []
  const taken = new Map(labels.map(({ name }) => [name.toLowerCase(), 'the table']))
  for (const [index, viewRequest] of request.views.entries()) {
    const columns = await knownColumns(tables, viewRequest.view)
    const entity = entityColumns(viewRequest, columns, labels)
    const chosen = chooseFeatures(viewRequest, columns)
    for (const { column } of chosen) claim(taken, column, viewRequest.view.name)
    const table = `history_${index}`
    const history = await createHistory(tables, table, viewRequest.view, columns, request)
    joined.push({ table, history, entity, features: chosen, ttlMs: viewRequest.view.ttlMs })
    features.push(...chosen.map((choice) => manifestEntry(viewRequest.view, choice, entity, request.time)))
  }
  const source = labelSource(request, time)
  const { rows } = await tables.writeParquet(retrieveQuery(source, joined), request.outputPath)
  await verifyRetrieval(tables, { source, joined, outputPath: request.outputPath, rows })
  return { rows, manifest: { formatVersion: 1, features }, filled: await countFilled(tables, request, features) }
}

/** The labels with `labelRow` and `labelTime`; a time without end sees nothing rather than everything. */
function labelSource({ labelsPath }: RetrieveRequest, time: DescribedColumn): string {
  const instant = instantExpression(quoteIdentifier(time.name), time.storageType, 'down')
  return `(select * exclude (file_row_number), file_row_number as ${labelRow},
    case when isfinite(${instant}) then ${instant} end as ${labelTime}
    from ${parquetSource(labelsPath, { rowNumbers: true })})`
}

function retrieveQuery(source: string, joined: readonly JoinedView[]): string {
  const joins = joined.map(({ table, entity, history }, index) => {
    const keys = entity.map(
      ({ column }, key) => `labels.${quoteIdentifier(column)} = v${index}.${history.keys[key] ?? ''}`,
    )
    return `asof left join ${table} as v${index} on ${keys.join(' and ')} and labels.${labelTime} >= v${index}.since`
  })
  const columns = joined.flatMap((view, index) =>
    view.features.map(({ feature, column }) => {
      const value = `v${index}.${view.history.features.get(feature) ?? ''}`
      return `${withinTtl(value, `v${index}.event_at`, `labels.${labelTime}`, view.ttlMs)} as ${quoteIdentifier(column)}`
    }),
  )
  return `select ${[`labels.* exclude (${labelRow}, ${labelTime})`, ...columns].join(', ')}
    from ${source} as labels ${joins.join('\n')} order by labels.${labelRow}`
}

/** @throws EsteiraError `feature-view-invalid` where the query no longer gives what the view says */
async function knownColumns(tables: Tables, view: FeatureView): Promise<FeatureColumn[]> {
  const described = await tables.describe(view.query).catch((error: unknown) => {
    throw inQueryOf(view, error)
  })
  const { columns, problems } = viewColumns(view, described)
  if (problems.length > 0) throw invalidView(view.name, view.file, problems)
  return columns
}

/** A failure of a view's SQL, which names the file to mend. */
export function inQueryOf(view: FeatureView, error: unknown): unknown {
  if (!(error instanceof EsteiraError) || error.code !== 'query-failed') return error
  return new EsteiraError('query-failed', error.message, { ...error.context, where: `${view.file}: query` })
}

function entityColumns(
  { view, entity }: ViewRequest,
  columns: readonly FeatureColumn[],
  labels: readonly DescribedColumn[],
): { key: string; column: string }[] {
  return view.entity.map((key) => {
    const column = entity[key] ?? key
    const label = labelColumn(column, labels, `entities.${key}`)
    const own = columns.find(({ name }) => name === key)
    if (own !== undefined && own.type === label.type) return { key, column: label.name }
    throw new EsteiraError('parameter-invalid', `The column "${column}" cannot be looked up in "${view.name}".`, {
      where: `entities.${key}`,
      found: `${label.type} in the table, ${own?.type} in the view`,
      next: 'Give both the same type, in the query of the dataset or of the view.',
    })
  })
}

function chooseFeatures(
  { view, features, columns: renamed }: ViewRequest,
  columns: readonly FeatureColumn[],
): readonly { feature: string; column: string }[] {
  const known = featuresOf(columns).map(({ name }) => name)
  const chosen = features ?? known
  const unknown = [...chosen, ...Object.keys(renamed)].find((feature) => !known.includes(feature))
  if (unknown === undefined) return chosen.map((feature) => ({ feature, column: renamed[feature] ?? feature }))
  const nearest = nearestName(unknown, known)
  throw new EsteiraError('column-not-found', `The feature view "${view.name}" has no feature "${unknown}".`, {
    where: 'features',
    allowed: known.join(', '),
    ...(nearest !== undefined && { nearest }),
  })
}

/** Nothing is overwritten and nothing left out in silence. */
function claim(taken: Map<string, string>, column: string, view: string): void {
  const key = column.toLowerCase()
  const owner = taken.get(key)
  if (owner !== undefined) {
    throw new EsteiraError('parameter-invalid', `There are two columns "${column}": of ${owner} and of "${view}".`, {
      where: 'features',
      next: `Give the feature another name: columns: { ${view}/${column}: another_name }.`,
    })
  }
  taken.set(key, `"${view}"`)
}

function labelColumn(name: string, labels: readonly DescribedColumn[], where: string): DescribedColumn {
  const column = labels.find((candidate) => candidate.name === name)
  if (column !== undefined) return column
  const known = labels.map((candidate) => candidate.name)
  const nearest = nearestName(name, known)
  throw new EsteiraError('column-not-found', `The table has no column "${name}".`, {
    where,
    allowed: known.join(', '),
    ...(nearest !== undefined && { nearest }),
  })
}

function manifestEntry(
  view: FeatureView,
  { feature, column }: { feature: string; column: string },
  entity: { key: string; column: string }[],
  eventTime: string,
): RetrievedFeature {
  return { column, view: view.name, viewVersion: view.version, feature, entity, eventTime, ttlMs: view.ttlMs }
}

async function countFilled(
  tables: Tables,
  { outputPath }: RetrieveRequest,
  features: readonly RetrievedFeature[],
): Promise<Map<string, number>> {
  const counts = features.map(({ column }) => `count(${quoteIdentifier(column)})`)
  const row = await tables.row(
    `select [${counts.join(', ')}] as counts from ${parquetSource(outputPath)}`,
    z.object({ counts: z.array(z.number()) }),
  )
  return new Map(features.map(({ column }, index) => [column, row.counts[index] ?? 0]))
}
