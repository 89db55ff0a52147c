/** What decides that runs start by themselves, put together for an engine. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Importance } from '#shared/models.ts'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import type { Clock } from '../kernel/clock.ts'
import type { EventBus } from '../kernel/events.ts'
import type { Logger } from '../kernel/logger.ts'
import type { Projects } from '../pipelines/projects.ts'
import type { Runs } from '../pipelines/runs.ts'
import type { Registry } from '../registry/registry.ts'
import type { Store } from '../store/store.ts'
import { DatasetFiles } from './dataset-state.ts'
import type { MonitorReadings } from './latest-readings.ts'
import { Measurer } from './measure/measurer.ts'
import { type Champions, Observer, type OpenAlerts } from './observer.ts'
import { Scheduler } from './scheduler.ts'
import { TriggerRuns } from './trigger-runs.ts'
import { TriggerStore } from './trigger-store.ts'

export interface TriggerPartsNeeded {
  readonly store: Store
  readonly projects: Pick<Projects, 'open' | 'list'>
  readonly runs: Pick<Runs, 'start' | 'get'>
  readonly champions: Champions
  readonly alerts: OpenAlerts
  readonly readings: MonitorReadings
  readonly events: EventBus
  readonly clock: Clock
  readonly logger: Logger
}

/** @param workPath of work under way, which is emptied at every start */
export function createScheduler(workPath: string, needed: TriggerPartsNeeded): Scheduler {
  const { store, clock } = needed
  const scratchRoot = join(workPath, 'triggers')
  mkdirSync(scratchRoot, { recursive: true })
  const triggers = new TriggerStore(store)
  const measurer = new Measurer(scratchRoot)
  const observer = new Observer({
    ...needed,
    triggers,
    measurer,
    triggerRuns: new TriggerRuns(store),
    files: new DatasetFiles(clock),
  })
  return new Scheduler({ ...needed, triggers, observer, closeMeasurer: () => measurer.close() })
}

interface Evaluated {
  readonly evaluation: { readonly content: { readonly importance?: Importance | undefined } } | null
}

/** Champions of the registry. @param details of a version, with its evaluation */
export function registryChampions(
  registry: Pick<Registry, 'tryResolve'>,
  artifacts: Pick<ArtifactStore, 'files'>,
  details: (model: string, version: number) => Promise<Evaluated>,
): Champions {
  return {
    champion: (model) => registry.tryResolve(`${model}@champion`),
    files: (artifactHash) => artifacts.files(artifactHash),
    async importance(model, version) {
      const { evaluation } = await details(model, version)
      return evaluation?.content.importance?.inputs ?? null
    },
  }
}
