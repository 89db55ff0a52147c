/** The online store: the newest known values of every entity, for each version of a feature view. Read by `OnlineReader`. */
import { z } from 'zod'
import { type FeatureView, featureViewSchema } from '#shared/features.ts'
import type { FeatureValue, OnlineView } from '#shared/online.ts'
import { type ColumnType, columnTypeSchema } from '#shared/statistics.ts'
import { jsonColumn } from '../../store/json-column.ts'
import { onlineMigrations } from '../../store/online-migrations.ts'
import { Store } from '../../store/store.ts'
import { type EventTimes, eventTimesSchema, shareBefore } from './event-times.ts'
import type { layoutSchema, ViewIdentity } from './online-reader.ts'

/** How far a materialisation has come: up to and with this sort key of the entities, looking at the time `asOf`. */
const checkpointSchema = z.object({ sources: z.string(), asOf: z.number(), after: z.string() })
export type Checkpoint = z.infer<typeof checkpointSchema>

export interface EntityValues {
  readonly entity: string
  readonly eventTime: number
  readonly knownAt: number
  readonly values: readonly FeatureValue[]
}

/** What is true once every row of the sources has landed. */
export interface Whole {
  readonly sources: string
  readonly now: number
  /** The newest event time of the rows that were known; null where there were none. */
  readonly newestEventTime: number | null
  /** When the next row of the sources becomes known; null: all are. */
  readonly nextKnownAt: number | null
}

const viewRow = z.object({
  id: z.number(),
  projectId: z.string(),
  view: z.string(),
  version: z.string(),
  definition: jsonColumn(featureViewSchema),
  keyTypes: jsonColumn(z.array(columnTypeSchema)),
  watermark: z.number().nullable(),
  materializedAt: z.number().nullable(),
  entities: z.number(),
  eventTimes: jsonColumn(eventTimesSchema),
  sources: z.string().nullable(),
  nextKnownAt: z.number().nullable(),
  checkpoint: z.union([z.null(), jsonColumn(checkpointSchema)]),
})
export type OnlineViewRow = z.output<typeof viewRow>
const viewColumns = `id, project_id AS projectId, view, version, definition, key_types AS keyTypes, watermark,
  materialized_at AS materializedAt, entities, event_times AS eventTimes, sources, next_known_at AS nextKnownAt, checkpoint`

/** Spans in which event times are counted: the share of stale entities is told within 1 in 200. */
const eventTimeSpans = 200

export class OnlineStore {
  readonly #store: Store

  private constructor(store: Store) {
    this.#store = store
  }

  /** Opens the file, which is made if need be. @throws EsteiraError `home-newer-version`, `home-unusable` */
  static open(path: string): OnlineStore {
    return new OnlineStore(Store.open(path, onlineMigrations))
  }

  close(): void {
    this.#store.close()
  }

