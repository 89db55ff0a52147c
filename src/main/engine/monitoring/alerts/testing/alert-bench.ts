/** Alerts over a home of their own, at a time that the test chooses. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EngineEvent } from '#shared/events.ts'
import type { Revision } from '#shared/models.ts'
import { EventBus } from '../../../kernel/events.ts'
import type { Logger } from '../../../kernel/logger.ts'
import { silentLogger } from '../../../kernel/logger.ts'
import { Store } from '../../../store/store.ts'
import { type AlertParts, createAlertParts } from '../alert-parts.ts'
import { monitorWith, readingAt } from './readings.ts'

export interface AlertBench {
  readonly parts: AlertParts
  readonly store: Store
  /** The project folder. */
  readonly folder: string
  readonly events: EngineEvent[]
  readonly revisions: Revision[]
  trusted: boolean
  /** Who has ended a rollout. */
  endedRollout: string
  now: number
  /** One reading after another, a second apart. */
  read(values: readonly (number | null)[], entry: Record<string, unknown>): void
  /** The alert that was raised last. */
  last(): ReturnType<AlertParts['alerts']['get']>
  close(): Promise<void>
}

export function openAlertBench({ path, logger = silentLogger }: { path?: string; logger?: Logger } = {}): AlertBench {
  const root = path ?? mkdtempSync(join(tmpdir(), 'esteira-alerts-'))
  const folder = join(root, 'project')
  mkdirSync(folder, { recursive: true })
  const store = Store.open(join(root, 'metadata.db'))
  const events: EngineEvent[] = []
  const revisions: Revision[] = []
  const bus = new EventBus((error) => {
    throw error
  })
  bus.subscribe((event) => events.push(event))
  const parts = createAlertParts({
    store,
    events: bus,
    clock: () => bench.now,
    logger,
    projects: { get: async () => ({ path: folder, trusted: bench.trusted }) },
    endpoints: {
      revisions: () => revisions,
      hasEndedRollout: (_, actor) => actor === bench.endedRollout,
      rollBack: async ({ endpoint, to, actor, reason }) => {
        const target = revisions.find(({ number }) => number === to)
        if (target === undefined) throw new Error('not in this test')
        const made = { ...target, endpoint, number: revisions.length + 1, createdAt: bench.now, actor, reason }
        revisions.unshift(made)
        return made
      },
    },
  })
  const bench: AlertBench = {
    parts,
    store,
    folder,
    events,
    revisions,
    trusted: true,
    endedRollout: '',
    now: 1_000_000,
    read(values, entry) {
      for (const value of values) {
        bench.now += 1_000
        parts.alerts.observe(readingAt(bench.now, value), monitorWith(entry))()
      }
    },
    last() {
      const [newest] = parts.alerts.list({ limit: 1, state: 'all' }).items
      return parts.alerts.get(newest?.id ?? '')
    },
    async close() {
      await parts.stop()
      store.close()
      if (path === undefined) rmSync(root, { recursive: true, force: true })
    },
  }
  return bench
}
