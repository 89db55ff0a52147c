/** Reads tables of SQLite databases that are not ours, such as a dataset of a project. */
import Database from 'better-sqlite3'
import { EsteiraError, nearestName } from '../kernel/errors.ts'

/**
 * The rows of a table, one object each, with integers as bigint; lazily, in the order of the table.
 * @param table may be left out where the database has only one
 * @throws EsteiraError `dataset-unreadable`
 */
export function* sqliteRows(path: string, table?: string): Generator<Record<string, unknown>> {
  const database = openReadOnly(path)
  try {
    const name = chooseTable(path, tableNames(database), table)
    const statement = database.prepare(`select * from "${name.replaceAll('"', '""')}"`).safeIntegers()
    for (const row of statement.iterate()) {
      if (row !== null && typeof row === 'object') yield { ...row }
    }
  } catch (error) {
    throw unreadable(path, error)
  } finally {
    database.close()
  }
}

function openReadOnly(path: string): Database.Database {
  try {
    return new Database(path, { readonly: true, fileMustExist: true })
  } catch (error) {
    throw unreadable(path, error)
  }
}

function tableNames(database: Database.Database): string[] {
  const sql =
    "select name from sqlite_schema where type in ('table', 'view') and name not like 'sqlite_%' order by name"
  return database.prepare(sql).pluck().all().map(String)
}

function chooseTable(path: string, names: readonly string[], table: string | undefined): string {
  const [only, ...others] = names
  if (table === undefined && only !== undefined && others.length === 0) return only
  if (table !== undefined && names.includes(table)) return table
  const nearest = table === undefined ? undefined : nearestName(table, names)
  throw new EsteiraError(
    'dataset-unreadable',
    table === undefined ? 'The database has not exactly one table.' : `The database has no table "${table}".`,
    {
      where: path,
      allowed: names.slice(0, 50).join(', '),
      ...(nearest !== undefined && { nearest }),
      next: 'Set "table" of the dataset in esteira.yaml.',
    },
  )
}

function unreadable(path: string, error: unknown): EsteiraError {
  if (error instanceof EsteiraError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new EsteiraError('dataset-unreadable', `The SQLite database cannot be read: ${message}.`, {
    where: path,
    cause: error,
  })
}
