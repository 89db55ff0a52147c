import { type BrowserWindow, dialog, type OpenDialogOptions } from 'electron'

const dataFileExtensions = ['csv', 'tsv', 'txt', 'parquet', 'json', 'jsonl', 'ndjson', 'gz', 'sqlite', 'db']

export function pickFolder(window: BrowserWindow | null, title: string): Promise<string | null> {
  return pick(window, { title, properties: ['openDirectory', 'createDirectory'] })
}

export function pickDataFile(window: BrowserWindow | null, title: string): Promise<string | null> {
  return pick(window, {
    title,
    properties: ['openFile'],
    filters: [
      { name: 'CSV, Parquet, JSON, SQLite', extensions: dataFileExtensions },
      { name: '*', extensions: ['*'] },
    ],
  })
}

async function pick(window: BrowserWindow | null, options: OpenDialogOptions): Promise<string | null> {
  const { canceled, filePaths } = await (window === null
    ? dialog.showOpenDialog(options)
    : dialog.showOpenDialog(window, options))
  return canceled ? null : (filePaths[0] ?? null)
}
