/** Sketches of the request log by the hour, in the metadata store. They can all be made again from the log. */
import { z } from 'zod'
import { sketchVersion } from '../data/sketches/stored-sketch.ts'
import { jsonColumn } from '../store/json-column.ts'
import type { Store } from '../store/store.ts'
import type { HourSketch } from './looks/questions.ts'
import type { Span } from './looks/windows.ts'

const hourRow = z.object({
  hour: z.number(),
  revision: z.number(),
  rows: z.number(),
  columns: jsonColumn(z.array(z.string())),
})

export class HourStore {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  /** Hours that begin in the span. */
  hours(endpoint: string, { from, to }: Span): HourSketch[] {
    return this.#store.all(
      hourRow,
      `SELECT hour, revision, rows, columns FROM request_sketch
       WHERE endpoint = $endpoint AND hour >= $from AND hour < $to AND form = $form ORDER BY hour, revision`,
      { endpoint, from, to, form: sketchVersion },
    )
  }

  /** An hour that is known is written anew. */
  put(endpoint: string, hours: readonly HourSketch[]): void {
    this.#store.transaction(() => {
      for (const { hour, revision, rows, columns } of hours) {
        this.#store.run(
          `INSERT OR REPLACE INTO request_sketch (endpoint, hour, revision, form, rows, columns)
           VALUES ($endpoint, $hour, $revision, $form, $rows, $columns)`,
          { endpoint, hour, revision, form: sketchVersion, rows, columns: JSON.stringify(columns) },
        )
      }
    })
  }

  /** Forgets hours that no window reaches back to any more. */
  prune(endpoint: string, before: number): void {
    this.#store.run('DELETE FROM request_sketch WHERE endpoint = $endpoint AND hour < $before', { endpoint, before })
  }
}
