/** What the looking thread is asked, and what it answers. Structured clones: no functions. */
import type { Problem } from '#shared/errors.ts'
import type { Importance, Signature } from '#shared/models.ts'
import type { MonitorCheck } from '#shared/monitors.ts'
import type { Outcome } from '../checks/outcome.ts'
import type { Span } from './windows.ts'

/** A check that the thread can answer, and what it looks at. */
export interface AskedCheck {
  readonly check: MonitorCheck
  readonly window: Span
}

/** The version that answers, as what is stored of it. */
export interface JudgedVersion {
  readonly model: string
  readonly version: number
  readonly signature: Signature
  /** The files of its package by name. */
  readonly package: ReadonlyMap<string, string>
  /** Of the artifact of its evaluation; null where there is none. */
  readonly evaluation: ReadonlyMap<string, string> | null
  readonly importance: Importance['inputs'] | null
}

/** The sketches of the inputs and predictions that one revision answered in one hour, column by column as they are stored. */
export interface HourSketch {
  readonly revision: number
  /** Where the hour begins. */
  readonly hour: number
  readonly rows: number
  readonly columns: readonly string[]
}

export interface LookQuestion {
  readonly endpoint: string
  /** Of the request log. */
  readonly logPath: string
  /** Absolute path of the project. */
  readonly folder: string
  readonly checks: readonly AskedCheck[]
  /** Null where nothing answers. */
  readonly version: JudgedVersion | null
  /** Hours that are known already. */
  readonly known: readonly HourSketch[]
  /** Hours that end after this may still get rows, and are not kept. */
  readonly settledUntil: number
}

export interface LookAnswer {
  /** In the order of the checks. */
  readonly outcomes: readonly Outcome[]
  /** Hours that were sketched and can be kept. */
  readonly hours: readonly HourSketch[]
}

/** `workerData` of the thread. */
export interface LookWork {
  readonly question: LookQuestion
  /** For temporary copies; made and removed by the thread. */
  readonly scratchRoot: string
}

export type LookReply = { readonly done: number } | { readonly output: LookAnswer } | { readonly problem: Problem }
