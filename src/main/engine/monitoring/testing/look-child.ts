/** A process that makes the planned looks of many hours one after the other, over the database and the folder given. */
import { join } from 'node:path'
import { Store } from '../../store/store.ts'
import { hourMs } from '../looks/windows.ts'
import { openMonitors, start } from './monitor-bench.ts'

const [folder = '', hours = '', milliseconds = ''] = process.argv.slice(2)
const store = Store.open(join(folder, 'home', 'metadata.db'))
let now = start
const monitors = openMonitors(folder, store, { clock: () => now })
if (milliseconds !== '') setTimeout(() => process.kill(process.pid, 'SIGKILL'), Number(milliseconds))
for (let hour = 1; hour <= Number(hours); hour++) {
  now = start + hour * hourMs
  await monitors.lookAtDue()
}
await monitors.stop()
store.close()
