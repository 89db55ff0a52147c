import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { EsteiraError } from '../kernel/errors.ts'
import { migrations } from './migrations/index.ts'
import type { Migration } from './migrations/migration.ts'
import { Store } from './store.ts'

let folder: string
let path: string
const open: Store[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'esteira-store-'))
  path = join(folder, 'home', 'metadata.db')
})
afterEach(() => {
  for (const store of open.splice(0)) store.close()
  rmSync(folder, { recursive: true })
})

function openStore(list?: readonly Migration[]): Store {
  const store = Store.open(path, list)
  open.push(store)
  return store
}

/** Opens, lets `work` do its part, closes. */
function withStore(list: readonly Migration[], work: (store: Store) => void = () => {}): void {
  const store = Store.open(path, list)
  work(store)
  store.close()
}

function errorOf(work: () => unknown): EsteiraError {
  try {
    work()
  } catch (error) {
    if (error instanceof EsteiraError) return error
    throw error
  }
  throw new Error('it did not fail')
}

const named = z.object({ name: z.string() })
const textRow = z.object({ text: z.string() })

const first: Migration = { number: 1, name: 'first', sql: 'CREATE TABLE note (text TEXT NOT NULL) STRICT;' }
const second: Migration = { number: 2, name: 'second', sql: 'ALTER TABLE note ADD COLUMN extra TEXT;' }
const broken: Migration = {
  number: 3,
  name: 'broken',
  sql: "CREATE TABLE half (x TEXT) STRICT; INSERT INTO half VALUES ('x'); INSERT INTO nowhere VALUES (1);",
}

function writeNote(store: Store, text: string): void {
  store.run('INSERT INTO note (text) VALUES ($text)', { text })
}

describe('the migrations', () => {
  it('in the folder are all listed, with consecutive numbers and the names of their files', () => {
    const files = readdirSync(new URL('./migrations/', import.meta.url))
      .filter((file) => /^\d{3}-/.test(file))
      .sort()
    const listed = migrations.map(({ number, name }) => `${String(number).padStart(3, '0')}-${name}.ts`)
    expect(files).toEqual(listed)
    expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, index) => index + 1))
  })

  it('make strict tables only', () => {
    const tables = z.object({ name: z.string(), strict: z.number() })
    const rows = openStore().all(
      tables,
      "SELECT name, strict FROM pragma_table_list WHERE type = 'table' AND schema = 'main'",
    )
    const ours = rows.filter(({ name }) => !name.startsWith('sqlite_'))
    expect(ours.length).toBeGreaterThan(10)
    expect(ours.filter(({ strict }) => strict !== 1)).toEqual([])
  })

  it('are applied once, each with its ledger row', () => {
    withStore(migrations)
    const store = openStore()
    const ledger = store.all(
      z.object({ number: z.number(), name: z.string() }),
      'SELECT number, name FROM migration ORDER BY number',
    )
    expect(ledger).toEqual(migrations.map(({ number, name }) => ({ number, name })))
    expect(store.check()).toEqual([])
    expect(readdirSync(join(folder, 'home')).filter((file) => file.includes('before'))).toEqual([])
  })

  it('leave a copy of the database as it was before', () => {
    withStore([first], (store) => writeNote(store, 'old'))
    withStore([first, second], (store) => writeNote(store, 'new'))
    const copy = new Database(`${path}.before-2`, { readonly: true })
    expect(copy.prepare('SELECT * FROM note').all()).toEqual([{ text: 'old' }])
    copy.close()
  })

  it('replace a copy that an earlier attempt left', () => {
    withStore([first])
    writeFileSync(`${path}.before-2`, 'half a copy')
    withStore([first], (store) => writeNote(store, 'later'))
    withStore([first, second])
    const copy = new Database(`${path}.before-2`, { readonly: true })
    expect(copy.prepare('SELECT * FROM note').all()).toEqual([{ text: 'later' }])
    copy.close()
    expect(existsSync(`${path}.before-2.new`)).toBe(false)
  })

  it('that fail leave the database as it was, usable by the version that wrote it', () => {
    withStore([first], (store) => writeNote(store, 'kept'))
    expect(() => Store.open(path, [first, second, broken])).toThrow('no such table: nowhere')
    const store = openStore([first])
    expect(store.all(z.object({ text: z.string() }).strict(), 'SELECT * FROM note')).toEqual([{ text: 'kept' }])
    expect(store.all(named, 'SELECT name FROM migration')).toEqual([{ name: 'first' }])
    expect(store.all(named, "SELECT name FROM sqlite_schema WHERE name = 'half'")).toEqual([])
  })

  it('of a new home that fail leave nothing half made', () => {
    expect(() => Store.open(path, [first, second, broken])).toThrow()
    expect(openStore([first, second]).all(named, 'SELECT name FROM migration')).toHaveLength(2)
  })
})

