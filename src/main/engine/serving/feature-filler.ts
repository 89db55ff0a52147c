/** Fills the inputs that a request leaves out from the online store, by the entity that each row names. */
import { performance } from 'node:perf_hooks'
import type { FeatureManifest, RetrievedFeature } from '#shared/features.ts'
import type { Signature } from '#shared/models.ts'
import type { FeatureGap, FeatureRead, FeatureSummary, FeatureValue } from '#shared/online.ts'
import type { ColumnType } from '#shared/statistics.ts'
import { entityKey, keyTextOfJson } from '../features/online/entity-key.ts'
import { judge } from '../features/online/freshness.ts'
import type { OnlineReader, StoredValues } from '../features/online/online-reader.ts'
import { EsteiraError } from '../kernel/errors.ts'
import type { Steps } from '../kernel/turns.ts'
import { parseInstant } from '../training/preparation/dates.ts'

/** A row with what was filled in. */
export interface FilledRows {
  readonly rows: readonly unknown[]
  /** What each view had for each row: by row, only for the views of which the row left an input out. */
  readonly reads: readonly (readonly FeatureRead[])[]
  /** Of the views that were read, in the order of the manifest. */
  readonly summary: readonly FeatureSummary[]
  /** How long each look-up in the store took. */
  readonly readMs: readonly { readonly view: string; readonly ms: number }[]
}

/** Features that are found by one look-up. */
interface Group {
  readonly view: string
  readonly viewVersion: string
  readonly entity: RetrievedFeature['entity']
  readonly eventTime: string | null
  readonly ttlMs: number | null
  readonly features: readonly { readonly column: string; readonly feature: string }[]
  readonly renamed: Readonly<Record<string, string>> | undefined
}

export interface FillerParts {
  readonly manifest: FeatureManifest
  readonly signature: Signature
  readonly online: Pick<OnlineReader, 'findView' | 'read' | 'snapshot'>
  readonly projectId: string
}

type Row = Readonly<Record<string, unknown>>
type Found = { readonly values: StoredValues } | { readonly gap: FeatureGap }

/** Rows that are filled at once, from one moment of the store: about 2 ms. */
const stepRows = 100

export class FeatureFiller {
  /** The inputs that may be left out. */
  readonly columns: readonly string[]
  readonly #online: FillerParts['online']
  readonly #projectId: string
  readonly #groups: readonly Group[]
  readonly #inputs: ReadonlySet<string>
  /** Columns that name entity or time and that the model itself does not take. */
  readonly #helpers: readonly string[]

