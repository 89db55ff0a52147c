/** The sketches of datasets in the database of the home. A unit is written with all its spans in one transaction, or not. */
import { z } from 'zod'
import type { Store } from '../../store/store.ts'
import { stretchEnd, stretchStart } from './months.ts'
import type { SketchedUnit, SketchUnit } from './units.ts'

/** `to` is not part of it; epoch ms. Without either, rows without a time belong to it too. */
export interface SpanWindow {
  readonly from?: number | undefined
  readonly to?: number | undefined
}

/** What is stored of one column in one span of one unit, unread. */
export interface StoredSpan {
  readonly span: number | null
  readonly rows: number
  readonly columns: readonly string[]
}

const unitRow = z.object({ source: z.string(), key: z.string() })
const spanRow = z.object({ id: z.number(), span: z.number().nullable(), rows: z.number() })
const bodyRow = z.object({ span_id: z.number(), body: z.string() })
const ofDataset = 'unit.project_id = :project AND unit.dataset = :dataset'
/** Days alone: those of the window. */
const daysOf = `${ofDataset} AND span.level = 'day' AND (:unbounded = 1 OR (span.span >= :from AND span.span < :to))`
/** Whole months within the window, the days around them, and where there are no bounds the rows without a time. */
const fewestOf = `${ofDataset} AND (
    (span.level = 'month' AND span.span >= :monthsFrom AND span.span < :monthsTo)
    OR (span.level = 'day' AND span.span >= :from AND span.span < :to AND (span.span < :monthsFrom OR span.span >= :monthsTo))
    OR (span.level = 'day' AND span.span IS NULL AND :unbounded = 1))`
const from = 'FROM sketch_span span JOIN sketch_unit unit ON unit.id = span.unit_id'

export class SketchStore {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  units(project: string, dataset: string): SketchUnit[] {
    const sql = 'SELECT source, key FROM sketch_unit WHERE project_id = :project AND dataset = :dataset'
    return this.#store.all(unitRow, sql, { project, dataset })
  }

  /** In the place of what was there of the same source. */
  put(project: string, dataset: string, unit: SketchedUnit, now: number): void {
    this.#store.transaction(() => {
      this.#removeUnit(project, dataset, unit.source)
      const { id } = this.#insert(
        `INSERT INTO sketch_unit (project_id, dataset, source, key, rows, made_at)
          VALUES (:project, :dataset, :source, :key, :rows, :now) RETURNING id`,
        { project, dataset, source: unit.source, key: unit.key, rows: unit.rows, now },
      )
      const leveled = [
        ...unit.spans.map((span) => ({ ...span, level: 'day' })),
        ...unit.months.map((span) => ({ ...span, level: 'month' })),
      ]
      for (const { span, rows, columns, level } of leveled) {
        const inserted = this.#insert(
          'INSERT INTO sketch_span (unit_id, span, rows, level) VALUES (:unit, :span, :rows, :level) RETURNING id',
          { unit: id, span, rows, level },
        )
        for (const [position, body] of columns.entries()) {
          this.#store.run('INSERT INTO sketch (span_id, position, body) VALUES (:span, :position, :body)', {
            span: inserted.id,
            position,
            body,
          })
        }
      }
    })
  }

  /** Forgets the units of other sources: their files are gone, or are now read in another way. */
  keep(project: string, dataset: string, sources: readonly string[]): void {
    this.#store.transaction(() => {
      for (const { source } of this.units(project, dataset)) {
        if (!sources.includes(source)) this.#removeUnit(project, dataset, source)
      }
    })
  }

  /** The days with their rows, not what is in them. */
  days(project: string, dataset: string, window: SpanWindow = {}): Pick<StoredSpan, 'span' | 'rows'>[] {
    const sql = `SELECT span.id, span.span, span.rows ${from} WHERE ${daysOf} ORDER BY span.span, unit.source`
    return this.#store.all(spanRow, sql, this.#parameters(project, dataset, window))
  }

  /** Day by day, in the order of time, then of their files. */
  spans(project: string, dataset: string): StoredSpan[] {
    return this.#read(daysOf, this.#parameters(project, dataset, {}))
  }

  /** The same rows in as few parts as there can be. */
  fewest(project: string, dataset: string, window: SpanWindow): StoredSpan[] {
    const { from: start, to: end } = window
    const monthsFrom = start === undefined ? Number.MIN_SAFE_INTEGER : nextMonth(start)
    const monthsTo = end === undefined ? Number.MAX_SAFE_INTEGER : stretchStart(end, 'month')
    // Within a month there is no whole one.
    const months = monthsFrom < monthsTo ? { monthsFrom, monthsTo } : { monthsFrom: 0, monthsTo: 0 }
    return this.#read(fewestOf, { ...this.#parameters(project, dataset, window), ...months })
  }

  #read(where: string, parameters: Parameters<Store['run']>[1]): StoredSpan[] {
    const spans = this.#store.all(
      spanRow,
      `SELECT span.id, span.span, span.rows ${from} WHERE ${where} ORDER BY span.span, unit.source`,
      parameters,
    )
    const bodies = this.#store.all(
      bodyRow,
      `SELECT sketch.span_id, sketch.body ${from} JOIN sketch ON sketch.span_id = span.id WHERE ${where}
        ORDER BY sketch.span_id, sketch.position`,
      parameters,
    )
    const columns = new Map<number, string[]>()
    for (const { span_id, body } of bodies) {
      const known = columns.get(span_id)
      if (known === undefined) columns.set(span_id, [body])
      else known.push(body)
    }
    return spans.map(({ id, span, rows }) => ({ span, rows, columns: columns.get(id) ?? [] }))
  }

  #parameters(project: string, dataset: string, { from, to }: SpanWindow) {
    const unbounded = from === undefined && to === undefined ? 1 : 0
    return { project, dataset, unbounded, from: from ?? Number.MIN_SAFE_INTEGER, to: to ?? Number.MAX_SAFE_INTEGER }
  }

  #removeUnit(project: string, dataset: string, source: string): void {
    this.#store.run('DELETE FROM sketch_unit WHERE project_id = :project AND dataset = :dataset AND source = :source', {
      project,
      dataset,
      source,
    })
  }

  #insert(sql: string, parameters: Parameters<Store['run']>[1]): { id: number } {
    const row = this.#store.get(z.object({ id: z.number() }), sql, parameters)
    if (row === undefined) throw new Error('A row that was written has no id.')
    return row
  }
}

/** The first day of a month that is not before the day. */
function nextMonth(day: number): number {
  const start = stretchStart(day, 'month')
  return start === day ? day : stretchEnd(start, 'month')
}
