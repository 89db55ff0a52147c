/** Looks at the rows of a feature view: whether they are what the view says, and what they hold. */
import { z } from 'zod'
import type { FileProblem } from '#shared/errors.ts'
import type { FeatureCheck, FeatureColumn, FeatureData, FeatureFreshness, FeatureView } from '#shared/features.ts'
import { computeStatistics } from '../data/statistics.ts'
import { EsteiraError } from '../kernel/errors.ts'
import type { Positions } from '../kernel/yaml-file.ts'
import { quoteIdentifier, subquery, type Tables } from '../tables/duckdb.ts'
import { type OpenedViews, openFeatureViews, type ViewProject } from './open-views.ts'
import { featuresOf, viewColumns } from './view-columns.ts'

const sampleRows = 20

export interface CheckRequest {
  readonly view: FeatureView
  /** Of the view's file. */
  readonly positions: Positions
  readonly project: ViewProject
  readonly scratchPath: string
  readonly now: number
}

/**
 * Everything that is wrong with the data of a view, at once, at its place in the file. Fails only where the work itself
 * cannot be done.
 */
export async function checkFeatureView(tables: Tables, request: CheckRequest): Promise<FeatureData> {
  const { view, positions, project, scratchPath, now } = request
  let datasets: readonly string[] = []
  try {
    const opened = await openFeatureViews(tables, [view], project, { scratchPath })
    datasets = opened.datasets
    return await checkRows(tables, opened, request)
  } catch (error) {
    if (!(error instanceof EsteiraError) || !aboutTheView.has(error.code)) throw error
    const check: FeatureCheck = { ...nothingSeen(view, datasets), problems: [inFile(error, positions)] }
    return { check, statistics: [], freshness: freshnessOf(view, null, now) }
  }
}

/** What a person mends in the view or in the datasets that it reads. */
const aboutTheView: ReadonlySet<string> = new Set([
  'query-failed',
  'dataset-not-found',
  'dataset-unreadable',
  'dataset-empty',
])

function inFile({ message, context }: EsteiraError, positions: Positions): FileProblem {
  const { found, allowed, nearest } = context
  return positions.problem(['query'], {
    message,
    ...(found !== undefined && { found }),
    ...(allowed !== undefined && { expected: `one of ${allowed}` }),
    ...(nearest !== undefined && { nearest }),
  })
}

async function checkRows(
  tables: Tables,
  opened: OpenedViews,
  { view, positions, now }: CheckRequest,
): Promise<FeatureData> {
  const { columns, problems } = viewColumns(view, await tables.describe(view.query), positions)
  const check: FeatureCheck = { ...nothingSeen(view, opened.datasets), columns, problems }
  if (problems.length > 0) return { check, statistics: [], freshness: freshnessOf(view, null, now) }
  await tables.run(`create temp table checked_view as from ${subquery(view.query)}`).catch((error: unknown) => {
    throw opened.describeError(error)
  })
  const facts = await readFacts(tables, view)
  const { rows: sample } = await tables.page(`from checked_view limit ${sampleRows}`, { offset: 0, limit: sampleRows })
  const features = featuresOf(columns)
  const list = features.map(({ name }) => quoteIdentifier(name)).join(', ')
  const statistics = (await computeStatistics(tables, `select ${list} from checked_view`)).columns
  const empty = statistics.filter(({ missing }) => facts.rows > 0 && missing === facts.rows).map(({ name }) => name)
  return {
    check: {
      ...check,
      rows: facts.rows,
      entities: facts.entities,
      duplicates: facts.duplicates,
      oldestEventAt: facts.oldest,
      newestEventAt: facts.newest,
      problems: missingProblems(view, facts, positions),
      warnings: warningsOf(view, facts, features, empty),
      sample,
    },
    statistics,
    freshness: freshnessOf(view, facts.newest, now),
  }
}

function nothingSeen(view: FeatureView, datasets: readonly string[]): FeatureCheck {
  return {
    view: view.name,
    datasets: [...datasets],
    columns: [],
    rows: 0,
    entities: 0,
    duplicates: 0,
    oldestEventAt: null,
    newestEventAt: null,
    problems: [],
    warnings: [],
    sample: [],
  }
}

