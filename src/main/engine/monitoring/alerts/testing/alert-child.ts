/**
 * A process that takes in a few readings which raise and clear an alert, tells a webhook of it, and waits until nothing is
 * left to be told. Arguments: folder, time, and when it kills itself. Prints how long it worked, in milliseconds.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { killMyselfAfter } from '../../../pipelines/testing/self-kill.ts'
import { openAlertBench } from './alert-bench.ts'

const [path = '', now = '', dieAfterMs = ''] = process.argv.slice(2)
const bench = openAlertBench({ path })
bench.now = Number(now)
const started = performance.now()
killMyselfAfter(dieAfterMs)
bench.parts.start()
for (const value of [0.5, 0.5, 0.7, 0.7, 0.7]) {
  bench.read([value], { notify: [{ webhook: 'ops' }] })
  await wait(2)
}
const pending = () =>
  bench.parts.alerts.list({ limit: 1_000, state: 'all' }).items.some(({ deliveries }) => deliveries.pending > 0)
while (pending()) {
  // Nothing waits long here: the clock of the test goes on by itself.
  bench.now += 60_000
  bench.parts.deliverer.wake()
  await wait(5)
}
await bench.close()
process.stdout.write(String(performance.now() - started))
