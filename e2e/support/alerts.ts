/** Alerts as readings raise them, stored while no engine serves the home. */
import { alertRuleSpecSchema } from '#shared/alert-rules.ts'
import type { Reading } from '#shared/monitors.ts'
import { EventBus } from '../../src/main/engine/kernel/events.ts'
import { createHome } from '../../src/main/engine/kernel/home.ts'
import { silentLogger } from '../../src/main/engine/kernel/logger.ts'
import { createAlertParts } from '../../src/main/engine/monitoring/alerts/alert-parts.ts'
import { readingAt } from '../../src/main/engine/monitoring/alerts/testing/readings.ts'
import { Store } from '../../src/main/engine/store/store.ts'
import type { TestEngine } from './engine.ts'
import { addSample } from './seed.ts'

const minuteMs = 60_000

interface StoredAlerts {
  /** So many beside the two below. */
  readonly more?: number
  /** False: they are for the desktop alone, so that nothing is heard of them once they are stored. */
  readonly webhook?: boolean
}

/** The sample with alerts of the model behind its endpoint; the answer is its project. */
export async function storeAlerts(
  engine: TestEngine,
  of: Pick<Reading, 'model' | 'version'>,
  stored: StoredAlerts = {},
): Promise<string> {
  const { id } = await addSample(engine)
  await engine.kill()
  insertAlerts(engine.home, id, { monitor: 'flight-delay', endpoint: 'flight-delay', ...of }, stored)
  await engine.startAgain()
  return id
}

/** One check is critical and open, one was a warning and is over; who is told of the first is a webhook that is not there yet. */
function insertAlerts(
  homePath: string,
  projectId: string,
  of: Partial<Reading>,
  { more = 0, webhook = true }: StoredAlerts,
): void {
  const store = Store.open(createHome(homePath).databasePath)
  let now = Date.now() - (60 + 2 * more) * minuteMs
  try {
    const { alerts } = createAlertParts({
      store,
      projects: { get: () => Promise.reject(new Error('nothing is delivered here')) },
      endpoints: {
        revisions: () => [],
        hasEndedRollout: () => false,
        rollBack: () => Promise.reject(new Error('nothing is rolled back here')),
      },
      events: new EventBus(() => undefined),
      clock: () => now,
      logger: silentLogger,
    })
    const notify = ['desktop', ...(webhook ? [{ webhook: 'ops', severity: 'critical' }] : [])]
    const entry = alertRuleSpecSchema.parse({ notify })
    const read = (check: string, values: readonly number[]) => {
      for (const value of values) {
        now += minuteMs
        const reading = readingAt(now, value, { ...of, projectId, check, id: `${check}${now}` })
        alerts.observe(reading, { alerts: [entry] })()
      }
    }
    for (let each = 1; each <= more; each++) read(`drift-${each}`, [0.59, 0.58])
    read('auc-by-origin', [0.59, 0.58, 0.7, 0.7, 0.7])
    read('auc', [0.59, 0.58, 0.52, 0.51])
  } finally {
    store.close()
  }
}
