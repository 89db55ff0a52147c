/** The sketches of datasets in the database of the home. A unit is written with all its spans in one transaction, or not. */
import { z } from 'zod'
import type { Store } from '../../store/store.ts'
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
const inWindow = `unit.project_id = :project AND unit.dataset = :dataset
  AND (:unbounded = 1 OR (span.span >= :from AND span.span < :to))`

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
      for (const { span, rows, columns } of unit.spans) {
        const inserted = this.#insert(
          'INSERT INTO sketch_span (unit_id, span, rows) VALUES (:unit, :span, :rows) RETURNING id',
          { unit: id, span, rows },
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

  /** In the order of time, then of their files. */
  spans(project: string, dataset: string, window: SpanWindow): StoredSpan[] {
    const parameters = this.#parameters(project, dataset, window)
    const from = `FROM sketch_span span JOIN sketch_unit unit ON unit.id = span.unit_id`
    const spans = this.#store.all(
      spanRow,
      `SELECT span.id, span.span, span.rows ${from} WHERE ${inWindow} ORDER BY span.span, unit.source`,
      parameters,
    )
    const bodies = this.#store.all(
      bodyRow,
      `SELECT sketch.span_id, sketch.body ${from} JOIN sketch ON sketch.span_id = span.id WHERE ${inWindow}
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
