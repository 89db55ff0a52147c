/**
 * Brings a view in the online store up to date. It may be killed at any moment: values and the checkpoint of each batch are
 * one transaction, a value never gives way to an older one, and the watermark moves only once every row has landed.
 */
import { stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { FeatureColumn, FeatureView } from '#shared/features.ts'
import type { MaterializeReport } from '#shared/online.ts'
import { datasetFiles } from '../../data/dataset.ts'
import { hashJson } from '../../kernel/canonical-json.ts'
import { type DescribedColumn, type Tables, withTables } from '../../tables/duckdb.ts'
import { findDatasetsOfViews, openFeatureViews, type ViewProject } from '../open-views.ts'
import { featuresOf, viewColumns } from '../view-columns.ts'
import { invalidView } from '../views.ts'
import { computeNewest, keysOf, newestChunks } from './newest-rows.ts'
import { type Checkpoint, OnlineStore, type OnlineViewRow } from './online-store.ts'

export interface MaterializeRequest {
  readonly view: FeatureView
  readonly project: ViewProject & { readonly id: string }
  readonly onlinePath: string
  /** Rows of later, or known only later, wait for another time. Now, or a time in the past to make it as it was then. */
  readonly asOf: number
  readonly now: number
  /** An existing folder for temporary files. */
  readonly scratchPath: string
  readonly signal: AbortSignal
  /** How far behind the watermark late rows are looked for; null: without end. */
  readonly latenessMs: number | null
  /** Takes every value as the sources have it, even where the store has a newer one and no file has changed. */
  readonly full: boolean
  readonly onProgress?: (fraction: number) => void
  /** Default: 1,024. */
  readonly memoryLimitMb?: number
}

const defaultMemoryLimitMb = 1_024

/** @throws EsteiraError what opening the datasets throws, `query-failed`, `feature-view-invalid`, `home-unusable` */
export async function materialize(request: MaterializeRequest): Promise<MaterializeReport> {
  const online = OnlineStore.open(request.onlinePath)
  try {
    const sources = await sourcesOf(request)
    const known = online.find(identityOf(request))
    if (known !== undefined && !request.full && isUpToDate(known, sources, request.asOf)) {
      online.confirm(known.id, request.now)
      return report(request, online, { read: false, compared: 0, written: 0, resumed: false })
    }
    return await withTables((tables) => bringUpToDate(tables, online, sources, request), {
      signal: request.signal,
      tempPath: join(request.scratchPath, 'spill'),
      memoryLimitMb: request.memoryLimitMb ?? defaultMemoryLimitMb,
    })
  } finally {
    online.close()
  }
}

/** Nothing that was read then has changed, and no row of it has become known since. */
function isUpToDate(view: OnlineViewRow, sources: string, asOf: number): boolean {
  const { checkpoint, nextKnownAt } = view
  return view.sources === sources && checkpoint === null && (nextKnownAt === null || nextKnownAt > asOf)
}

async function bringUpToDate(
  tables: Tables,
  online: OnlineStore,
  sources: string,
  request: MaterializeRequest,
): Promise<MaterializeReport> {
  const { view, project, scratchPath, asOf, full } = request
  const opened = await openFeatureViews(tables, [view], project, { scratchPath })
  try {
    const columns = columnsOf(view, await tables.describe(view.query))
    const stored = online.enter(
      project.id,
      view,
      keysOf(view, columns).map(({ type }) => type),
    )
    const start = startingPoint(stored, sources, request)
    const first = await pass(tables, online, { stored, columns, start, request })
    const moved = first.nextKnownAt !== null && first.nextKnownAt <= asOf
    // A pass that was taken up looks at the time of its beginning; what has become known since is read by another.
    const again = { sources, asOf, after: undefined }
    const second = moved && !full ? await pass(tables, online, { stored, columns, start: again, request }) : undefined
    return report(request, online, {
      read: true,
      compared: first.compared + (second?.compared ?? 0),
      written: first.written + (second?.written ?? 0),
      resumed: start.after !== undefined,
    })
  } catch (error) {
    throw opened.describeError(error)
  }
}

type Start = Omit<Checkpoint, 'after'> & { readonly after: string | undefined }

/** Where an interrupted pass over the very same sources goes on, or the beginning. */
function startingPoint({ checkpoint }: OnlineViewRow, sources: string, { asOf, full }: MaterializeRequest): Start {
  if (checkpoint !== null && checkpoint.sources === sources && checkpoint.asOf <= asOf && !full) return checkpoint
  return { sources, asOf, after: undefined }
}

interface Pass {
  readonly stored: OnlineViewRow
  readonly columns: readonly FeatureColumn[]
  readonly start: Start
  readonly request: MaterializeRequest
}

async function pass(tables: Tables, online: OnlineStore, { stored, columns, start, request }: Pass) {
  const { latenessMs, full, view, signal } = request
  const after = latenessMs === null || full || stored.watermark === null ? null : stored.watermark - latenessMs
  const newest = await computeNewest(tables, view, columns, { asOf: start.asOf, after })
  const layoutId = online.layout(featuresOf(columns).map(({ name, type }) => ({ name, type })))
  const target = { viewId: stored.id, layoutId, replace: full }
  const { sources, asOf } = start
  let compared = 0
  let written = 0
  for await (const { rows, last } of newestChunks(tables, view, columns, start.after)) {
    signal.throwIfAborted()
    written += online.write(target, rows, { sources, asOf, after: last })
    compared += rows.length
    request.onProgress?.(compared / Math.max(1, newest.entities))
  }
  const { newestEventTime, nextKnownAt } = newest
  online.finish(stored.id, { sources, now: request.now, newestEventTime, nextKnownAt })
  return { compared, written, nextKnownAt }
}

/** @throws EsteiraError `feature-view-invalid` where the query does not give what the view says */
function columnsOf(view: FeatureView, described: readonly DescribedColumn[]): FeatureColumn[] {
  const { columns, problems } = viewColumns(view, described)
  if (problems.length > 0) throw invalidView(view.name, view.file, problems)
  return columns
}

/** What decides the rows: the files as the file system describes them, and how the project reads them. */
async function sourcesOf({ view, project }: MaterializeRequest): Promise<string> {
  const names = await findDatasetsOfViews([view], project)
  const specs = names.flatMap((name) => {
    const spec = project.datasets[name]
    return spec === undefined ? [] : [spec]
  })
  const files = (await Promise.all(specs.map((spec) => datasetFiles(spec, project.path)))).flat()
  const looks = await Promise.all(
    [...new Set(files)].sort().map(async (file) => {
      const { size, mtimeNs, ino } = await stat(file, { bigint: true })
      return [relative(project.path, file), String(size), String(mtimeNs), String(ino)]
    }),
  )
  return hashJson({ version: view.version, specs, looks })
}

function identityOf({ view, project }: MaterializeRequest) {
  return { projectId: project.id, view: view.name, version: view.version }
}

function report(
  request: MaterializeRequest,
  online: OnlineStore,
  done: Pick<MaterializeReport, 'read' | 'compared' | 'written' | 'resumed'>,
): MaterializeReport {
  const { view } = request
  const { entities = 0, watermark = null } = online.find(identityOf(request)) ?? {}
  return { view: view.name, viewVersion: view.version, ...done, entities, watermark }
}