  /** The versions of a view, or of all views, the last materialised first. */
  list({ projectId, view }: { projectId: string; view?: string }): OnlineViewRow[] {
    return this.#store.all(
      viewRow,
      `SELECT ${viewColumns} FROM online_view
       WHERE project_id = $projectId AND ($view IS NULL OR view = $view)
       ORDER BY materialized_at DESC NULLS FIRST, id DESC`,
      { projectId, view: view ?? null },
    )
  }

  find({ projectId, view, version }: ViewIdentity): OnlineViewRow | undefined {
    return this.#store.get(
      viewRow,
      `SELECT ${viewColumns} FROM online_view
       WHERE project_id = $projectId AND view = $view AND version = $version`,
      { projectId, view, version },
    )
  }

  /**
   * The version as it is stored, which is made if need be. Keys of another type are other keys: what was stored under
   * them goes.
   */
  enter(projectId: string, view: FeatureView, keyTypes: readonly ColumnType[]): OnlineViewRow {
    const identity = { projectId, view: view.name, version: view.version }
    return this.#store.transaction(() => {
      const known = this.find(identity)
      const types = JSON.stringify(keyTypes)
      if (known !== undefined && JSON.stringify(known.keyTypes) === types) return known
      if (known !== undefined) this.#store.run('DELETE FROM online_view WHERE id = $id', { id: known.id })
      this.#store.run(
        `INSERT INTO online_view (project_id, view, version, definition, key_types)
         VALUES ($projectId, $view, $version, $definition, $types)`,
        { ...identity, definition: JSON.stringify(view), types },
      )
      const made = this.find(identity)
      if (made === undefined) throw new Error('The online view was not stored.')
      return made
    })
  }

  /** The id of the list of features, which is stored if it is new. */
  layout(features: z.infer<typeof layoutSchema>): number {
    const text = JSON.stringify(features)
    this.#store.run('INSERT INTO online_layout (features) VALUES ($text) ON CONFLICT DO NOTHING', { text })
    const row = this.#store.get(z.object({ id: z.number() }), 'SELECT id FROM online_layout WHERE features = $text', {
      text,
    })
    if (row === undefined) throw new Error('The layout was not stored.')
    return row.id
  }

  /**
   * Stores the values that are newer than what their entity has, or of the same time and different, and how far the work
   * has come: one transaction. Returns how many were stored. `replace` stores those of earlier times too.
   */
  write(
    { viewId, layoutId, replace }: { viewId: number; layoutId: number; replace: boolean },
    rows: readonly EntityValues[],
    checkpoint: Checkpoint,
  ): number {
    const newer = `(excluded.event_time, excluded.known_at) > (event_time, known_at)
      OR (excluded.event_time, excluded.known_at) = (event_time, known_at)
        AND (excluded.content, excluded.layout_id) <> (content, layout_id)`
    const sql = `INSERT INTO online_value (view_id, entity, event_time, known_at, layout_id, content)
      VALUES ($viewId, $entity, $eventTime, $knownAt, $layoutId, $content)
      ON CONFLICT (view_id, entity) DO UPDATE SET event_time = excluded.event_time, known_at = excluded.known_at,
        layout_id = excluded.layout_id, content = excluded.content
      ${replace ? '' : `WHERE ${newer}`}`
    return this.#store.transaction(() => {
      let written = 0
      for (const { entity, eventTime, knownAt, values } of rows) {
        const content = JSON.stringify(values)
        written += this.#store.run(sql, { viewId, entity, eventTime, knownAt, layoutId, content })
      }
      this.#store.run('UPDATE online_view SET checkpoint = $checkpoint WHERE id = $viewId', {
        viewId,
        checkpoint: JSON.stringify(checkpoint),
      })
      return written
    })
  }

  /** Everything has landed: watermark, time, sources and counts, in one transaction. */
  finish(viewId: number, { sources, now, newestEventTime, nextKnownAt }: Whole): void {
    this.#store.transaction(() => {
      const eventTimes = this.#countEventTimes(viewId)
      this.#store.run(
        `UPDATE online_view SET
           watermark = CASE WHEN watermark IS NULL OR $newest > watermark THEN $newest ELSE watermark END,
           materialized_at = $now, sources = $sources, next_known_at = $nextKnownAt,
           checkpoint = NULL, entities = $entities, event_times = $eventTimes
         WHERE id = $viewId`,
        {
          viewId,
          newest: newestEventTime,
          now,
          sources,
          nextKnownAt,
          entities: eventTimes.reduce((sum, { count }) => sum + count, 0),
          eventTimes: JSON.stringify(eventTimes),
        },
      )
    })
  }

  /** Nothing has changed since it was last whole. */
  confirm(viewId: number, now: number): void {
    this.#store.run('UPDATE online_view SET materialized_at = $now WHERE id = $viewId', { viewId, now })
  }

  #countEventTimes(viewId: number): EventTimes {
    const bounds = this.#store.get(
      z.object({ min: z.number().nullable(), max: z.number().nullable() }),
      'SELECT min(event_time) AS min, max(event_time) AS max FROM online_value WHERE view_id = $viewId',
      { viewId },
    )
    if (bounds === undefined || bounds.min === null || bounds.max === null) return []
    const width = Math.max(1, Math.ceil((bounds.max - bounds.min + 1) / eventTimeSpans))
    return this.#store.all(
      eventTimesSchema.element,
      `SELECT min(event_time) AS "from", max(event_time) AS "to", count(*) AS count FROM online_value
       WHERE view_id = $viewId GROUP BY (event_time - $min) / $width ORDER BY 1`,
      { viewId, min: bounds.min, width },
    )
  }
}

/** As it is shown, at the given time. */
export function describeOnlineView(row: OnlineViewRow, now: number): OnlineView {
  const { ttlMs } = row.definition
  return {
    projectId: row.projectId,
    view: row.view,
    viewVersion: row.version,
    entities: row.entities,
    watermark: row.watermark,
    materializedAt: row.materializedAt,
    ttlMs,
    staleShare: ttlMs === null ? null : shareBefore(row.eventTimes, now - ttlMs),
    unfinished: row.checkpoint !== null || row.materializedAt === null,
  }
}
