/** Text files in whatever encoding, made readable for DuckDB, which wants UTF-8. */
import { isUtf8 } from 'node:buffer'
import { createReadStream, createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { EsteiraError } from '../kernel/errors.ts'
import { newId } from '../kernel/ids.ts'

/**
 * A path at which the text stands in UTF-8: the file itself, or a copy in `scratchPath`.
 * @param encoding as a person wrote it; detected when left out: by its byte order mark, by being valid UTF-8 as a
 *   whole, by the zero bytes of UTF-16, else latin-1
 * @param options with `maxBytes`, only so much of the file is looked at to tell its encoding
 */
export async function utf8File(
  path: string,
  scratchPath: string,
  encoding?: string,
  { maxBytes }: { maxBytes?: number | undefined } = {},
): Promise<string> {
  const start = await firstBytes(path, startBytes)
  const label = encoding === undefined ? await detectEncoding(path, start, maxBytes) : normalEncoding(encoding)
  if (label === 'utf-8' && !startsWithMark(start)) return path
  const copy = join(scratchPath, `${newId()}.utf8`)
  const decoder = new TextDecoder(label)
  await pipeline(
    createReadStream(path, { highWaterMark: 1 << 20 }),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true })
      yield decoder.decode()
    },
    createWriteStream(copy),
  )
  return copy
}

/** So much of the beginning of a file tells UTF-16, and marks; of a small file it is all. */
const startBytes = 4_096

/** latin-1 is read as its superset windows-1252, as browsers do: files called latin-1 often hold its € and quotes. */
async function detectEncoding(
  path: string,
  start: Uint8Array,
  maxBytes = Number.POSITIVE_INFINITY,
): Promise<'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'> {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le'
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be'
  const zeros = [0, 0]
  for (const [index, byte] of start.entries()) if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1
  const [even = 0, odd = 0] = zeros
  // Text in Latin script has a zero in every second byte of UTF-16; binary files have zeros everywhere.
  if (odd > start.length / 4 && even < start.length / 100) return 'utf-16le'
  if (even > start.length / 4 && odd < start.length / 100) return 'utf-16be'
  const isWhole = start.length < startBytes
  return (isWhole ? isUtf8(start) : await isUtf8File(path, maxBytes)) ? 'utf-8' : 'windows-1252'
}

function normalEncoding(encoding: string): string {
  const name = encoding.toLowerCase().replaceAll('_', '-')
  const known = {
    latin1: 'windows-1252',
    'latin-1': 'windows-1252',
    utf8: 'utf-8',
    utf16: 'utf-16le',
    'utf-16': 'utf-16le',
  }
  const label = Object.entries(known).find(([key]) => key === name)?.[1] ?? name
  try {
    return new TextDecoder(label).encoding
  } catch (error) {
    throw new EsteiraError('dataset-unreadable', `The encoding "${encoding}" is not known.`, {
      allowed: 'utf-8, utf-16, latin-1 and the other names of the WHATWG Encoding Standard',
      cause: error,
    })
  }
}

function startsWithMark(start: Uint8Array): boolean {
  return start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf
}

export async function firstBytes(path: string, count: number): Promise<Uint8Array> {
  const handle = await open(path, 'r')
  try {
    const buffer = new Uint8Array(count)
    const { bytesRead } = await handle.read(buffer, 0, count, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

async function isUtf8File(path: string, maxBytes: number): Promise<boolean> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, end: maxBytes - 1 })) {
    const bytes = Buffer.concat([rest, chunk])
    const end = completeLength(bytes)
    if (!isUtf8(bytes.subarray(0, end))) return false
    rest = bytes.subarray(end)
  }
  // Where only a part was read, its end may have cut a character.
  return maxBytes !== Number.POSITIVE_INFINITY || isUtf8(rest)
}

/** The length without a character that the end of the chunk may have cut: at most its three last bytes. */
function completeLength(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return bytes.length
    if (byte >= 0xc0) return bytes.length - back
  }
  return bytes.length
}
