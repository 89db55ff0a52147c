import { type BrowserWindow, dialog, type MessageBoxOptions, type OpenDialogOptions } from 'electron'
import type { Texts } from './texts.ts'

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

const quitChoices = ['keep', 'quit', 'cancel'] as const
export type QuitChoice = (typeof quitChoices)[number]

/** What to do with the runs that are under way. Closing the dialog means to cancel. */
export async function askAboutRuns(window: BrowserWindow | null, texts: Texts): Promise<QuitChoice> {
  const cancel = quitChoices.indexOf('cancel')
  const options: MessageBoxOptions = {
    type: 'question',
    title: texts.quitTitle,
    message: texts.quitTitle,
    detail: texts.quitText,
    buttons: [texts.keepRunning, texts.quitNow, texts.cancel],
    defaultId: quitChoices.indexOf('keep'),
    cancelId: cancel,
    noLink: true,
  }
  const { response } = await (window === null ? dialog.showMessageBox(options) : dialog.showMessageBox(window, options))
  return quitChoices[response] ?? 'cancel'
}
