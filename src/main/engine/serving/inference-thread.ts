/** Entry of the worker thread that answers predictions. */
import { parentPort } from 'node:worker_threads'
import { toProblem } from '../kernel/errors.ts'
import { rowsToBatch } from '../training/rows.ts'
import { loadModel } from '../training/runtime.ts'
import { createInferenceApp, listen } from './inference-app.ts'
import { ServedEndpoints } from './served-endpoints.ts'
import type { ThreadCall, ThreadReply, ThreadRequest } from './thread-messages.ts'

const served = new ServedEndpoints({ loadModel, rowsToBatch })
const app = createInferenceApp(served)

parentPort?.on('message', async ({ id, request }: ThreadCall) => {
  parentPort?.postMessage(await answer(id, request))
})

async function answer(id: number, request: ThreadRequest): Promise<ThreadReply> {
  try {
    const port = await perform(request)
    return port === undefined ? { id } : { id, port }
  } catch (error) {
    return { id, problem: toProblem(error) }
  }
}

async function perform(request: ThreadRequest): Promise<number | undefined> {
  switch (request.kind) {
    case 'listen':
      served.expect(request.endpoints)
      return listen(app, request.host, request.port)
    case 'load':
      await served.load(request.endpoint, request.source)
      return undefined
    case 'activate':
      served.activate(request.endpoint, request.revision)
      return undefined
    case 'remove':
      await served.remove(request.endpoint)
      return undefined
    case 'close':
      await app.close()
      await served.close()
      return undefined
  }
}
