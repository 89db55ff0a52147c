/** A scheduler over a workbench, at a time that the test chooses. */
import { join } from 'node:path'
import type { EngineEvent } from '#shared/events.ts'
import type { Clock } from '../../kernel/clock.ts'
import { EventBus } from '../../kernel/events.ts'
import { silentLogger } from '../../kernel/logger.ts'
import type { Workbench } from '../../pipelines/testing/workbench.ts'
import type { MonitorReadings } from '../latest-readings.ts'
import type { Champions, OpenAlerts } from '../observer.ts'
import type { Scheduler } from '../scheduler.ts'
import { createScheduler } from '../trigger-parts.ts'

export const noChampions: Champions = {
  champion: () => undefined,
  files: () => Promise.reject(new Error('not in this test')),
  importance: async () => null,
}

export const noMonitors: MonitorReadings = {
  get: () => Promise.reject(new Error('not in this test')),
}

export interface SchedulerBench {
  readonly clock: Clock
  readonly champions?: Champions
  readonly alerts?: OpenAlerts
  readonly readings?: MonitorReadings
  readonly onEvent?: (event: EngineEvent) => void
}

export function schedulerOver(
  bench: Workbench,
  {
    clock,
    champions = noChampions,
    alerts = { openOfMonitor: () => [] },
    readings = noMonitors,
    onEvent,
  }: SchedulerBench,
): Scheduler {
  const events = new EventBus((error) => {
    throw error
  })
  if (onEvent !== undefined) events.subscribe(onEvent)
  const { projects, runs, store } = bench
  return createScheduler(join(bench.path, 'home', 'work'), {
    store,
    projects,
    runs,
    champions,
    alerts,
    readings,
    events,
    clock,
    logger: silentLogger,
  })
}
