/** A model host that works, and dies in the middle of a call whose first value is above 1,000: for tests. */
import { parentPort } from 'node:worker_threads'

parentPort?.postMessage({ kind: 'ready' })
parentPort?.on('message', ({ id, feeds }: { id: number; feeds: Record<string, { data: ArrayLike<number> }> }) => {
  const [{ data } = { data: [] }] = Object.values(feeds)
  if ((data[0] ?? 0) > 1_000) process.exit(139)
  parentPort?.postMessage({ kind: 'outputs', id, outputs: Float64Array.from(data) })
})
