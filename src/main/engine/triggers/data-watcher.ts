/** Hears of changes in folders at once, as far as the operating system tells; where it does not, regular looks find them. */
import { type FSWatcher, statSync, watch } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { DatasetSpec } from '#shared/projects.ts'

export class DataWatcher {
  readonly #onChange: () => void
  readonly #watchers = new Map<string, FSWatcher>()

  constructor(onChange: () => void) {
    this.#onChange = onChange
  }

  /** From now on these folders are watched, and no others. Folders that cannot be watched are left to the looks. */
  watch(folders: ReadonlySet<string>): void {
    for (const [folder, watcher] of this.#watchers) {
      if (folders.has(folder)) continue
      watcher.close()
      this.#watchers.delete(folder)
    }
    for (const folder of folders) if (!this.#watchers.has(folder)) this.#begin(folder)
  }

  close(): void {
    this.watch(new Set())
  }

  #begin(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, () => this.#onChange())
      // The folder is gone, or there are no watches left: the next look tries again.
      watcher.on('error', () => this.#end(folder, watcher))
      this.#watchers.set(folder, watcher)
    } catch {
      // Not every file system can be watched.
    }
  }

  #end(folder: string, watcher: FSWatcher): void {
    watcher.close()
    if (this.#watchers.get(folder) === watcher) this.#watchers.delete(folder)
  }
}

/** The folder in which files of a dataset come and go: the deepest one that exists and holds no pattern in its path. */
export function folderOf({ path }: DatasetSpec, projectPath: string): string {
  const parts = path.split(/[/\\]/)
  const pattern = parts.findIndex((part) => /[*?[{]/.test(part))
  let folder = resolve(projectPath, join(...(pattern === -1 ? parts : parts.slice(0, pattern)), '.'))
  while (!isFolder(folder) && folder.startsWith(projectPath) && dirname(folder) !== folder) folder = dirname(folder)
  return folder
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
