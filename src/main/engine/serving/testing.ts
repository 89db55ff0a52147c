/** For tests: small models behind the contract of the real ones, and requests with any headers. */
import { request as httpRequest } from 'node:http'
import type { Signature } from '#shared/models.ts'
import type { ColumnBatch } from '../tables/columns.ts'
import { checkRows, rowsToBatch } from '../training/rows.ts'
import type { LoadedModel, Prediction } from '../training/runtime.ts'
import type { ModelRuntime } from './live-model.ts'

export const binarySignature: Signature = {
  inputs: [
    { name: 'distance', type: 'number', required: true },
    { name: 'hour', type: 'integer', required: false },
    { name: 'origin', type: 'text', required: false, examples: ['ATL'] },
    { name: 'weekend', type: 'boolean', required: false },
    { name: 'date', type: 'timestamp', required: false },
  ],
  target: 'late',
  task: 'binary',
  classes: ['false', 'true'],
}
export const multiclassSignature: Signature = {
  inputs: [
    { name: 'length', type: 'number', required: true },
    { name: 'width', type: 'number', required: true },
  ],
  target: 'species',
  task: 'multiclass',
  classes: ['setosa', 'versi"color', 'virginica'],
}
export const regressionSignature: Signature = {
  inputs: [{ name: 'x', type: 'number', required: true }],
  target: 'y',
  task: 'regression',
  classes: [],
}

/** Stands for a missing first input, as a preparation would fill it. */
const imputed = 50

/** Answers by arithmetic on the first input: regression 2x + 1; binary P(true) = x / 100; multiclass favours class x. */
function predict({ task, inputs, classes }: Signature, batch: ColumnBatch): Prediction {
  const column = batch.columns.get(inputs[0]?.name ?? '')
  const values = column?.kind === 'numeric' ? Array.from(column.values, (x) => (Number.isNaN(x) ? imputed : x)) : []
  if (task === 'regression') return { kind: 'values', values: Float64Array.from(values, (x) => 2 * x + 1) }
  const rows = values.flatMap((x) =>
    task === 'binary' ? [1 - x / 100, x / 100] : classes.map((_, index) => (index === x ? 0.5 : 0.25)),
  )
  return { kind: 'probabilities', classes: [...classes], probabilities: Float64Array.from(rows) }
}

export interface TestRuntime extends ModelRuntime {
  /** Rows of each call so far, the warm-up included. */
  readonly calls: number[]
  disposed: number
  /** Called before each prediction is answered. */
  wait: () => Promise<void>
  /** What every output is instead of the right one. */
  output: number | undefined
}

/** The real check of rows, with arithmetic for a model. */
export function testRuntime(signature: Signature): TestRuntime {
  const runtime: TestRuntime = {
    calls: [],
    disposed: 0,
    wait: () => Promise.resolve(),
    output: undefined,
    checkRows,
    loadModel: async () => testModel(signature, runtime),
  }
  return runtime
}

function testModel(signature: Signature, runtime: TestRuntime): LoadedModel {
  let gone = false
  const required = signature.inputs.filter((input) => input.required)
  return {
    manifest: {
      formatVersion: 1,
      runtime: 'tfjs',
      trainer: 'neural-network',
      signature,
      validationMetrics: {},
      trainedRows: 1,
      environment: { esteira: '0', node: '24', platform: 'test', backend: 'test', seed: 1 },
    },
    background: rowsToBatch(signature, [
      Object.fromEntries(required.map(({ name }) => [name, 10])),
      Object.fromEntries(required.map(({ name }) => [name, 30])),
    ]),
    async predict(batch) {
      runtime.calls.push(batch.length)
      await runtime.wait()
      if (gone) throw new Error('The model was used after it was freed.')
      return replaced(predict(signature, batch), runtime.output)
    },
    dispose() {
      gone = true
      runtime.disposed++
    },
  }
}

function replaced(prediction: Prediction, output: number | undefined): Prediction {
  if (output === undefined) return prediction
  if (prediction.kind === 'values') return { kind: 'values', values: prediction.values.map(() => output) }
  return { ...prediction, probabilities: prediction.probabilities.map(() => output) }
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  /** Empty where the answer is not JSON. */
  readonly json: AnswerBody
}

/** What the answers of the server hold, all forms in one. */
export interface AnswerBody {
  readonly code?: string
  readonly where?: string
  readonly nearest?: string
  readonly error?: string
  readonly status?: number
  readonly problems?: readonly { readonly path: string; readonly nearest?: string }[]
  readonly version?: number
  readonly revision?: number
  readonly predictions?: readonly {
    readonly prediction: unknown
    readonly probabilities?: Readonly<Record<string, number>>
  }[]
  readonly outputs?: readonly unknown[]
}

/** Any method, headers (Host included) and body; a string body goes as it is. */
export function send(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: unknown } = {},
): Promise<Answer> {
  const { body } = options
  const payload = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      url,
      {
        method: options.method ?? (payload === undefined ? 'GET' : 'POST'),
        headers: { ...(payload !== undefined && { 'content-type': 'application/json' }), ...options.headers },
      },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          text += chunk
        })
        response.on('end', () => {
          const isJson = /json/.test(String(response.headers['content-type']))
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            json: isJson ? JSON.parse(text) : {},
          })
        })
      },
    )
    request.on('error', reject)
    request.end(payload)
  })
}
