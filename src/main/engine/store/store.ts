/**
 * The metadata store: one SQLite database per home, one connection, opened by the engine alone.
 *
 * Durability: WAL with `synchronous = NORMAL`. A killed process loses nothing that was committed. A power cut may lose the
 * last moments, never consistency: everything that belongs together is one transaction in one file, so the whole history
 * steps back together, and runs go on from there.
 */
import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import type { z } from 'zod'
import { EsteiraError } from '../kernel/errors.ts'
import { migrations as allMigrations } from './migrations/index.ts'
import type { Migration } from './migrations/migration.ts'

type SqlValue = string | number | bigint | null | Uint8Array
type SqlParameters = Record<string, SqlValue>

export class Store {
  readonly #database: Database.Database
  readonly #statements = new Map<string, Database.Statement<[SqlParameters]>>()

  private constructor(database: Database.Database) {
    this.#database = database
  }

  /**
   * Opens the database file, creating or migrating it as needed; a file that is migrated is copied beside first.
   * @throws EsteiraError `home-newer-version`, `home-unusable`
   */
  static open(path: string, migrations: readonly Migration[] = allMigrations): Store {
    mkdirSync(dirname(path), { recursive: true })
    const database = openDatabase(path)
    try {
      migrate(database, path, migrations)
    } catch (error) {
      database.close()
      throw error
    }
    return new Store(database)
  }

  /**
   * A connection that only reads, such as that of a thread that must never wait for a writer: in WAL mode it does not.
   * @throws EsteiraError `home-unusable`
   */
  static openReader(path: string): Store {
    return new Store(openDatabase(path, true))
  }

  close(): void {
    this.#database.close()
  }

  /** Runs a statement that returns no rows. Returns the number of rows changed. */
  run(sql: string, parameters: SqlParameters = {}): number {
    return this.#prepare(sql).run(parameters).changes
  }

  /** All rows, each parsed by the schema. */
  all<Schema extends z.ZodType>(schema: Schema, sql: string, parameters: SqlParameters = {}): z.output<Schema>[] {
    return this.#prepare(sql)
      .all(parameters)
      .map((row) => schema.parse(row))
  }

  /** The first row, parsed by the schema; undefined if there is none. */
  get<Schema extends z.ZodType>(
    schema: Schema,
    sql: string,
    parameters: SqlParameters = {},
  ): z.output<Schema> | undefined {
    const row = this.#prepare(sql).get(parameters)
    return row === undefined ? undefined : schema.parse(row)
  }

  /** All or nothing. `work` is synchronous: nothing else can come between. Nested calls join the outer transaction. */
  transaction<T>(work: () => T): T {
    return this.#database.inTransaction ? work() : this.#database.transaction(work).immediate()
  }

  /** What `work` reads is of one moment, and read faster than one by one. For connections that only read. */
  snapshot<T>(work: () => T): T {
    return this.#database.inTransaction ? work() : this.#database.transaction(work).deferred()
  }

  /** Problems found by SQLite's own integrity and foreign key checks; empty when all is well. */
  check(): string[] {
    const integrity = this.#database.pragma('integrity_check', { simple: true })
    const foreignKeys = this.#database.pragma('foreign_key_check')
    return [
      ...(integrity === 'ok' ? [] : [`integrity check: ${String(integrity)}`]),
      ...(Array.isArray(foreignKeys) ? foreignKeys.map((row) => `foreign key: ${JSON.stringify(row)}`) : []),
    ]
  }

  #prepare(sql: string): Database.Statement<[SqlParameters]> {
    let statement = this.#statements.get(sql)
    if (statement === undefined) {
      statement = this.#database.prepare<[SqlParameters]>(sql)
      this.#statements.set(sql, statement)
    }
    return statement
  }
}

/** How long a statement waits for another process, such as a backup tool that reads the file. */
const busyTimeoutMs = 5_000

function openDatabase(path: string, readonly = false): Database.Database {
  let database: Database.Database | undefined
  try {
    database = new Database(path, { timeout: busyTimeoutMs, readonly, fileMustExist: readonly })
    if (readonly) return database
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = NORMAL')
    database.pragma('foreign_keys = ON')
    return database
  } catch (error) {
    database?.close()
    const reason = error instanceof Error ? error.message : String(error)
    throw new EsteiraError('home-unusable', `The database of the home cannot be opened: ${reason}.`, {
      where: path,
      next: 'Check the permissions of the file, or restore the copy that lies beside it; the file was not changed.',
      cause: error,
    })
  }
}

function migrate(database: Database.Database, path: string, migrations: readonly Migration[]): void {
  const current = readVersion(database)
  const newest = migrations.at(-1)?.number ?? 0
  if (current > newest) {
    throw new EsteiraError('home-newer-version', `The home was written by a newer version of Esteira.`, {
      where: path,
      found: `database version ${current}`,
      allowed: `up to ${newest}`,
      next: 'Update Esteira, or choose another home with --home. Nothing was changed.',
    })
  }
  if (current === newest) return
  if (current > 0) backUp(database, path, current)
  // All together, so that after a failure the version of Esteira that wrote the home still opens it.
  database
    .transaction(() => {
      for (const migration of migrations.filter(({ number }) => number > current)) apply(database, migration)
    })
    .exclusive()
}

function readVersion(database: Database.Database): number {
  const ledger = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'migration'").get()
  if (ledger === undefined) return 0
  return Number(database.prepare('SELECT coalesce(max(number), 0) FROM migration').pluck().get())
}

/** The copy is whole or not there, and of this moment: an earlier attempt may have left one. */
function backUp(database: Database.Database, path: string, version: number): void {
  const copy = `${path}.before-${version + 1}`
  const unfinished = `${copy}.new`
  rmSync(unfinished, { force: true })
  database.prepare('VACUUM INTO ?').run(unfinished)
  renameSync(unfinished, copy)
}

/** The migration and its ledger row; the caller's transaction holds both. */
function apply(database: Database.Database, migration: Migration): void {
  if (migration.number === 1) {
    database.exec(
      'CREATE TABLE migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT',
    )
  }
  database.exec(migration.sql)
  database
    .prepare('INSERT INTO migration (number, name, applied_at) VALUES (?, ?, ?)')
    .run(migration.number, migration.name, Date.now())
}
