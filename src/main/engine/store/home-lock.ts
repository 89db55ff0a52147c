import Database from 'better-sqlite3'
import { EsteiraError } from '../kernel/errors.ts'
import { type Home, readEngineFile } from '../kernel/home.ts'

/**
 * Takes the home for this process until the returned function is called or the process ends, however it ends: the lock is
 * one of the operating system's, held through SQLite, so it can never be stale.
 * @throws EsteiraError `home-in-use`
 */
export function lockHome(home: Home): () => void {
  const database = new Database(home.lockPath, { timeout: 0 })
  try {
    database.pragma('journal_mode = DELETE')
    database.pragma('locking_mode = EXCLUSIVE')
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY'))) throw error
    const holder = readEngineFile(home)
    throw new EsteiraError('home-in-use', 'Another engine already serves this home.', {
      where: home.path,
      ...(holder !== undefined && { found: `process ${holder.pid} at ${holder.controlUrl}` }),
      next: 'Use that one, stop it with "esteira stop", or choose another home with --home.',
      cause: error,
    })
  }
  return () => database.close()
}
