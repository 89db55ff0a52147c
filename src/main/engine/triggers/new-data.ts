/** Which rows of a dataset no run was given yet. Pure. */
import type { ConditionEvidence, LeafCondition } from '#shared/triggers.ts'
import type { MemoryOf, Snapshot } from './memory.ts'
import type { DataMeasure, FilesState, NewDataSignal } from './signals.ts'

/** Rows that come later than so many days after newer ones were trained on are not noticed. */
const rememberedDays = 400
const shownFiles = 20

export interface NewRows {
  readonly rows: number
  readonly lateRows: number
  /** With a time column: the span of the new rows, the end not in it. */
  readonly from: string | null
  readonly to: string | null
  readonly files: string[]
  /** The dataset as it is now. */
  readonly snapshot: Snapshot
}

/** Up to where rows count as trained on: a run that failed has trained on nothing. Null until the dataset was looked at. */
export function baselineOf(memory: MemoryOf<'new-data'>, offeredRun: NewDataSignal['offeredRun']): Snapshot | null {
  const { trained, offered } = memory
  return offered !== null && offeredRun !== 'failed' ? offered.snapshot : trained
}

export function snapshotOf(files: FilesState, measure: DataMeasure): Snapshot {
  const { rows, time } = measure
  const days = time === null ? {} : newestDays(sumDays(time.before, time.fresh))
  return { key: files.key, rows, end: time?.end ?? null, days, files: time === null ? { ...files.files } : {} }
}

/** @param measure taken with the end of the baseline as the instant asked about */
export function newRowsOf(baseline: Snapshot, files: FilesState, measure: DataMeasure): NewRows {
  const { time } = measure
  // Rows may be gone: what was given to a run stays given.
  const snapshot = keepEnd(snapshotOf(files, measure), baseline)
  const changed = Object.entries(files.files)
    .filter(([path, known]) => baseline.files[path] !== known)
    .map(([path]) => path)
  if (time === null) {
    // A file that was written anew, with as many rows as before, holds new rows as well.
    const rows = changed.length === 0 ? 0 : Math.max(measure.rows - baseline.rows, 0)
    return { rows, lateRows: 0, from: null, to: null, files: changed.slice(0, shownFiles), snapshot }
  }
  const late = lateDays(baseline, time.before)
  const fresh = Object.values(time.fresh).reduce((sum, count) => sum + count, 0)
  const [firstLate] = late.map(({ day }) => day).sort()
  const lateRows = late.reduce((sum, { rows }) => sum + rows, 0)
  return {
    rows: fresh + lateRows,
    lateRows,
    // Which rows of a day are late cannot be told: the day is given whole.
    from: firstLate ?? baseline.end ?? time.min,
    to: snapshot.end,
    files: [],
    snapshot,
  }
}

function keepEnd(now: Snapshot, baseline: Snapshot): Snapshot {
  const end = baseline.end !== null && (now.end === null || now.end < baseline.end) ? baseline.end : now.end
  return { ...now, end }
}

/** Days of which more rows are there than were trained on. */
function lateDays(baseline: Snapshot, before: Readonly<Record<string, number>>): { day: string; rows: number }[] {
  const [oldest] = Object.keys(baseline.days).sort()
  return Object.entries(before)
    .filter(([day]) => oldest === undefined || Object.keys(baseline.days).length < rememberedDays || day >= oldest)
    .map(([day, rows]) => ({ day, rows: rows - (baseline.days[day] ?? 0) }))
    .filter(({ rows }) => rows > 0)
}

function sumDays(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> {
  const days = new Set([...Object.keys(a), ...Object.keys(b)])
  return Object.fromEntries([...days].map((day) => [day, (a[day] ?? 0) + (b[day] ?? 0)]))
}

function newestDays(days: Record<string, number>): Record<string, number> {
  const sorted = Object.entries(days).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(sorted.slice(-rememberedDays))
}

type NewDataEvidence = Extract<ConditionEvidence, { kind: 'new-data' }>

export function newDataEvidence(
  leaf: Extract<LeafCondition, { kind: 'new-data' }>,
  reason: NewDataEvidence['reason'],
  found: Partial<Pick<NewDataEvidence, 'rows' | 'lateRows' | 'from' | 'to' | 'files' | 'problem'>> = {},
): NewDataEvidence {
  return {
    kind: 'new-data',
    met: reason === 'enough',
    dataset: leaf.dataset,
    minRows: leaf.minRows,
    rows: null,
    lateRows: 0,
    from: null,
    to: null,
    files: [],
    problem: null,
    ...found,
    reason,
  }
}
