/** SQL as DuckDB takes it: names, first queries, and where an error stands. Pure. */

import type { TableColumn } from '#shared/data.ts'
import type { FileProblem, Problem } from '#shared/errors.ts'

const plainName = /^[a-z_][a-z0-9_]*$/

/** Words that DuckDB 1.5 does not take for the name of a column or table. */
const keywords = new Set(
  `
  all analyse analyze and anti any array as asc asof asymmetric at authorization binary both by case cast check
  collate collation column concurrently constraint create cross default deferrable desc describe distinct do else
  end except false fetch for foreign freeze from full glob group having ilike in initially inner intersect into is
  isnull join lambda lateral leading left like limit natural not notnull null offset on only or order outer
  overlaps pivot pivot_longer pivot_wider placing positional primary qualify references returning right select
  semi show similar some summarize symmetric table tablesample then to trailing true union unique unpack unpivot
  using variadic verbose when where window with
`
    .trim()
    .split(/\s+/),
)

/** A name as it stands in SQL: quoted where it must be. */
export function quoted(name: string): string {
  return plainName.test(name) && !keywords.has(name) ? name : `"${name.replaceAll('"', '""')}"`
}

export interface SqlExample {
  readonly kind: 'rows' | 'count' | 'summary' | 'groups' | 'latest'
  readonly sql: string
}

/** First queries about a dataset, as far as its columns allow them. */
export function examplesOf(dataset: string, columns: readonly TableColumn[]): SqlExample[] {
  const table = quoted(dataset)
  const group = columns.find(({ type }) => type === 'text') ?? columns.find(({ type }) => type === 'boolean')
  const time = columns.find(({ type }) => type === 'timestamp')
  const examples: (SqlExample | false)[] = [
    { kind: 'rows', sql: `select * from ${table}` },
    { kind: 'count', sql: `select count(*) as rows from ${table}` },
    { kind: 'summary', sql: `select * from (summarize ${table})` },
    group !== undefined && {
      kind: 'groups',
      sql: `select ${quoted(group.name)}, count(*) as rows\nfrom ${table}\ngroup by all\norder by rows desc`,
    },
    time !== undefined && {
      kind: 'latest',
      sql: `select *\nfrom ${table}\norder by ${quoted(time.name)} desc\nlimit 100`,
    },
  ]
  return examples.filter((example) => example !== false)
}

const place = /^line (\d+)(?:, column (\d+))?$/

/** Where the engine says that the error stands, in the words of `where`; without that, at the first line. */
export function sqlProblem({ where = '', detail, allowed }: Problem): FileProblem {
  const [, line, column] = place.exec(where) ?? []
  const message = allowed === undefined ? detail : `${detail} (${allowed})`
  return {
    file: 'sql',
    line: line === undefined ? 1 : Number(line),
    ...(column !== undefined && { column: Number(column) }),
    message,
  }
}