const factsSchema = z.object({
  rows: z.number(),
  entities: z.number(),
  duplicates: z.number(),
  oldest: z.number().nullable(),
  newest: z.number().nullable(),
  missingKeys: z.array(z.number()),
  missingEventTimes: z.number(),
  missingKnownAt: z.number(),
})
type Facts = z.infer<typeof factsSchema>

async function readFacts(tables: Tables, view: FeatureView): Promise<Facts> {
  const keys = view.entity.map(quoteIdentifier)
  const event = quoteIdentifier(view.eventTime)
  const known = view.knownAt === null ? undefined : quoteIdentifier(view.knownAt)
  const identity = [...keys, event, ...(known === undefined ? [] : [known])].join(', ')
  const missing = (column: string) => `count(*) - count(${column})`
  const instant = (aggregate: string) => `epoch_ms(${aggregate}(${event}) filter (isfinite(${event})))`
  return await tables.row(
    `select count(*) as rows,
      (select count(*) from (select distinct ${keys.join(', ')} from checked_view)) as entities,
      count(*) - (select count(*) from (select distinct ${identity} from checked_view)) as duplicates,
      ${instant('min')} as oldest, ${instant('max')} as newest,
      [${keys.map(missing).join(', ')}] as "missingKeys", ${missing(event)} as "missingEventTimes",
      ${known === undefined ? '0' : missing(known)} as "missingKnownAt"
    from checked_view`,
    factsSchema,
  )
}

function missingProblems(view: FeatureView, facts: Facts, positions: Positions): FileProblem[] {
  const problems: FileProblem[] = []
  const report = (path: string, column: string, missing: number) => {
    if (missing === 0) return
    problems.push(
      positions.problem([path], {
        message: `The column "${column}" is missing in ${rowCount(missing)}.`,
        found: rowCount(missing),
        expected: `a value in each of ${rowCount(facts.rows)}; leave the others out with "where ${column} is not null"`,
      }),
    )
  }
  for (const [index, column] of view.entity.entries()) report('entity', column, facts.missingKeys[index] ?? 0)
  report('eventTime', view.eventTime, facts.missingEventTimes)
  return problems
}

function warningsOf(
  view: FeatureView,
  facts: Facts,
  features: readonly FeatureColumn[],
  empty: readonly string[],
): string[] {
  const warnings: string[] = []
  if (facts.rows === 0) warnings.push('The query gives no rows: every feature is missing everywhere.')
  if (facts.duplicates > 0) {
    warnings.push(
      `${rowCount(facts.duplicates)} ${facts.duplicates === 1 ? 'shares' : 'share'} entity and times with another one: of such rows the one with the greatest values is used.`,
    )
  }
  if (facts.missingKnownAt > 0) {
    warnings.push(`"${view.knownAt}" is missing in ${rowCount(facts.missingKnownAt)}: they count as never known.`)
  }
  for (const name of empty) warnings.push(`The feature "${name}" has no value in any row.`)
  for (const { name, type, storageType } of features) {
    if (type === 'other') warnings.push(`No model can read the feature "${name}": it is of type ${storageType}.`)
  }
  return warnings
}

function rowCount(rows: number): string {
  return rows === 1 ? '1 row' : `${rows.toLocaleString('en')} rows`
}

/** Values older than the ttl are never served: a view whose newest are is stale. */
export function freshnessOf(
  { ttlMs }: Pick<FeatureView, 'ttlMs'>,
  newestEventAt: number | null,
  now: number,
): FeatureFreshness {
  const ageMs = newestEventAt === null ? null : now - newestEventAt
  return { newestEventAt, ageMs, stale: ageMs === null || ttlMs === null ? null : ageMs > ttlMs }
}

/** The columns of a view, without a look at its rows. */
export async function describeFeatureView(
  tables: Tables,
  view: FeatureView,
  project: ViewProject,
  scratchPath: string,
): Promise<FeatureColumn[]> {
  const opened = await openFeatureViews(tables, [view], project, { scratchPath, care: 'first-rows' })
  const described = await tables.describe(view.query).catch((error: unknown) => {
    throw opened.describeError(error)
  })
  return viewColumns(view, described).columns
}
