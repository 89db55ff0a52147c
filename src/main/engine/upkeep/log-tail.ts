import { open } from 'node:fs/promises'

/** The last lines of a text file, oldest first, from at most `maxBytes` of it; empty where there is none. */
export async function lastLines(path: string, maxLines: number, maxBytes: number): Promise<string[]> {
  const file = await open(path, 'r').catch(() => undefined)
  if (file === undefined) return []
  try {
    const { size } = await file.stat()
    const start = Math.max(0, size - maxBytes)
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(size - start), position: start })
    const lines = buffer.subarray(0, bytesRead).toString('utf8').split('\n')
    // The first may be cut off.
    if (start > 0) lines.shift()
    return lines.filter((line) => line !== '').slice(-maxLines)
  } finally {
    await file.close()
  }
}
