import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Artifact } from '#shared/runs.ts'
import { Store } from '../store/store.ts'
import { artifactHash, hashFile, storedFilePath, storeFile, verifyFile } from './artifact-files.ts'
import { ArtifactStore } from './artifact-store.ts'

let folder: string
let root: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'esteira-artifacts-'))
  root = join(folder, 'artifacts')
})
afterEach(() => rmSync(folder, { recursive: true }))

/** A finished file outside the store. */
function work(content: string | Buffer, name = 'work'): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}

/** Every file under the store's folder. */
function storedFiles(): string[] {
  return existsSync(root)
    ? readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.length > 2)
    : []
}

describe('a file', () => {
  it.each([
    ['empty', Buffer.alloc(0)],
    ['small', Buffer.from('hello')],
    ['of exactly one chunk', Buffer.alloc(1 << 20, 7)],
    ['of several chunks', Buffer.alloc((1 << 20) * 3 + 1, 7)],
  ])('that is %s is stored under its hash', async (_, content) => {
    const path = work(content)
    const stored = await storeFile(root, path)
    expect(stored).toEqual({ sha256: sha256(content), bytes: content.length })
    const target = storedFilePath(root, stored.sha256)
    expect(target).toBe(join(root, stored.sha256.slice(0, 2), stored.sha256))
    expect(readFileSync(target).equals(content)).toBe(true)
    expect(existsSync(path)).toBe(false)
    expect(await verifyFile(root, stored.sha256)).toBe(target)
    expect(await hashFile(target)).toEqual(stored)
  })

  it('stored twice is there once', async () => {
    await storeFile(root, work('same', 'a'))
    await storeFile(root, work('same', 'b'))
    expect(storedFiles()).toHaveLength(1)
    expect(readdirSync(folder)).toEqual(['artifacts'])
  })

  it('stored by many at the same time is there once, whole', async () => {
    const contents = Array.from({ length: 40 }, (_, index) => `content ${index % 4}`)
    await Promise.all(contents.map((content, index) => storeFile(root, work(content, `w${index}`))))
    expect(storedFiles()).toHaveLength(4)
    for (const content of contents) await verifyFile(root, sha256(content))
  })

  it('never appears under its name while it cannot be complete', async () => {
    await expect(storeFile(root, join(folder, 'missing'))).rejects.toThrow('ENOENT')
    expect(storedFiles()).toEqual([])
  })

  it('that is missing or was changed in the store is found when it is read', async () => {
    const { sha256: hash } = await storeFile(root, work('precious'))
    const path = storedFilePath(root, hash)
    truncateSync(path, 3)
    await expect(verifyFile(root, hash)).rejects.toMatchObject({
      code: 'artifact-corrupt',
      context: { where: path, allowed: hash, found: sha256('pre') },
    })
    rmSync(path)
    await expect(verifyFile(root, hash)).rejects.toMatchObject({
      code: 'artifact-corrupt',
      context: { found: 'no file' },
    })
  })

  it('that was changed in the store is mended by storing it again', async () => {
    const { sha256: hash } = await storeFile(root, work('precious'))
    truncateSync(storedFilePath(root, hash), 3)
    await storeFile(root, work('precious'))
    expect(readFileSync(await verifyFile(root, hash), 'utf8')).toBe('precious')
  })
})

describe('the hash of an artifact', () => {
  const file = { name: 'a', sha256: sha256('a'), bytes: 1 }

  it('covers its type and the name and content of every file, and nothing else', () => {
    const hash = artifactHash('file', [file])
    expect(artifactHash('file', [{ ...file, bytes: 2 }])).toBe(hash)
    expect(artifactHash('table', [file])).not.toBe(hash)
    expect(artifactHash('file', [{ ...file, name: 'b' }])).not.toBe(hash)
    expect(artifactHash('file', [{ ...file, sha256: sha256('b') }])).not.toBe(hash)
    expect(artifactHash('file', [file, { ...file, name: 'b' }])).not.toBe(hash)
  })
})

describe('the record of artifacts', () => {
  let store: Store
  let artifacts: ArtifactStore
  beforeEach(() => {
    store = Store.open(join(folder, 'metadata.db'))
    artifacts = new ArtifactStore(store, root, () => 1_000)
  })
  afterEach(() => store.close())

  async function storeArtifact(...contents: string[]): Promise<Artifact> {
    const files: Artifact['files'] = []
    for (const [index, content] of contents.entries()) {
      files.push({ name: `f${index}`, ...(await storeFile(root, work(content))) })
    }
    return { hash: artifactHash('file', files), type: 'file', files }
  }

  it('gives back what was recorded, once', async () => {
    const artifact = await storeArtifact('a', 'b')
    artifacts.record(artifact)
    artifacts.record(artifact)
    expect(artifacts.get(artifact.hash)).toEqual(artifact)
    expect(artifacts.list()).toEqual([artifact])
    const files = await artifacts.files(artifact.hash)
    expect([...files.keys()]).toEqual(['f0', 'f1'])
    expect(readFileSync(files.get('f1') ?? '', 'utf8')).toBe('b')
  })

  it('does not know what was never recorded', () => {
    expect(artifacts.find('x')).toBeUndefined()
    expect(artifacts.isComplete('x')).toBe(false)
    expect(() => artifacts.get('x')).toThrow(expect.objectContaining({ code: 'artifact-not-found' }))
  })

  it('tells whether all files are in place, and refuses to hand out a file that is not what it was', async () => {
    const artifact = await storeArtifact('a', 'b')
    artifacts.record(artifact)
    expect(artifacts.isComplete(artifact.hash)).toBe(true)
    const path = storedFilePath(root, artifact.files[1]?.sha256 ?? '')
    writeFileSync(path, 'B')
    await expect(artifacts.files(artifact.hash)).rejects.toMatchObject({ code: 'artifact-corrupt' })
    rmSync(path)
    expect(artifacts.isComplete(artifact.hash)).toBe(false)
  })
})
