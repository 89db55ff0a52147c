/** Safe spelling of names, texts and user queries in DuckDB's SQL. */

/** `my "column"` as `"my ""column"""`. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** `it's` as `'it''s'`. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/**
 * Reads Parquet files by absolute path; artifact files have no extension, so the format is always said.
 * @param options `rowNumbers` adds the column `file_row_number`, from 0; several files are matched by column name
 */
export function parquetSource(path: string | readonly string[], options: { rowNumbers?: boolean } = {}): string {
  const paths = typeof path === 'string' ? quoteText(path) : `[${path.map(quoteText).join(', ')}]`
  const union = typeof path === 'string' ? '' : ', union_by_name = true'
  return `read_parquet(${paths}${union}${options.rowNumbers ? ', file_row_number = true' : ''})`
}

/**
 * A relation of one query, for `select … from <relation>`. The line break ends a trailing line comment; a trailing
 * semicolon is dropped. The query must have been checked by `Tables.checkQuery` if a person wrote it.
 */
export function subquery(query: string): string {
  return `(${query.trim().replace(/;\s*$/, '')}\n)`
}
