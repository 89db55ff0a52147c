/** Which version answers a request while two are behind an endpoint. Pure. */
import type { KeySource } from '#shared/rollout.ts'

/** How the traffic of an endpoint is divided between the stable version and the one that comes. */
export interface Split {
  /** Of the rollout: keys fall otherwise in each, so that the same people are not always the first. */
  readonly rolloutId: string
  readonly kind: 'canary' | 'a-b' | 'shadow'
  /** Of the requests (or keys) that the new version answers; of a shadow: that are mirrored. */
  readonly share: number
  readonly key: KeySource | undefined
}

export type Arm = 'stable' | 'candidate'

export interface Assignment {
  readonly arm: Arm
  /** By which it was assigned. */
  readonly key?: string
  /** False where an A/B test cannot count it: it has no key, or several. */
  readonly counts: boolean
}

export interface KeyedRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Asked for only where the key is a column. */
  readonly rows: () => readonly unknown[]
}

/** A whole request goes to one version. `chance`: from 0 to 1, drawn for the request. */
export function assign(split: Split, request: KeyedRequest, chance: number): Assignment {
  if (split.kind === 'shadow') return { arm: 'stable', counts: true }
  if (split.key === undefined) return { arm: chance < split.share ? 'candidate' : 'stable', counts: true }
  const key = keyOf(split.key, request)
  if (key === undefined) {
    // A canary does without; a test may not mix what it cannot tell apart.
    const arm = split.kind === 'canary' && chance < split.share ? 'candidate' : 'stable'
    return { arm, counts: split.kind === 'canary' }
  }
  return { arm: positionOf(split.rolloutId, key) < split.share ? 'candidate' : 'stable', key, counts: true }
}

/**
 * Where a key lies between 0 and 1, the same each time: a key that has the new version keeps it when its share rises.
 * FNV-1a over the UTF-16 units, finished as MurmurHash3 does, so that near keys lie far apart.
 */
export function positionOf(salt: string, key: string): number {
  let hash = 0x811c9dc5
  const text = `${salt}\0${key}`
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193)
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193)
  }
  hash ^= hash >>> 16
  hash = Math.imul(hash, 0x85ebca6b)
  hash ^= hash >>> 13
  hash = Math.imul(hash, 0xc2b2ae35)
  hash ^= hash >>> 16
  return (hash >>> 0) / 2 ** 32
}

/** Undefined where the request has no key, or rows of several. */
function keyOf(source: KeySource, { headers, rows }: KeyedRequest): string | undefined {
  if ('header' in source) {
    const value = headers[source.header.toLowerCase()]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const all = rows()
  const first = cell(all[0], source.column)
  if (first === undefined) return undefined
  return all.every((row) => cell(row, source.column) === first) ? first : undefined
}

function cell(row: unknown, column: string): string | undefined {
  if (typeof row !== 'object' || row === null || !Object.hasOwn(row, column)) return undefined
  const value: unknown = Object.getOwnPropertyDescriptor(row, column)?.value
  return value === null || value === undefined || typeof value === 'object' ? undefined : String(value)
}