  constructor({ manifest, signature, online, projectId }: FillerParts) {
    this.#online = online
    this.#projectId = projectId
    this.#inputs = new Set(signature.inputs.map(({ name }) => name))
    const features = manifest.features.filter(({ column }) => this.#inputs.has(column))
    this.#groups = groupsOf(features)
    this.columns = features.map(({ column }) => column)
    const named = features.flatMap(({ entity, eventTime }) => [...entity.map(({ column }) => column), eventTime ?? ''])
    this.#helpers = [...new Set(named)].filter((name) => name !== '' && !this.#inputs.has(name))
  }

  /**
   * @param now the time that rows look at which do not name one
   * @throws EsteiraError `input-invalid` for a key or time that is not of its type
   */
  *fill(rows: readonly unknown[], now: number): Steps<FilledRows> {
    const filled: unknown[] = []
    const reads: FeatureRead[][] = []
    const readMs: { view: string; ms: number }[] = []
    for (let from = 0; from < rows.length; from += stepRows) {
      if (from > 0) yield
      const look = this.#lookUp(readMs)
      this.#online.snapshot(() => {
        for (const [index, row] of rows.slice(from, from + stepRows).entries()) {
          const one = isRow(row) ? this.#fillRow(row, from + index, now, look) : { row, reads: [] }
          filled.push(one.row)
          reads.push(one.reads)
        }
      })
    }
    return { rows: filled, reads, summary: summarise(reads), readMs }
  }

  #fillRow(row: Row, index: number, now: number, look: LookUp): { row: Row; reads: FeatureRead[] } {
    const values: Record<string, unknown> = { ...row }
    const reads: FeatureRead[] = []
    for (const group of this.#groups) {
      const missing = group.features.filter(({ column }) => fieldOf(row, column) === undefined)
      if (missing.length === 0) continue
      const read = this.#read(group, missing, { row, index, now }, look)
      for (const [column, value] of Object.entries(read.values)) setField(values, column, value)
      reads.push(read)
    }
    for (const name of this.#helpers) if (Object.hasOwn(values, name)) Reflect.deleteProperty(values, name)
    return { row: values, reads }
  }

  #read(
    group: Group,
    missing: Group['features'],
    { row, index, now }: { row: Row; index: number; now: number },
    look: LookUp,
  ): FeatureRead {
    const asOf = this.#timeOf(group, row, index) ?? now
    const found = this.#find(group, row, index, look)
    const stored = 'values' in found ? found.values : undefined
    const { status, gap, ageMs } = judge(stored, asOf, group.ttlMs)
    const usable = status === 'fresh' ? stored : undefined
    const values = missing.map(({ column, feature }) => {
      const at = usable?.features.indexOf(feature) ?? -1
      return [column, at < 0 ? null : (usable?.values[at] ?? null)] as const
    })
    return {
      view: group.view,
      viewVersion: group.viewVersion,
      entity: Object.fromEntries(group.entity.map(({ key, column }) => [key, shownKey(fieldOf(row, column))])),
      status,
      gap: 'gap' in found ? found.gap : gap,
      asOf,
      eventTime: stored?.eventTime ?? null,
      knownAt: stored?.knownAt ?? null,
      ageMs,
      values: Object.fromEntries(values),
      ...(group.renamed !== undefined && { renamed: group.renamed }),
    }
  }

  #find(group: Group, row: Row, index: number, look: LookUp): Found {
    const { projectId, keys } = { projectId: this.#projectId, keys: group.entity }
    if (keys.some(({ column }) => fieldOf(row, column) === undefined)) return { gap: 'no-key' }
    const view = this.#online.findView({ projectId, view: group.view, version: group.viewVersion })
    if (view === undefined) return { gap: 'not-materialized' }
    const texts: string[] = []
    for (const { name, type } of view.keys) {
      const column = keys.find(({ key }) => key === name)?.column ?? name
      const text = keyTextOfJson(fieldOf(row, column), type, parseInstant)
      if (text === undefined) {
        this.#refuse(index, column, row, type)
        return { gap: 'no-key' }
      }
      texts.push(text)
    }
    const values = look(group, view.id, entityKey(texts))
    return values === undefined ? { gap: 'unknown-entity' } : { values }
  }

  /** Each entity is looked up once in a slice, however many rows name it. */
  #lookUp(readMs: { view: string; ms: number }[]): LookUp {
    const seen = new Map<string, StoredValues | undefined>()
    return ({ view }, viewId, entity) => {
      const key = `${viewId} ${entity}`
      if (seen.has(key)) return seen.get(key)
      const startedAt = performance.now()
      const values = this.#online.read(viewId, entity)
      readMs.push({ view, ms: performance.now() - startedAt })
      seen.set(key, values)
      return values
    }
  }

  #timeOf({ eventTime }: Group, row: Row, index: number): number | undefined {
    const value = eventTime === null ? undefined : fieldOf(row, eventTime)
    if (eventTime === null || value === undefined) return undefined
    const instant = typeof value === 'string' ? parseInstant(value) : Number(value)
    if (typeof value === 'object' || !Number.isFinite(instant)) {
      this.#refuse(index, eventTime, row, 'timestamp')
      return undefined
    }
    return Math.floor(instant)
  }

  /** What is an input of the model too is left to the check of all inputs, which names every problem at once. */
  #refuse(index: number, column: string, row: Row, type: ColumnType): void {
    if (this.#inputs.has(column)) return
    throw new EsteiraError('input-invalid', `The column "${column}", by which features are looked up, is not valid.`, {
      where: `rows[${index}].${column}`,
      found: String(shownKey(fieldOf(row, column))).slice(0, 100),
      allowed: `a value of type ${type}`,
    })
  }
}

type LookUp = (group: Group, viewId: number, entity: string) => StoredValues | undefined

function groupsOf(features: readonly RetrievedFeature[]): Group[] {
  const groups = new Map<string, Omit<Group, 'renamed'> & { features: { column: string; feature: string }[] }>()
  for (const { column, feature, ...lookUp } of features) {
    const key = JSON.stringify([lookUp.view, lookUp.viewVersion, lookUp.entity, lookUp.eventTime])
    const group = groups.get(key) ?? { ...lookUp, features: [] }
    group.features.push({ column, feature })
    groups.set(key, group)
  }
  return [...groups.values()].map((group) => ({ ...group, renamed: renamedIn(group.features) }))
}

function renamedIn(features: Group['features']): Record<string, string> | undefined {
  const other = features.filter(({ column, feature }) => column !== feature)
  return other.length === 0
    ? undefined
    : Object.fromEntries(other.map(({ column, feature }) => [column, feature] as const))
}

function summarise(rows: readonly (readonly FeatureRead[])[]): FeatureSummary[] {
  const views = new Map<string, { view: string; fresh: number; stale: number; missing: number }>()
  for (const reads of rows) {
    for (const { view, status } of reads) {
      const counts = views.get(view) ?? { view, fresh: 0, stale: 0, missing: 0 }
      counts[status]++
      views.set(view, counts)
    }
  }
  return [...views.values()]
}

function isRow(row: unknown): row is Row {
  return typeof row === 'object' && row !== null && !Array.isArray(row)
}

/** Undefined for null, absent and inherited fields. */
function fieldOf(row: Row, name: string): unknown {
  return Object.hasOwn(row, name) ? (row[name] ?? undefined) : undefined
}

/** Also for a column that is called `__proto__`. */
function setField(row: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(row, name, { value, enumerable: true, configurable: true, writable: true })
}

function shownKey(value: unknown): FeatureValue {
  if (typeof value === 'string') return value.slice(0, 1_000)
  return typeof value === 'number' || typeof value === 'boolean' ? value : null
}
