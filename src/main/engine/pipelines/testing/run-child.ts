/** A process that carries one run of the pipeline "p" in the workbench folder given, from its start or from where it was left. */
import { openWorkbench } from './workbench.ts'

const [path = ''] = process.argv.slice(2)
const bench = await openWorkbench({ path })
const [known] = bench.runs.list({ limit: 1 }).items
const id = known?.id ?? (await bench.start('p')).id
if (known !== undefined) await bench.runs.resume()
console.log('under way')
await bench.runs.ended(id)
await bench.stop()
