/** From the path of a dataset to the files it means. */
import { glob, readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path'
import type { DatasetSpec } from '#shared/projects.ts'
import { EsteiraError, nearestName } from '../kernel/errors.ts'
import { forEachFile } from '../kernel/for-each-file.ts'
import { isInside, outside } from './project-file.ts'
import { firstBytes } from './text-encoding.ts'

export type DatasetFormat = NonNullable<DatasetSpec['format']>

const formatOfExtension: Readonly<Record<string, DatasetFormat>> = {
  '.csv': 'csv',
  '.tsv': 'csv',
  '.tab': 'csv',
  '.psv': 'csv',
  '.txt': 'csv',
  '.parquet': 'parquet',
  '.pq': 'parquet',
  '.json': 'json',
  '.jsonl': 'json',
  '.ndjson': 'json',
  '.sqlite': 'sqlite',
  '.sqlite3': 'sqlite',
  '.db': 'sqlite',
}

/**
 * The files of a dataset as absolute paths in sorted order, with symbolic links resolved.
 * @throws EsteiraError `dataset-not-found`, `path-outside-project`
 */
export async function datasetFiles(spec: DatasetSpec, projectPath: string): Promise<string[]> {
  const root = await realpath(projectPath)
  const path = resolve(root, spec.path)
  if (!isInside(path, root)) throw outside(spec.path, root)
  const found = await matches(spec, root, path)
  const files = await forEachFile(found, (file) => realpath(file))
  if (!files.every((file) => isInside(file, root))) throw outside(spec.path, root)
  return [...new Set(files)].sort()
}

/**
 * The format that the spec says, or that the file's name or first bytes show.
 * @throws EsteiraError `dataset-unreadable` for files of different formats
 */
export async function datasetFormat(spec: DatasetSpec, files: readonly string[]): Promise<DatasetFormat> {
  if (spec.format !== undefined) return spec.format
  const formats = new Set(await forEachFile(files, fileFormat))
  const [format, ...others] = formats
  if (format !== undefined && others.length === 0) return format
  throw new EsteiraError('dataset-unreadable', `The files of "${spec.path}" have different formats.`, {
    found: [...formats].join(', '),
    next: 'Set "format" in esteira.yaml, or use a path that matches files of one format.',
  })
}

async function matches(spec: DatasetSpec, root: string, path: string): Promise<string[]> {
  const info = await stat(path).catch(() => undefined)
  if (info?.isFile()) return [path]
  if (info?.isDirectory()) return await filesOfFolder(spec, path)
  if (!/[*?[{]/.test(spec.path)) throw await missingPath(spec.path, root, path)
  const all: string[] = []
  for await (const file of glob(spec.path, { cwd: root })) all.push(resolve(root, file))
  const isFile = await forEachFile(all, async (file) => (await stat(file)).isFile())
  const found = all.filter((_, index) => isFile[index])
  if (found.length > 0) return found
  throw new EsteiraError('dataset-not-found', `No file matches "${spec.path}".`, { where: root })
}

async function filesOfFolder(spec: DatasetSpec, folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const files = entries
    .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => join(folder, entry.name))
    .filter((file) => {
      const format = formatOfExtension[plainExtension(file)]
      return spec.format === undefined ? format !== undefined : format === spec.format
    })
  if (files.length > 0) return files
  throw new EsteiraError('dataset-not-found', `The folder "${spec.path}" holds no data files.`, {
    where: folder,
    allowed: `files that end in ${Object.keys(formatOfExtension).join(', ')}`,
  })
}

async function missingPath(written: string, root: string, path: string): Promise<EsteiraError> {
  let missing = path
  while (dirname(missing) !== root && !(await isFolder(dirname(missing)))) missing = dirname(missing)
  const folder = dirname(missing)
  const names = await readdir(folder).catch(() => [])
  const nearest = nearestName(basename(missing), names)
  return new EsteiraError('dataset-not-found', `The file or folder "${written}" does not exist.`, {
    where: folder,
    ...(nearest !== undefined && { nearest: relative(root, join(folder, nearest)).replaceAll(sep, '/') }),
  })
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  )
}

async function fileFormat(file: string): Promise<DatasetFormat> {
  const known = formatOfExtension[plainExtension(file)]
  if (known !== undefined) return known
  const start = Buffer.from(await firstBytes(file, 4_096)).toString('latin1')
  if (start.startsWith('PAR1')) return 'parquet'
  if (start.startsWith('SQLite format 3\0')) return 'sqlite'
  return /^(?:\xef\xbb\xbf)?\s*[[{]/.test(start) ? 'json' : 'csv'
}

/** The extension in lower case, without that of a compression. */
function plainExtension(file: string): string {
  return extname(file.toLowerCase().replace(/\.(gz|zst)$/, ''))
}

export function isCompressed(file: string): boolean {
  return /\.(gz|zst)$/i.test(file)
}
