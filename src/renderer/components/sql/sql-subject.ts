import type { SqlAnswer, SqlQuestion, TableColumn } from '#shared/data.ts'

/** What a scratchpad asks. */
export interface SqlSubject {
  /** Names it among others, for what is kept of it. */
  readonly about: string
  readonly ask: (question: SqlQuestion, signal: AbortSignal) => Promise<SqlAnswer>
}

/** A table that can be asked; without columns while they are not known. */
export interface SqlTable {
  readonly name: string
  readonly columns: readonly TableColumn[]
}
