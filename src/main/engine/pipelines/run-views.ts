/** The saved views of the runs: the home's own, shared by all of its windows. */
import { z } from 'zod'
import type { RunView } from '#shared/run-list.ts'
import type { Clock } from '../kernel/clock.ts'
import { EsteiraError, nearestName } from '../kernel/errors.ts'
import { jsonColumn } from '../store/json-column.ts'
import type { Store } from '../store/store.ts'

const viewRow = z.object({
  name: z.string(),
  filter: jsonColumn(z.record(z.string(), z.string())),
  savedAt: z.number(),
})

export class RunViews {
  readonly #store: Store
  readonly #clock: Clock

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  list(): RunView[] {
    return this.#store.all(viewRow, 'SELECT name, filter, saved_at AS savedAt FROM run_view ORDER BY name')
  }

  /** Replaces the view of the same name. */
  save(name: string, filter: RunView['filter']): RunView {
    const view = { name, filter, savedAt: this.#clock() }
    this.#store.run(
      `INSERT INTO run_view (name, filter, saved_at) VALUES ($name, $filter, $savedAt)
       ON CONFLICT (name) DO UPDATE SET filter = excluded.filter, saved_at = excluded.saved_at`,
      { ...view, filter: JSON.stringify(filter) },
    )
    return view
  }

  /** @throws EsteiraError `not-found`, `conflict` when another view has the new name */
  rename(name: string, newName: string): RunView {
    return this.#store.transaction(() => {
      const view = this.#get(name)
      if (name === newName) return view
      if (this.list().some((each) => each.name === newName)) {
        throw new EsteiraError('conflict', `Another view is already called "${newName}".`, { found: newName })
      }
      this.#store.run('UPDATE run_view SET name = $newName WHERE name = $name', { name, newName })
      return { ...view, name: newName }
    })
  }

  /** @throws EsteiraError `not-found` */
  remove(name: string): void {
    this.#get(name)
    this.#store.run('DELETE FROM run_view WHERE name = $name', { name })
  }

  #get(name: string): RunView {
    const views = this.list()
    const view = views.find((each) => each.name === name)
    if (view !== undefined) return view
    const names = views.map((each) => each.name)
    throw new EsteiraError('not-found', `There is no saved view "${name}".`, {
      found: name,
      allowed: names.join(', ') || 'no views are saved',
      nearest: nearestName(name, names),
    })
  }
}
