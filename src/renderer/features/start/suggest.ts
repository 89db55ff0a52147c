/** What a new project is likely to be, from its data file alone. */
import type { TableColumn } from '#shared/data.ts'

const targetNames = ['target', 'label', 'class', 'y', 'outcome', 'alvo', 'rótulo', 'classe', 'churn', 'churned']

/** The column that a person most likely wants to predict: one that is named so, else the last. */
export function likelyTarget(columns: readonly TableColumn[]): string | undefined {
  const named = columns.find(({ name }) => targetNames.includes(name.toLowerCase()))
  return (named ?? columns.findLast(({ type }) => type !== 'other' && type !== 'timestamp'))?.name
}

/** A name for the project after the file: `/data/Churn 2024.csv` gives `churn-2024`. */
export function projectNameFrom(path: string): string {
  const file = path.split(/[\\/]/).at(-1) ?? ''
  const name = file
    .replace(/(\.(csv|tsv|txt|json|jsonl|ndjson|parquet|gz|zst))+$/i, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
  return name === '' ? 'project' : name
}

/** The folder for a new project, below the home, with the separator that the home's path has. */
export function projectFolder(home: string, name: string): string {
  const separator = home.includes('\\') ? '\\' : '/'
  return [home, 'projects', name].join(separator)
}
