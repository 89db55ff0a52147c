/** The story of an endpoint: what is stored in many places, put in one order. */
import type { Timeline, TimelineEntry, TimelineKind, TimelineQuery } from '#shared/timeline.ts'
import { EsteiraError } from '../../kernel/errors.ts'
import type { Store } from '../../store/store.ts'
import { timelineSources } from './timeline-rows.ts'

export interface TimelinesParts {
  readonly store: Store
  /** @throws EsteiraError `endpoint-not-found` */
  readonly endpoints: { get(name: string): unknown }
}

export class Timelines {
  readonly #parts: TimelinesParts

  constructor(parts: TimelinesParts) {
    this.#parts = parts
  }

  /** @throws EsteiraError `endpoint-not-found`, `invalid-request` (the cursor) */
  of(endpoint: string, { limit, cursor, order }: TimelineQuery): Timeline {
    const { store, endpoints } = this.#parts
    endpoints.get(endpoint)
    const newest = order === 'newest'
    const after = cursor === undefined ? undefined : cursorOf(cursor)
    const from = after?.at ?? (newest ? Number.MAX_SAFE_INTEGER : 0)
    // At one instant there may be a few of each kind before the cursor, and one reading gives two entries.
    const bounds = { endpoint, from, order, limit: limit + sameInstant }
    const sign = newest ? -1 : 1
    const entries = timelineSources
      .flatMap((source) => source(store, bounds))
      .sort((a, b) => sign * compare(a, b))
      .filter((entry) => after === undefined || sign * compare(entry, after) > 0)
    const items = entries.slice(0, limit)
    const last = items.at(-1)
    return { items, ...(entries.length > limit && last !== undefined && { nextCursor: cursorText(last) }) }
  }
}

const sameInstant = 50

/** What leads to what, where both are of the same millisecond. */
const ranks: Readonly<Record<TimelineKind, number>> = {
  reading: 0,
  alert: 1,
  decision: 2,
  run: 3,
  gate: 4,
  revision: 5,
  rollout: 6,
  alias: 7,
  act: 8,
}

type Place = Pick<TimelineEntry, 'at' | 'kind' | 'id'>

function compare(a: Place, b: Place): number {
  if (a.at !== b.at) return a.at - b.at
  if (a.kind !== b.kind) return ranks[a.kind] - ranks[b.kind]
  // Numbers count up by length first.
  if (a.id.length !== b.id.length) return a.id.length - b.id.length
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

function cursorText({ at, kind, id }: Place): string {
  return JSON.stringify([at, kind, id])
}

function cursorOf(text: string): Place {
  try {
    const [at, kind, id]: unknown[] = JSON.parse(text)
    if (typeof at === 'number' && isKind(kind) && typeof id === 'string') return { at, kind, id }
  } catch {
    // Answered below.
  }
  throw new EsteiraError('invalid-request', 'The cursor is not one that a timeline gave.', {
    where: 'query.cursor',
    found: text,
  })
}

function isKind(kind: unknown): kind is TimelineKind {
  return typeof kind === 'string' && Object.hasOwn(ranks, kind)
}
