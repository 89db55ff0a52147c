/** Monitors of one project over a real store and request log, at a time that the test chooses. No model answers. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EngineEvent } from '#shared/events.ts'
import type { Endpoint } from '#shared/models.ts'
import type { Reading } from '#shared/monitors.ts'
import type { Clock } from '../../kernel/clock.ts'
import { EventBus } from '../../kernel/events.ts'
import { silentLogger } from '../../kernel/logger.ts'
import type { Store } from '../../store/store.ts'
import { createMonitors } from '../monitoring-parts.ts'
import type { Monitors } from '../monitors.ts'

/** When the endpoint was made. */
export const start = Date.parse('2021-03-01T00:00:00Z')

const file = `name: watch
endpoint: flights
window: 1h
minRows: 1
checks:
  traffic: { kind: traffic, warning: { below: 1 } }
  drift: { kind: drift, against: previous }
`

/** Two checks every hour. */
export function writeMonitor(folder: string): void {
  mkdirSync(join(folder, 'monitors'))
  writeFileSync(join(folder, 'monitors', 'watch.yaml'), file)
}

export interface MonitorBench {
  readonly clock: Clock
  readonly onEvent?: (event: EngineEvent) => void
  /** In the transaction that stores it. */
  readonly onReading?: (reading: Reading) => void
}

export function openMonitors(folder: string, store: Store, { clock, onEvent, onReading }: MonitorBench): Monitors {
  const endpoint: Endpoint = {
    ...{ name: 'flights', projectId: 'p1', createdAt: start, revision: null, state: 'empty', url: null },
  }
  const project = { id: 'p1', name: 'p', description: '', path: folder, trusted: true, addedAt: 0, available: true }
  const described = { ...project, pipelines: [], datasets: [] }
  const events = new EventBus((error) => {
    throw error
  })
  if (onEvent !== undefined) events.subscribe(onEvent)
  const notHere = () => Promise.reject(new Error('not in this test'))
  return createMonitors(
    { requestsPath: join(folder, 'requests'), workPath: join(folder, 'work') },
    {
      store,
      endpoints: { find: () => endpoint, list: () => [endpoint] },
      registry: {
        getVersion: () => {
          throw new Error('not in this test')
        },
      },
      artifacts: { files: notHere },
      evaluationOf: async () => null,
      requests: { scoreWindow: notHere, performance: notHere },
      projects: { list: async () => [described], get: async () => described, folder: () => folder },
      alerts: {
        observe(reading) {
          onReading?.(reading)
          return () => undefined
        },
        forgetGone: () => undefined,
      },
      events,
      clock,
      logger: silentLogger,
    },
  )
}
