/**
 * Content-addressed files: `<root>/<aa>/<sha256>`. Needs no database, so that step threads store their own outputs.
 * A file appears under its final name only when it is complete, synced and hashed; a crash leaves temporary files at most.
 *
 * Only the reading of large files is asynchronous. The rest takes microseconds, less than a hop to the thread pool, and
 * syncing happens in step threads alone, which have nothing else to do.
 */
import { createHash, hash as hashBytes } from 'node:crypto'
import {
  closeSync,
  createReadStream,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { Artifact, ArtifactType } from '#shared/runs.ts'
import { hashJson } from '../kernel/canonical-json.ts'
import { EsteiraError } from '../kernel/errors.ts'

export interface StoredFile {
  readonly sha256: string
  readonly bytes: number
}

export function storedFilePath(root: string, sha256: string): string {
  return join(root, sha256.slice(0, 2), sha256)
}

/** A file up to this size is hashed at once, in a millisecond or two. */
const chunkBytes = 1 << 20

/** SHA-256 of a file in hexadecimal. */
export async function hashFile(path: string): Promise<StoredFile> {
  if (statSync(path).size <= chunkBytes) {
    const content = readFileSync(path)
    return { sha256: hashBytes('sha256', content), bytes: content.length }
  }
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes })) {
    hash.update(chunk)
    bytes += chunk.length
  }
  return { sha256: hash.digest('hex'), bytes }
}

/**
 * Moves a finished file into the store. The file must be on the same disk as the store. The stored file has the time of now
 * as its time of change, also where it was there already: whoever cleans up leaves it alone until it is recorded.
 */
export async function storeFile(root: string, path: string): Promise<StoredFile> {
  const stored = await hashFile(path)
  const target = storedFilePath(root, stored.sha256)
  if ((await holds(target, stored.sha256)) && touch(target)) {
    rmSync(path)
    return stored
  }
  touch(path)
  syncPath(path)
  if (mkdirSync(dirname(target), { recursive: true }) !== undefined) syncPath(root)
  renameSync(path, target)
  syncPath(dirname(target))
  return stored
}

async function holds(path: string, sha256: string): Promise<boolean> {
  if (!existsSync(path)) return false
  const found = await hashFile(path).catch(() => undefined)
  return found?.sha256 === sha256
}

/** False where the file has just been cleaned up. */
function touch(path: string): boolean {
  try {
    const now = new Date()
    utimesSync(path, now, now)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}

/**
 * @throws EsteiraError `artifact-corrupt` when the file is missing or does not match its hash
 */
export async function verifyFile(root: string, sha256: string): Promise<string> {
  const path = storedFilePath(root, sha256)
  const found = existsSync(path) ? (await hashFile(path)).sha256 : 'no file'
  if (found === sha256) return path
  throw new EsteiraError('artifact-corrupt', 'A stored file does not match its hash.', {
    where: path,
    found,
    allowed: sha256,
    next: 'Run "esteira doctor" to find what it belongs to, then run the pipeline again with --no-cache to make it anew.',
  })
}

/** The identity of an artifact: its type and the name and content of every file. */
export function artifactHash(type: ArtifactType, files: Artifact['files']): string {
  return hashJson({ type, files: files.map(({ name, sha256 }) => ({ name, sha256 })) })
}

function syncPath(path: string): void {
  const isFolder = statSync(path).isDirectory()
  // Windows cannot open a folder for syncing; its rename is journalled by the file system itself.
  if (process.platform === 'win32' && isFolder) return
  const descriptor = openSync(path, isFolder ? 'r' : 'r+')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
