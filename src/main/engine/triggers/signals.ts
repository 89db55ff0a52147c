/** What is seen of the world when a decision is taken. Plain data: gathered by the observer, read by the deciding functions. */
import type { AlertReading } from '#shared/alerts.ts'
import type { ConditionEvidence } from '#shared/triggers.ts'

/** A thing that was looked at, or why it could not be; undefined: not looked at yet. */
export type Seen<Value> = { readonly value: Value } | { readonly problem: string } | undefined

/** The files of a dataset, without a look inside. */
export interface FilesState {
  /** Differs when the files differ; `none` where there are none. */
  readonly key: string
  /** When they were last seen to change. */
  readonly changedAt: number
  /** Relative to the project, each with what it is known by. */
  readonly files: Readonly<Record<string, string>>
}

/** The rows of a dataset. */
export interface DataMeasure {
  readonly rows: number
  /** Null without a time column, or without rows that have a time. */
  readonly time: TimeMeasure | null
}

export interface TimeMeasure {
  readonly min: string
  /** The first instant after the newest row. */
  readonly end: string
  /** Rows by day, `YYYY-MM-DD`: those before the instant that was asked about, and the others. */
  readonly before: Readonly<Record<string, number>>
  readonly fresh: Readonly<Record<string, number>>
}

export type RunState = 'under-way' | 'succeeded' | 'failed'

export interface NewDataSignal {
  readonly kind: 'new-data'
  readonly files: Seen<FilesState>
  /** Of the run that got the rows last. */
  readonly offeredRun: RunState | null
  readonly measured: Seen<DataMeasure>
}

interface RowsSeen {
  readonly rows: number
  readonly from: string | null
  readonly to: string | null
}
export interface PerformanceMeasure extends RowsSeen {
  readonly value: number | null
}
export interface DriftMeasurement extends RowsSeen {
  readonly value: number | null
  readonly columns: readonly { readonly column: string; readonly value: number }[]
}

/** Of a champion on the newest rows. `key` says which champion and which rows. */
export interface ModelSignal<Kind extends 'performance' | 'drift', Measure> {
  readonly kind: Kind
  /** Null where there is no champion yet. */
  readonly champion: { readonly version: number; readonly key: string } | null
  readonly measured: Seen<Measure>
}

export interface AfterSignal {
  readonly kind: 'after'
  /** Null where there is no such project. Newest first, and at least all that ended since the memory's `since`. */
  readonly successes: readonly { readonly id: string; readonly finishedAt: number }[] | null
}

export interface OpenAlert {
  readonly id: string
  readonly check: string
  readonly severity: 'warning' | 'critical'
  readonly raisedAt: number
  readonly reason: string
  readonly reading?: AlertReading
}

export interface AlertSignal {
  readonly kind: 'alert'
  /** Of the monitor, oldest first. */
  readonly open: readonly OpenAlert[]
}

/** What a monitor last read. */
export interface ReadingSignal {
  readonly kind: 'reading'
  /** The newest of each check that the condition is about. */
  readonly latest: Exclude<Seen<readonly SeenReading[]>, undefined>
}

export type SeenReading = NonNullable<Extract<ConditionEvidence, { kind: 'reading' }>['reading']>

export type LeafSignal =
  | NewDataSignal
  | ModelSignal<'performance', PerformanceMeasure>
  | ModelSignal<'drift', DriftMeasurement>
  | AfterSignal
  | AlertSignal
  | ReadingSignal

export interface Signals {
  /** By `leafKey`; schedules need none. */
  readonly leaves: ReadonlyMap<string, LeafSignal>
  /** A run of the pipeline that goes on. */
  readonly underWay: string | null
  /** When the trigger last started a run. */
  readonly lastAt: number | null
  /** What runs of the trigger used since an instant. */
  readonly usedSince: (since: number) => { readonly runs: number; readonly minutes: number }
}
