/** What the engine and a step thread say to each other. */
import type { Problem } from '#shared/errors.ts'
import type { Artifact, ArtifactType, Json, LogLine } from '#shared/runs.ts'
import type { StepProject, StepServices } from './component.ts'

export interface JobInput {
  readonly type: ArtifactType
  readonly hash: string
  readonly step: string
  readonly files: Artifact['files']
}

/** One attempt at a step. */
export interface StepJob {
  readonly component: string
  readonly options: Readonly<Record<string, Json>>
  readonly inputs: Readonly<Record<string, readonly JobInput[]>>
  readonly project: StepProject
  readonly run: { readonly id: string; readonly pipeline: string; readonly step: string }
  readonly seed: number
  /** The folder of the content-addressed files. */
  readonly artifactRoot: string
  /** A folder of this attempt's own, on the same disk; removed at the end. */
  readonly workPath: string
}

export type ServiceName = keyof StepServices

export type ToThread =
  | { readonly kind: 'run'; readonly job: StepJob }
  /** Asks for the hashes of the files outside the store that the step reads. */
  | { readonly kind: 'hash-sources'; readonly job: StepJob }
  | { readonly kind: 'cancel'; readonly problem: Problem }
  | { readonly kind: 'service-result'; readonly call: number; readonly result: unknown }
  | { readonly kind: 'service-error'; readonly call: number; readonly problem: Problem }

export interface SourceHash {
  /** Relative to the project folder, with "/" between folders. */
  readonly path: string
  readonly sha256: string
}

export type StepOutcome =
  | {
      readonly kind: 'succeeded'
      readonly outputs: Readonly<Record<string, Artifact>>
      readonly values: Readonly<Record<string, Json>>
    }
  | { readonly kind: 'skipped'; readonly reason: string; readonly values: Readonly<Record<string, Json>> }
  | {
      readonly kind: 'failed'
      readonly problem: Problem
      /** What the step kept although it failed (see `StopStep`). */
      readonly kept?: {
        readonly outputs: Readonly<Record<string, Artifact>>
        readonly values: Readonly<Record<string, Json>>
      }
    }

export type StepReport =
  | { readonly kind: 'log'; readonly at: number; readonly level: LogLine['level']; readonly text: string }
  | { readonly kind: 'progress'; readonly fraction: number; readonly message: string | null }
  | {
      readonly kind: 'metric'
      readonly at: number
      readonly name: string
      readonly index: number
      readonly value: number
    }

export type FromThread =
  | { readonly kind: 'outcome'; readonly outcome: StepOutcome }
  | { readonly kind: 'sources'; readonly sources: readonly SourceHash[] }
  | { readonly kind: 'report'; readonly report: StepReport }
  | { readonly kind: 'service-call'; readonly call: number; readonly service: ServiceName; readonly request: unknown }
