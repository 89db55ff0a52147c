/**
 * Entry of a model host: a thread that holds one ONNX model and nothing else. The runtime is WebAssembly: what goes wrong
 * in it cannot reach beyond the thread, and a thread that hangs can be ended, which native code in the process could not be.
 */
import { readFile } from 'node:fs/promises'
import { parentPort, workerData } from 'node:worker_threads'
import * as ort from 'onnxruntime-web'
import type { HostAnswer, HostCall, HostStart, HostTensor } from './host-messages.ts'

// Many models share the machine: none takes all cores.
ort.env.wasm.numThreads = 1
/** Errors alone: the rest is remarks on how the graph was exported. */
const logSeverity = 3

const start: HostStart = workerData
const session = await open()

async function open(): Promise<ort.InferenceSession | undefined> {
  try {
    const bytes = await readFile(start.path)
    const created = await ort.InferenceSession.create(bytes, {
      executionProviders: ['wasm'],
      logSeverityLevel: logSeverity,
    })
    answer({ kind: 'ready' })
    return created
  } catch (error) {
    answer({ kind: 'unusable', message: messageOf(error) })
    return undefined
  }
}

parentPort?.on('message', async ({ id, feeds }: HostCall) => {
  if (session === undefined) return
  try {
    const tensors = Object.entries(feeds).map(([name, tensor]) => [name, toTensor(tensor)] as const)
    const results = await session.run(Object.fromEntries(tensors), [start.output])
    const outputs = Float64Array.from(numbersOf(results[start.output]))
    parentPort?.postMessage({ kind: 'outputs', id, outputs } satisfies HostAnswer, [outputs.buffer])
  } catch (error) {
    answer({ kind: 'failed', id, message: messageOf(error) })
  }
})

function toTensor({ type, data, shape }: HostTensor): ort.Tensor {
  return type === 'string' && Array.isArray(data)
    ? new ort.Tensor('string', data, shape)
    : new ort.Tensor(type, data, shape)
}

function numbersOf(tensor: ort.Tensor | undefined): ArrayLike<number> {
  const { data } = tensor ?? {}
  if (data instanceof Float32Array || data instanceof Float64Array) return data
  throw new Error(`The output "${start.output}" holds no numbers.`)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function answer(message: HostAnswer): void {
  parentPort?.postMessage(message)
}
