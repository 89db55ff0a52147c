/**
 * Where the request log lies and how its files are named. An endpoint has a folder; each of its revisions writes segments of
 * its own, as the inputs of a model say which columns they have:
 *
 * - `<begun>-<n>.r<revision>.open.jsonl`: being written;
 * - `<begun>-<n>.r<revision>.jsonl`: finished;
 * - `<begun>-<n>.r<revision>.<last>.parquet`: the same rows, compacted; `last` is the time of the last one;
 * - `<begun>-<n>.failed…`: the same of requests that failed; `<begun>-<n>.labels…`: of labels that came for requests;
 * - `r<revision>.json`: which model answered as this revision, and with which signature.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { signatureSchema } from '#shared/models.ts'

export const servedRevisionSchema = z.object({
  revision: z.number().int(),
  model: z.string(),
  version: z.number().int(),
  projectId: z.string(),
  signature: signatureSchema,
  /** Inputs that were not written when this was. */
  redacted: z.array(z.string()),
})
/** What answered as a revision. */
export type ServedRevision = z.infer<typeof servedRevisionSchema>

/** Of rows that were answered, by the number of their revision; of requests that failed; of labels. */
export type SegmentKind = number | 'failed' | 'labels'

export interface Segment {
  readonly path: string
  /** What its files have in common, whatever their state. */
  readonly stem: string
  readonly begunAt: number
  readonly kind: SegmentKind
  readonly state: 'open' | 'finished' | 'compacted'
  /** Of the last record, where it is known. */
  readonly lastAt: number | undefined
}

const segmentForm =
  /^(?<stem>(?<begun>\d{13,})-\d+\.(?:r(?<revision>\d+)|failed|labels))\.(?:(?:(?<open>open)\.)?jsonl|(?<last>\d+)\.parquet)$/

/** The folder of an endpoint in that of the log. */
export function requestFolder(logPath: string, endpoint: string): string {
  return join(logPath, encodeURIComponent(endpoint))
}

export function segmentStem(begunAt: number, number: number, kind: SegmentKind): string {
  return `${begunAt}-${number}.${typeof kind === 'number' ? `r${kind}` : kind}`
}

export function revisionFile(revision: number): string {
  return `r${revision}.json`
}

/** The segments of a folder, the oldest first; none where there is no such folder. Each once, compacted where it is. */
export async function listSegments(folder: string): Promise<Segment[]> {
  const names = await readdir(folder).catch(() => [])
  const segments = names.flatMap((name) => readName(folder, name))
  const compacted = new Set(segments.filter(({ state }) => state === 'compacted').map(({ stem }) => stem))
  return segments
    .filter(({ state, stem }) => state === 'compacted' || !compacted.has(stem))
    .sort((a, b) => a.begunAt - b.begunAt || (a.stem < b.stem ? -1 : 1))
}

function readName(folder: string, name: string): Segment[] {
  const parts = segmentForm.exec(name)?.groups
  if (parts?.stem === undefined) return []
  return [
    {
      path: join(folder, name),
      stem: parts.stem,
      begunAt: Number(parts.begun),
      kind:
        parts.revision !== undefined ? Number(parts.revision) : parts.stem.endsWith('.labels') ? 'labels' : 'failed',
      state: parts.last !== undefined ? 'compacted' : parts.open !== undefined ? 'open' : 'finished',
      lastAt: parts.last === undefined ? undefined : Number(parts.last),
    },
  ]
}

/** What answered as the revisions of an endpoint, by number. */
export async function readServedRevisions(folder: string): Promise<ServedRevision[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => /^r\d+\.json$/.test(name))
  const read = await Promise.all(names.map((name) => readServedRevision(join(folder, name))))
  return read.flatMap((one) => (one === undefined ? [] : [one])).sort((a, b) => a.revision - b.revision)
}

/** Undefined for a file that cannot be read. */
export async function readServedRevision(path: string): Promise<ServedRevision | undefined> {
  try {
    return servedRevisionSchema.safeParse(JSON.parse(await readFile(path, 'utf8'))).data
  } catch {
    return undefined
  }
}
