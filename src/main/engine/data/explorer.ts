/** The engine's way to look into data: questions go to one thread, whose work never holds up the engine. */
import { AskedThread, type AskedThreadOptions } from '../kernel/asked-thread.ts'
import type { ExplorerSettings, ExplorerTasks } from './explorer-tasks.ts'

type ExplorerTask = keyof ExplorerTasks

export interface ExplorerOptions
  extends ExplorerSettings,
    Pick<AskedThreadOptions<ExplorerTask>, 'timeoutMs' | 'graceMs' | 'idleMs'> {
  readonly threadUrl?: URL
}

/** Nobody looks on while a file is sketched, and it is done but once. */
const patience = new Map<ExplorerTask, number>([['sketch', 3_600_000]])

export class Explorer extends AskedThread<ExplorerTasks> {
  constructor({ cachePath, cacheBytes, scratchPath, memoryLimitMb, threadUrl, ...limits }: ExplorerOptions) {
    const settings: ExplorerSettings = { cachePath, cacheBytes, scratchPath, memoryLimitMb }
    super({
      name: 'explorer',
      threadUrl: threadUrl ?? new URL('./explorer-thread.ts', import.meta.url),
      workerData: settings,
      patience,
      ...limits,
    })
  }
}