describe('a database file', () => {
  it('of a newer version is refused, and nothing is changed', () => {
    withStore([first, second], (store) => writeNote(store, 'from the future'))
    const before = readFileSync(path)
    const error = errorOf(() => Store.open(path, [first]))
    expect(error.code).toBe('home-newer-version')
    expect(error.context).toMatchObject({ where: path, found: 'database version 2', allowed: 'up to 1' })
    expect(readFileSync(path).equals(before)).toBe(true)
    expect(readdirSync(join(folder, 'home'))).toEqual(['metadata.db'])
  })

  it('that holds something else is refused, and not touched', () => {
    withStore([first])
    const garbage = Buffer.from('This is not a database. '.repeat(500))
    writeFileSync(path, garbage)
    const error = errorOf(() => Store.open(path))
    expect(error.code).toBe('home-unusable')
    expect(error.context.where).toBe(path)
    expect(readFileSync(path).equals(garbage)).toBe(true)
  })

  it('that is a folder is refused', () => {
    expect(errorOf(() => Store.open(folder)).code).toBe('home-unusable')
  })

  it('that is damaged inside is found by the check', () => {
    withStore([first], (store) => {
      store.transaction(() => {
        for (let row = 0; row < 2_000; row++) writeNote(store, `row ${row} ${'x'.repeat(50)}`)
      })
    })
    const content = readFileSync(path)
    content.fill(0xff, 5 * 4096, 6 * 4096)
    writeFileSync(path, content)
    expect(openStore([first]).check()).not.toEqual([])
  })
})

describe('durability and rules', () => {
  it('are set: write-ahead log, synchronous NORMAL, foreign keys', () => {
    const store = openStore()
    const pragma = (name: string) => store.get(z.record(z.string(), z.unknown()), `SELECT * FROM pragma_${name}`)
    expect(pragma('journal_mode')).toEqual({ journal_mode: 'wal' })
    expect(pragma('synchronous')).toEqual({ synchronous: 1 })
    expect(pragma('foreign_keys')).toEqual({ foreign_keys: 1 })
  })

  it('refuse a row that refers to nothing, and a value of the wrong type', () => {
    const store = openStore()
    expect(() => store.run("INSERT INTO model (name, project_id, created_at) VALUES ('m', 'none', 0)")).toThrow(
      'FOREIGN KEY',
    )
    expect(() => store.run("INSERT INTO project (id, path, name, added_at) VALUES ('p', 'p', 'p', 'now')")).toThrow(
      'cannot store TEXT value in INTEGER column',
    )
  })
})

describe('a transaction', () => {
  it('is all or nothing', () => {
    const store = openStore([first])
    expect(() =>
      store.transaction(() => {
        writeNote(store, 'a')
        throw new Error('stop')
      }),
    ).toThrow('stop')
    expect(store.transaction(() => 'result')).toBe('result')
    expect(store.all(textRow, 'SELECT text FROM note')).toEqual([])
  })

  it('inside another belongs to it', () => {
    const store = openStore([first])
    expect(() =>
      store.transaction(() => {
        store.transaction(() => writeNote(store, 'inner'))
        throw new Error('stop')
      }),
    ).toThrow('stop')
    expect(store.all(textRow, 'SELECT text FROM note')).toEqual([])
    store.transaction(() => {
      writeNote(store, 'outer')
      store.transaction(() => writeNote(store, 'inner'))
    })
    expect(store.all(textRow, 'SELECT text FROM note')).toHaveLength(2)
  })

  it('is seen by another connection only once it is complete', () => {
    const store = openStore([first])
    const reader = new Database(path, { readonly: true })
    const count = () => reader.prepare('SELECT count(*) FROM note').pluck().get()
    store.transaction(() => {
      writeNote(store, 'a')
      expect(count()).toBe(0)
    })
    expect(count()).toBe(1)
    reader.close()
  })
})

describe('rows', () => {
  it('are parsed by the schema: a column of another form is an error, not a surprise later', () => {
    const store = openStore([first])
    writeNote(store, 'a')
    expect(store.get(textRow, 'SELECT text FROM note')).toEqual({ text: 'a' })
    expect(store.get(textRow, "SELECT text FROM note WHERE text = 'b'")).toBeUndefined()
    expect(() => store.all(z.object({ text: z.number() }), 'SELECT text FROM note')).toThrow(z.ZodError)
    expect(store.run("UPDATE note SET text = 'c'")).toBe(1)
  })

  it('take text as it is, whatever it holds', () => {
    const store = openStore([first])
    for (const text of ["'; DROP TABLE note; --", '$text', '', '日本語 🚂', 'a\nb']) {
      writeNote(store, text)
      expect(store.get(textRow, 'SELECT text FROM note WHERE text = $text', { text })).toEqual({ text })
    }
  })
})
