/** Which columns of the database name rows of a table by a foreign key, read from the database itself. */
import { z } from 'zod'
import type { Store } from './store.ts'

export interface ReferencingColumn {
  readonly table: string
  readonly column: string
}

const row = z.object({ table: z.string(), column: z.string() })

/** New tables are found without being listed anywhere. Rows that go with the row that they name are left out. */
export function columnsReferencing(store: Store, table: string): ReferencingColumn[] {
  return store.all(
    row,
    `SELECT m.name AS "table", f."from" AS "column" FROM sqlite_schema m, pragma_foreign_key_list(m.name) f
     WHERE m.type = 'table' AND f."table" = $table AND f.on_delete <> 'CASCADE' ORDER BY 1, 2`,
    { table },
  )
}

export function quotedName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
