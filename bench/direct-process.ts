/** The reference of the benchmark `predict-batch`: the runtime called in process. One message in, one message out. */
import { rowsToBatch } from '../src/main/engine/training/rows.ts'
import { loadModel } from '../src/main/engine/training/runtime.ts'

export interface DirectLoad {
  readonly files: ReadonlyMap<string, string>
  /** Of a request, as JSON. */
  readonly body: string
  readonly seconds: number
}

export interface DirectMeasured {
  readonly rowsPerSecond: number
}

process.on('message', async ({ files, body, seconds }: DirectLoad) => {
  const model = await loadModel(files)
  const { rows }: { rows: unknown[] } = JSON.parse(body)
  const { signature } = model.manifest
  const startedAt = performance.now()
  let predicted = 0
  while (performance.now() - startedAt < seconds * 1_000) {
    await model.predict(rowsToBatch(signature, rows))
    predicted += rows.length
  }
  const measured: DirectMeasured = { rowsPerSecond: (predicted / (performance.now() - startedAt)) * 1_000 }
  model.dispose()
  process.send?.(measured)
})
