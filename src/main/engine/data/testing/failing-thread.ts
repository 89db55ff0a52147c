/** For tests: the explorer thread, where some SQL crashes it, or keeps it from answering for a while. */
import { parentPort } from 'node:worker_threads'

parentPort?.on('message', (message: unknown) => {
  const text = JSON.stringify(message)
  if (text.includes('crash now')) {
    setImmediate(() => {
      throw new Error('crash')
    })
  }
  const until = text.includes('hang now') ? performance.now() + 2_000 : 0
  while (performance.now() < until);
})

await import('../explorer-thread.ts')
