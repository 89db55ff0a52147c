/** Reads the newest values of entities, in the thread that serves them. */
import { z } from 'zod'
import { type FeatureValue, featureValueSchema } from '#shared/online.ts'
import { type ColumnType, columnTypeSchema } from '#shared/statistics.ts'
import { jsonColumn } from '../../store/json-column.ts'
import { Store } from '../../store/store.ts'

export interface ViewIdentity {
  readonly projectId: string
  readonly view: string
  readonly version: string
}

/** A version of a view that is in the store. */
export interface StoredView {
  readonly id: number
  /** In the order in which keys are written. */
  readonly keys: readonly { readonly name: string; readonly type: ColumnType }[]
}

/** The newest known values of an entity. */
export interface StoredValues {
  readonly eventTime: number
  readonly knownAt: number
  /** The names of the features, in the order of `values`. */
  readonly features: readonly string[]
  readonly values: readonly FeatureValue[]
}

const viewRow = z
  .object({
    id: z.number(),
    entity: jsonColumn(z.array(z.string())),
    keyTypes: jsonColumn(z.array(columnTypeSchema)),
  })
  .transform(({ id, entity, keyTypes }) => ({
    id,
    keys: entity.map((name, index) => ({ name, type: keyTypes[index] ?? 'other' })),
  }))
const valueRow = z.object({
  eventTime: z.number(),
  knownAt: z.number(),
  layoutId: z.number(),
  content: jsonColumn(z.array(featureValueSchema)),
})
export const layoutSchema = z.array(z.object({ name: z.string(), type: columnTypeSchema }))
const layoutRow = z.object({ features: jsonColumn(layoutSchema) })

export class OnlineReader {
  readonly #store: Store
  readonly #views = new Map<string, StoredView>()
  readonly #layouts = new Map<number, readonly string[]>()

  private constructor(store: Store) {
    this.#store = store
  }

  /** @throws EsteiraError `home-unusable` */
  static open(path: string): OnlineReader {
    return new OnlineReader(Store.openReader(path))
  }

  close(): void {
    this.#store.close()
  }

  /** Undefined until the version of the view is materialised for the first time. */
  findView({ projectId, view, version }: ViewIdentity): StoredView | undefined {
    const key = JSON.stringify([projectId, view, version])
    const known = this.#views.get(key)
    if (known !== undefined) return known
    const found = this.#store.get(
      viewRow,
      `SELECT id, definition ->> '$.entity' AS entity, key_types AS keyTypes FROM online_view
       WHERE project_id = $projectId AND view = $view AND version = $version`,
      { projectId, view, version },
    )
    if (found !== undefined) this.#views.set(key, found)
    return found
  }

  /** Undefined where the entity has no values. */
  read(viewId: number, entity: string): StoredValues | undefined {
    const row = this.#store.get(
      valueRow,
      `SELECT event_time AS eventTime, known_at AS knownAt, layout_id AS layoutId, content
       FROM online_value WHERE view_id = $viewId AND entity = $entity`,
      { viewId, entity },
    )
    if (row === undefined) {
      // The view may have been made anew meanwhile, with another id: ids are not used again.
      this.#views.clear()
      return undefined
    }
    const { eventTime, knownAt, layoutId, content } = row
    return { eventTime, knownAt, features: this.#layout(layoutId), values: content }
  }

  /** What `work` reads is of one moment. */
  snapshot<T>(work: () => T): T {
    return this.#store.snapshot(work)
  }

  #layout(id: number): readonly string[] {
    const known = this.#layouts.get(id)
    if (known !== undefined) return known
    const row = this.#store.get(layoutRow, 'SELECT features FROM online_layout WHERE id = $id', { id })
    const names = row?.features.map(({ name }) => name) ?? []
    this.#layouts.set(id, names)
    return names
  }
}
