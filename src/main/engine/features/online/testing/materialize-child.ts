/**
 * A process that materialises the readings of the folder given and kills itself: once this share of the entities is written, or
 * after so many milliseconds; empty: never. Says its report as JSON.
 */
import { readingsView, testProject } from './readings.ts'

const [root = '', dieAfterShare = '', dieAfterMs = ''] = process.argv.slice(2)
if (dieAfterMs !== '') setTimeout(() => process.kill(process.pid, 'SIGKILL'), Number(dieAfterMs)).unref()
const project = testProject({ root })
const report = await project.materialize(readingsView(), {
  onProgress: (fraction) => {
    if (dieAfterShare !== '' && fraction >= Number(dieAfterShare)) process.kill(process.pid, 'SIGKILL')
  },
})
process.stdout.write(JSON.stringify(report))
