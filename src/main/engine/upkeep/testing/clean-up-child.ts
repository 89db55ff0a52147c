/** A process that cleans up the home of the workbench folder given: keeps the runs of the last ten days and no cache. */
import { join } from 'node:path'
import { homeAt } from '../../kernel/home.ts'
import { silentLogger } from '../../kernel/logger.ts'
import { killMyselfAfter } from '../../pipelines/testing/self-kill.ts'
import { Store } from '../../store/store.ts'
import { cleanUp } from '../clean-up.ts'
import { restoreTrash } from '../stored-files.ts'
import { dayMs } from './aging.ts'

const [path = '', dieAfterRuns = '', dieAfterMs = ''] = process.argv.slice(2)
const home = homeAt(join(path, 'home'))
restoreTrash(home)
const store = Store.open(home.databasePath)
killMyselfAfter(dieAfterMs)
await cleanUp(
  {
    store,
    home,
    clock: Date.now,
    logger: silentLogger,
    signal: new AbortController().signal,
    onProgress: (removedRuns) => {
      if (String(removedRuns) === dieAfterRuns) process.kill(process.pid, 'SIGKILL')
    },
  },
  { endedBefore: Date.now() - 10 * dayMs, maxCacheBytes: 0 },
)
store.close()
