import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import type { Clock } from '../kernel/clock.ts'
import type { EventBus } from '../kernel/events.ts'
import type { StepIdentity, StepServices } from './component.ts'
import type { Catalogue } from './planner.ts'
import type { RunRecords } from './run-records.ts'
import type { RunStore } from './run-store.ts'
import type { StepPool } from './step-pool.ts'

/** What every run shares. */
export interface ExecutionContext {
  readonly runs: RunStore
  readonly records: RunRecords
  readonly artifacts: ArtifactStore
  readonly pool: StepPool
  readonly catalogue: Catalogue
  readonly events: EventBus
  readonly clock: Clock
  /** Folder for the files of steps under way, on the same disk as the artifacts. */
  readonly workRoot: string
  /** What a given step may ask of the engine. */
  readonly servicesFor: (identity: StepIdentity) => StepServices
  /** False: what the steps give is not kept for later runs. Default: true. */
  readonly fillsCache?: boolean
}
