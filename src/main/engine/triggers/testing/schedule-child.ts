/**
 * A process that looks at the schedules of the workbench folder given, at a time given, and follows the runs that are
 * under way to their end.
 */

import { EventBus } from '../../kernel/events.ts'
import { silentLogger } from '../../kernel/logger.ts'
import { killMyselfAfter } from '../../pipelines/testing/self-kill.ts'
import { openWorkbench } from '../../pipelines/testing/workbench.ts'
import { Scheduler } from '../scheduler.ts'
import { TriggerStore } from '../trigger-store.ts'

const [path = '', now = '', dieAfterMs = ''] = process.argv.slice(2)
killMyselfAfter(dieAfterMs)
const bench = await openWorkbench({ path })
const { projects, runs, store } = bench
const scheduler = new Scheduler({
  triggers: new TriggerStore(store),
  projects,
  runs,
  events: new EventBus((error) => console.error(error)),
  clock: () => Number(now),
  logger: silentLogger,
})
await runs.resume()
await scheduler.look()
for (const { id } of runs.list({ limit: 100 }).items) await runs.ended(id)
await scheduler.stop()
await bench.stop()
