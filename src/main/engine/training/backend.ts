/**
 * TensorFlow.js, used for training alone: predictions run in `network/forward.ts`, so the serving thread never loads it.
 */
import { createRequire } from 'node:module'
import { dirname, join, sep } from 'node:path'
import util from 'node:util'
import type * as TensorFlow from '@tensorflow/tfjs-core'

export type Tf = typeof TensorFlow

export interface Backend {
  readonly tf: Tf
  /** e.g. `tfjs 4.22.0 wasm (simd)` or `tfjs-node 4.22.0`; stored with every model. */
  readonly description: string
}

let loading: Promise<Backend> | undefined

/** Loads TensorFlow.js once per thread: the native build where it is installed and loads, else WebAssembly. */
export function loadBackend(): Promise<Backend> {
  loading ??= load()
  return loading
}

async function load(): Promise<Backend> {
  const native = await loadNative()
  return native ?? (await loadWasm())
}

/** The optional dependency; undefined where it is absent or its binary does not load. */
async function loadNative(): Promise<Backend | undefined> {
  try {
    // tfjs-node 4.22 calls two functions that Node 23 removed from `util`.
    const removed = {
      isNullOrUndefined: (value: unknown) => value === null || value === undefined,
      isArray: Array.isArray,
    }
    for (const [name, implementation] of Object.entries(removed)) {
      if (!(name in util)) Object.defineProperty(util, name, { value: implementation, configurable: true })
    }
    const tf: Tf = requireFromHere()('@tensorflow/tfjs-node')
    await tf.ready()
    return { tf, description: `tfjs-node ${tf.version_core}` }
  } catch {
    return undefined
  }
}

/** `@tensorflow/tfjs` as a whole: its core alone has no gradients, and no other package registers them in CommonJS. */
async function loadWasm(): Promise<Backend> {
  const requireHere = requireFromHere()
  const tf: Tf = requireHere('@tensorflow/tfjs')
  tf.enableProdMode()
  const wasmEntry = requireHere.resolve('@tensorflow/tfjs-backend-wasm')
  const wasm: { setWasmPaths(folder: string): void } = requireHere(wasmEntry)
  wasm.setWasmPaths(join(dirname(wasmEntry), sep))
  await tf.setBackend('wasm')
  await tf.ready()
  const simd = (await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')) === true
  return { tf, description: `tfjs ${tf.version_core} wasm${simd ? ' (simd)' : ''}` }
}

/** The one place where packages are found: works from source and from a CommonJS bundle, where `import.meta.url` is empty. */
function requireFromHere(): NodeJS.Require {
  return createRequire(import.meta.url ?? __filename)
}
