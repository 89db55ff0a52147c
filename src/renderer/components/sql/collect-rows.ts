/** Takes the rows of a result along, page by page. */
import type { Json } from '#shared/runs.ts'
import { csvLine, tsvLine } from '../previews/cell-text.ts'
import type { RowSource } from '../previews/use-rows.ts'

/** More than that is a matter for a file, not for a page. */
export const mostRows = 100_000
const pageRows = 1_000

interface Taken {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Json[])[]
}

/** Reads at most `mostRows` rows. @throws AbortError when aborted */
export async function collectRows(
  { load }: Pick<RowSource, 'load'>,
  signal: AbortSignal,
  onProgress: (rows: number) => void = () => undefined,
): Promise<Taken> {
  const rows: (readonly Json[])[] = []
  for (;;) {
    const limit = Math.min(pageRows, mostRows - rows.length)
    const page = await load(rows.length, limit, signal)
    rows.push(...page.rows)
    onProgress(rows.length)
    const complete = page.rows.length === 0 || rows.length >= Math.min(page.total, mostRows)
    if (complete) return { columns: page.columns.map(({ name }) => name), rows }
  }
}

/** With a mark that tells spreadsheets of UTF-8, and line ends as RFC 4180 has them. */
export function csvText({ columns, rows }: Taken): string {
  return `\uFEFF${[columns, ...rows].map((row) => `${csvLine(row)}\r\n`).join('')}`
}

export function tsvText({ columns, rows }: Taken): string {
  return [columns, ...rows].map(tsvLine).join('\n')
}
