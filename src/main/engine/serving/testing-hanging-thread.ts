/** For tests: the inference thread with a runtime that hangs in a model of that kind (see testing-hanging-runtime.ts). */
import { registerHooks } from 'node:module'

registerHooks({
  resolve(specifier, context, nextResolve) {
    const isRuntime = specifier === '../training/runtime.ts' && context.parentURL?.endsWith('/inference-thread.ts')
    if (!isRuntime) return nextResolve(specifier, context)
    return { url: new URL('./testing-hanging-runtime.ts', import.meta.url).href, shortCircuit: true }
  },
})

await import('./inference-thread.ts')
