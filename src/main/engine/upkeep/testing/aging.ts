/** Makes what a home holds older than it is, for tests of what is kept how long. */
import { utimesSync } from 'node:fs'
import type { Home } from '../../kernel/home.ts'
import type { Store } from '../../store/store.ts'
import { filesIn } from '../disk-use.ts'

export const dayMs = 24 * 60 * 60_000

/** The runs named ended some days ago; everything stored was stored then. */
export function age(store: Store, home: Pick<Home, 'artifactsPath'>, runIds: readonly string[], days: number): void {
  const then = Date.now() - days * dayMs
  for (const id of runIds) store.run('UPDATE run SET finished_at = $then WHERE id = $id', { id, then })
  store.run('UPDATE artifact SET created_at = $then', { then })
  for (const { path } of filesIn(home.artifactsPath)) utimesSync(path, then / 1_000, then / 1_000)
}
