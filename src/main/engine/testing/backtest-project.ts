/** The sample's project with a pipeline that trains in a moment, for tests of back-tests. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { resourcesPath } from '../kernel/app-paths.ts'

/** Few flights of each window, by chance but always the same ones. */
export const quickPipeline = `name: train
seed: 7
parameters: { from: 2001-01-01, to: 2001-03-01 }
steps:
  extract:
    uses: data/extract
    with:
      dataset: flights
      where: "date >= '\${{ params.from }}' and date < '\${{ params.to }}' and hash(date, origin, distance) % 40 = 0"
  split: { uses: data/split, in: { data: extract }, with: { by: time, column: date } }
  prepare: { uses: data/prepare, in: { data: split }, with: { target: late } }
  train: { uses: model/train, in: { data: prepare }, with: { trainer: linear, epochs: 4 } }
  evaluate: { uses: model/evaluate, in: { model: train, data: prepare } }
  gate: { uses: model/gate, in: { evaluation: evaluate }, with: { thresholds: { auc: 0.5 }, metric: auc } }
  register: { uses: model/register, in: { model: train, verdict: gate }, with: { model: flights } }
  deploy: { uses: model/deploy, in: { version: register }, with: { endpoint: flights } }
`

/** Makes the project in the folder: the flights of January to April. */
export function makeBacktestProject(folder: string, { pipeline = quickPipeline, query = '' } = {}): void {
  const sample = join(resourcesPath, 'samples', 'flight-delay')
  mkdirSync(join(folder, 'pipelines'), { recursive: true })
  mkdirSync(join(folder, 'data'))
  for (const month of [1, 2, 3, 4]) {
    const file = join('data', `flights-2001-0${month}.parquet`)
    cpSync(join(sample, file), join(folder, file))
  }
  const spec = readFileSync(join(sample, 'esteira.yaml'), 'utf8')
  writeFileSync(
    join(folder, 'esteira.yaml'),
    query === '' ? spec : spec.replace(/ {4}query: .*/, `    query: ${JSON.stringify(query)}`),
  )
  writeFileSync(join(folder, 'pipelines', 'train.yaml'), pipeline)
}
