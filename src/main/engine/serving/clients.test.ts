/**
 * The clients that people use for the protocol, where Python has them: `pip install "tritonclient[http]" mlserver`. Name the
 * Python by ESTEIRA_TRITON_PYTHON and ESTEIRA_MLSERVER_PYTHON where it is not the one on the path.
 */
import { execFile, execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createInferenceApp, listen } from './inference-app.ts'
import { ServedEndpoints } from './served-endpoints.ts'
import { binarySignature, testRuntime } from './testing.ts'

const tritonPython = process.env.ESTEIRA_TRITON_PYTHON ?? 'python3'
const mlserverPython = process.env.ESTEIRA_MLSERVER_PYTHON ?? 'python3'

function has(python: string, module: string): boolean {
  try {
    execFileSync(python, ['-c', `import ${module}`], { stdio: 'ignore', timeout: 60_000 })
    return true
  } catch {
    return false
  }
}

let app: ReturnType<typeof createInferenceApp>
let port: number
beforeAll(async () => {
  const runtime = testRuntime(binarySignature)
  const served = new ServedEndpoints(async () => runtime)
  app = createInferenceApp(served, { answered: () => {}, failed: () => {} })
  port = await listen(app, '127.0.0.1', 0)
  await served.load('flight-delay', { model: 'flights', version: 3, files: new Map() })
  served.activate('flight-delay', 1)
})
afterAll(() => app.close())

async function run(python: string, script: string): Promise<unknown> {
  const path = fileURLToPath(new URL(`./testing-clients/${script}`, import.meta.url))
  const { stdout } = await promisify(execFile)(python, [path, `127.0.0.1:${port}`], { timeout: 60_000 })
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
}

const answer = {
  id: '42',
  label: [['true'], ['false']],
  probability: [[0.75], [0.75]],
  probabilities: [
    [0.25, 0.75],
    [0.75, 0.25],
  ],
}

describe('the clients of others', () => {
  it.skipIf(!has(tritonPython, 'tritonclient.http'))(
    'tritonclient reads the same in binary and in JSON (Python with tritonclient)',
    async () => {
      expect(await run(tritonPython, 'triton_client.py')).toEqual({
        live: true,
        ready: true,
        model: true,
        extensions: ['binary_tensor_data'],
        inputs: binarySignature.inputs.map(({ name }) => name),
        binary: answer,
        json: answer,
        refused: ['400', expect.stringContaining('Did you mean "distance"?')],
      })
    },
  )

  it.skipIf(!has(mlserverPython, 'mlserver.codecs'))(
    'MLServer writes and reads tables (Python with mlserver)',
    async () => {
      expect(await run(mlserverPython, 'mlserver_table.py')).toEqual({
        label: ['true', 'false'],
        probability: [0.75, 0.75],
        'probabilities.false': [0.25, 0.75],
        'probabilities.true': [0.75, 0.25],
      })
    },
  )
})
