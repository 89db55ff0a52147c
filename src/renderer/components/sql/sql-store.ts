/** What a person wrote in a scratchpad, kept in the browser. Pure but for the two functions at the end. */
import { z } from 'zod'

const longestHistory = 30
const longestKept = 20_000

const sqlStoreSchema = z.object({ text: z.string(), history: z.array(z.string()) })
export type SqlStore = z.infer<typeof sqlStoreSchema>

const nothing: SqlStore = { text: '', history: [] }

/** The newest first, each once. Very long ones are not kept. */
export function withQuery({ history }: SqlStore, sql: string): SqlStore {
  const query = sql.trim()
  if (query === '' || query.length > longestKept) return { text: sql, history }
  return { text: sql, history: [query, ...history.filter((each) => each !== query)].slice(0, longestHistory) }
}

/** What was stored, or nothing where it cannot be read. */
export function parseStore(stored: string | null): SqlStore {
  if (stored === null) return nothing
  try {
    return sqlStoreSchema.parse(JSON.parse(stored))
  } catch {
    return nothing
  }
}

/** A query on one line, as lists show it. */
export function oneLine(sql: string, longest = 120): string {
  const line = sql.replace(/\s+/g, ' ').trim()
  return line.length <= longest ? line : `${line.slice(0, longest - 1)}…`
}

const keyOf = (about: string) => `esteira-sql-${about}`

export function readStore(about: string): SqlStore {
  return parseStore(localStorage.getItem(keyOf(about)))
}

export function writeStore(about: string, store: SqlStore): void {
  localStorage.setItem(keyOf(about), JSON.stringify(store))
}
