/**
 * Sketches of what each revision answered, hour by hour: a window is put together from the hours in it, whatever its length, so
 * that a window that slides reads new rows alone. An hour that a window cuts is sketched for that window and not kept.
 */

import type { Statistics } from '#shared/statistics.ts'
import { sketchRelation } from '../../data/sketches/compute.ts'
import { mergeSketches, statisticsOfSketch } from '../../data/sketches/sketch.ts'
import { readSketch, writeSketch } from '../../data/sketches/stored-sketch.ts'
import type { ServedRevision } from '../../serving/request-log/segments.ts'
import { quoteIdentifier, type Tables } from '../../tables/duckdb.ts'
import { inputColumnName } from '../requests/relation.ts'
import { withRequests } from '../requests/with-requests.ts'
import { answered, inputExpressions, predictionExpression, timeColumn } from './logged-rows.ts'
import type { HourSketch } from './questions.ts'
import { hourMs, hourOf, type Span, wholeHours } from './windows.ts'

/** A piece of a window: a whole hour, or the part of one that the window holds. */
export interface Piece extends HourSketch, Span {}

export interface SketchedWindows {
  /** Of all windows, without those that are held by another one. */
  readonly pieces: readonly Piece[]
  readonly revisions: readonly ServedRevision[]
  /** Whole hours that were sketched now and that no row can come to any more. */
  readonly fresh: readonly HourSketch[]
}

export interface HoursRequest {
  readonly logPath: string
  readonly endpoint: string
  readonly windows: readonly Span[]
  readonly known: readonly HourSketch[]
  readonly settledUntil: number
}

/** Reads the rows of hours that are not known, in one pass for each revision and stretch of such hours. */
export async function sketchWindows(tables: Tables, request: HoursRequest): Promise<SketchedWindows> {
  const { windows, known } = request
  const ends = windows.flatMap(({ from, to }) => [from, to])
  if (ends.length === 0) return { pieces: [], revisions: [], fresh: [] }
  const whole = { from: Math.min(...ends), to: Math.max(...ends) }
  const revisions = await withRequests(
    request.logPath,
    { endpoint: request.endpoint, ...whole },
    async (found) => found.revisions,
  )
  const pieces: Piece[] = known.map((hour) => ({ ...hour, from: hour.hour, to: hour.hour + hourMs }))
  const fresh: HourSketch[] = []
  for (const served of revisions) {
    const has = new Set(known.filter(({ revision }) => revision === served.revision).map(({ hour }) => hour))
    for (const stretch of missingStretches(windows, has)) {
      const found = await sketchStretch(tables, request, served, stretch)
      pieces.push(...found)
      if (stretch.isWhole) fresh.push(...kept(found, served.revision, stretch, request.settledUntil))
    }
  }
  return { pieces, revisions, fresh }
}

interface Stretch extends Span {
  readonly isWhole: boolean
}

/** What the windows need beside the known hours: runs of whole hours, and the parts at their ends. Each once. */
export function missingStretches(windows: readonly Span[], known: ReadonlySet<number>): Stretch[] {
  const hours = [...new Set(windows.flatMap(wholeHours))].filter((hour) => !known.has(hour)).sort((a, b) => a - b)
  const stretches: Stretch[] = []
  for (const hour of hours) {
    const last = stretches.at(-1)
    if (last !== undefined && last.to === hour) stretches[stretches.length - 1] = { ...last, to: hour + hourMs }
    else stretches.push({ from: hour, to: hour + hourMs, isWhole: true })
  }
  const parts = new Map<string, Stretch>()
  for (const window of windows) for (const part of partsOf(window)) parts.set(`${part.from} ${part.to}`, part)
  return [...stretches, ...parts.values()]
}

/** The hours that a window cuts. */
function partsOf({ from, to }: Span): Stretch[] {
  const [first, last] = [hourOf(from), hourOf(to)]
  if (first === last)
    return from === to || (from === first && to === first + hourMs) ? [] : [{ from, to, isWhole: false }]
  return [
    ...(from > first ? [{ from, to: first + hourMs, isWhole: false }] : []),
    ...(to > last ? [{ from: last, to, isWhole: false }] : []),
  ]
}

async function sketchStretch(
  tables: Tables,
  { logPath, endpoint }: HoursRequest,
  { revision, signature }: ServedRevision,
  { from, to, isWhole }: Stretch,
): Promise<Piece[]> {
  const spans = await withRequests(logPath, { endpoint, from, to, revision }, async ({ sql, revisions }) => {
    if (revisions.length === 0) return []
    const inputs = inputExpressions(signature, revisions, inputColumnName)
    const columns = [quoteIdentifier(timeColumn), predictionExpression(signature), ...inputs].join(', ')
    return await sketchRelation(tables, `select ${columns} from ${sql} where ${answered}`, timeColumn, hourMs)
  })
  return spans.flatMap(({ span, rows, columns: sketches }) => {
    if (span === null) return []
    const piece = isWhole ? { from: span, to: span + hourMs } : { from, to }
    const wanted = sketches.filter(({ name }) => name !== timeColumn)
    return [{ ...piece, revision, hour: span, rows, columns: wanted.map(writeSketch) }]
  })
}

/** Hours without a row are known too, and not looked for again. */
function kept(found: readonly Piece[], revision: number, stretch: Span, settledUntil: number): HourSketch[] {
  const byHour = new Map(found.map(({ hour, rows, columns }) => [hour, { revision, hour, rows, columns }]))
  return wholeHours(stretch)
    .filter((hour) => hour + hourMs <= settledUntil)
    .map((hour) => byHour.get(hour) ?? { revision, hour, rows: 0, columns: [] })
}

/** The statistics of the rows of a window, of these columns. A piece that lacks a column of them is left out. */
export function windowStatistics(
  pieces: readonly Piece[],
  window: Span,
  { columns, revisions }: { readonly columns: readonly string[]; readonly revisions?: ReadonlySet<number> | undefined },
): Statistics {
  const wanted = piecesOf(pieces, window)
    .filter(({ rows, revision }) => rows > 0 && (revisions === undefined || revisions.has(revision)))
    .map((piece) => ({ ...piece, sketches: new Map(piece.columns.map(readSketch).map((one) => [one.name, one])) }))
    .filter(({ sketches }) => columns.every((name) => sketches.has(name)))
  const rows = wanted.reduce((sum, piece) => sum + piece.rows, 0)
  if (rows === 0) return { rows: 0, columns: [] }
  return {
    rows,
    columns: columns.map((name) => {
      const merged = mergeSketches(wanted.flatMap(({ sketches }) => sketches.get(name) ?? []))
      return statisticsOfSketch(merged, rows)
    }),
  }
}

/** Whole hours within, and the parts that are cut out of hours for this very window. */
function piecesOf(pieces: readonly Piece[], window: Span): Piece[] {
  const parts = partsOf(window)
  const isPart = ({ from, to }: Piece) => parts.some((part) => part.from === from && part.to === to)
  const isWholeHour = ({ from, to }: Piece) => to - from === hourMs && from >= window.from && to <= window.to
  return pieces.filter((piece) => isWholeHour(piece) || isPart(piece))
}
