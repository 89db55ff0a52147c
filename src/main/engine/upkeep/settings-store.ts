/** What is set for a home, in the metadata store. */
import { z } from 'zod'
import { defaultHomeSettings, type HomeSettings, homeSettingsSchema, type SettingsChange } from '#shared/settings.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { jsonColumn } from '../store/json-column.ts'
import type { Store } from '../store/store.ts'

const row = z.object({ name: z.string(), value: jsonColumn(z.json()) })

export class SettingsStore {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  /** A value that this version does not understand counts as not set. */
  get(): HomeSettings {
    const stored = this.#store.all(row, 'SELECT name, value FROM setting')
    const settings: HomeSettings = { ...defaultHomeSettings }
    for (const { name, value } of stored) {
      const parsed = homeSettingsSchema.partial().safeParse({ [name]: value })
      if (parsed.success) Object.assign(settings, parsed.data)
    }
    return settings
  }

  /** @throws EsteiraError `invalid-request` where both servers would listen at one port */
  change(change: SettingsChange): HomeSettings {
    const changed = homeSettingsSchema.parse({ ...this.get(), ...JSON.parse(JSON.stringify(change)) })
    if (changed.controlPort === changed.inferencePort) {
      throw new EsteiraError('invalid-request', 'The two servers need ports of their own.', {
        where: 'controlPort, inferencePort',
        found: `${changed.controlPort} twice`,
      })
    }
    this.#store.transaction(() => {
      for (const [name, value] of Object.entries(change)) {
        if (value === undefined) continue
        this.#store.run(
          'INSERT INTO setting (name, value) VALUES ($name, $value) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
          { name, value: JSON.stringify(value) },
        )
      }
    })
    return changed
  }
}
