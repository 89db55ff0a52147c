/**
 * A process that looks at the triggers of the workbench folder given, at a time given, and follows the runs that are
 * under way to their end.
 */
import { killMyselfAfter } from '../../pipelines/testing/self-kill.ts'
import { openWorkbench } from '../../pipelines/testing/workbench.ts'
import { schedulerOver } from './scheduler.ts'

const [path = '', now = '', dieAfterMs = ''] = process.argv.slice(2)
killMyselfAfter(dieAfterMs)
const bench = await openWorkbench({ path })
const { runs } = bench
const scheduler = schedulerOver(bench, { clock: () => Number(now) })
await runs.resume()
await scheduler.lookThrough()
for (const { id } of runs.list({ limit: 100 }).items) await runs.ended(id)
await scheduler.stop()
await bench.stop()
