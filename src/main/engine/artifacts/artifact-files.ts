/**
 * Content-addressed files: `<root>/<aa>/<sha256>`. Needs no database, so that step threads store their own outputs.
 * A file appears under its final name only when it is complete, synced and hashed; a crash leaves temporary files at most.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
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

/** SHA-256 of a file in hexadecimal, read as a stream. */
export async function hashFile(path: string): Promise<StoredFile> {
  const hash = createHash('sha256')
  let bytes = 0
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      hash.update(chunk)
      bytes += chunk.length
    }
  })
  return { sha256: hash.digest('hex'), bytes }
}

/** Moves a finished file into the store. The file must be on the same disk as the store. */
export async function storeFile(root: string, path: string): Promise<StoredFile> {
  const stored = await hashFile(path)
  const target = storedFilePath(root, stored.sha256)
  if (await exists(target)) {
    await rm(path)
    return stored
  }
  await syncPath(path)
  await mkdir(dirname(target), { recursive: true })
  await rename(path, target)
  await syncPath(dirname(target))
  return stored
}

/**
 * @throws EsteiraError `artifact-corrupt` when the file is missing or does not match its hash
 */
export async function verifyFile(root: string, sha256: string): Promise<string> {
  const path = storedFilePath(root, sha256)
  const found = (await exists(path)) ? (await hashFile(path)).sha256 : 'no file'
  if (found === sha256) return path
  throw new EsteiraError('artifact-corrupt', 'A stored file does not match its hash.', {
    where: path,
    found,
    allowed: sha256,
    next: 'Run "esteira doctor" to find what it belongs to, then run the pipeline again to make it anew.',
  })
}

/** The identity of an artifact: its type and the name and content of every file. */
export function artifactHash(type: ArtifactType, files: Artifact['files']): string {
  return hashJson({ type, files: files.map(({ name, sha256 }) => ({ name, sha256 })) })
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

async function syncPath(path: string): Promise<void> {
  // Windows cannot open a folder for syncing; its rename is journalled by the file system itself.
  if (process.platform === 'win32' && (await stat(path)).isDirectory()) return
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
