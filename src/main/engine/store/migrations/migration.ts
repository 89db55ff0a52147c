export interface Migration {
  /** 1, 2, 3 … without gaps. A published migration is never edited: mend with a further one. */
  readonly number: number
  readonly name: string
  readonly sql: string
}
