/** `esteira predict … --output`: all rows of a file or a dataset into a Parquet file. */
import { resolve } from 'node:path'
import { type BatchSource, type PredictionReport, predictionReportSchema } from '#shared/batch-predictions.ts'
import type { Run } from '#shared/runs.ts'
import { EsteiraError } from '../kernel/errors.ts'
import type { CommandLine } from './command-line.ts'
import type { Connection } from './connect.ts'
import { followRun } from './follow-run.ts'
import { formatMetrics } from './output.ts'
import { downloadArtifactFile, uploadFile } from './transfer.ts'

export interface PredictTableOptions {
  readonly endpoint: string | undefined
  readonly model?: string
  readonly file?: string
  readonly dataset?: string
  readonly where?: string
  readonly keep: readonly string[] | undefined
  readonly output: string
}

export async function predictTable(line: CommandLine, options: PredictTableOptions): Promise<void> {
  const { endpoint, model, keep } = options
  if ((endpoint === undefined) === (model === undefined)) {
    throw new EsteiraError('invalid-usage', 'Either an endpoint or --model is needed.', {
      next: 'For example: esteira predict --model flight-delay@champion --file in.csv --output out.parquet',
    })
  }
  const { run, report } = await followRun(
    line,
    async (connection) => {
      const source = await sourceOf(connection, options)
      const body = { endpoint, model, source, keep: keep && [...keep], startedBy: 'cli' as const }
      return connection.client.call('startBatchPrediction', { body })
    },
    (connection, ended) => collect(connection, ended, resolve(options.output)),
  )
  line.answer({ run: run.id, status: run.status, output: report && resolve(options.output), ...report }, () =>
    report === undefined ? `Run ${run.id} ${run.status}.` : describe(report, options.output),
  )
  if (run.status !== 'succeeded') line.failed(run.error)
}

async function sourceOf(connection: Connection, { file, dataset, where }: PredictTableOptions): Promise<BatchSource> {
  if ((file === undefined) === (dataset === undefined)) {
    throw new EsteiraError('invalid-usage', 'Either --file or --dataset is needed.')
  }
  if (file !== undefined) return { kind: 'upload', path: await uploadFile(connection, resolve(file)) }
  return { kind: 'dataset', dataset: dataset ?? '', ...(where !== undefined && { where }) }
}

async function collect(
  connection: Connection,
  run: Run,
  output: string,
): Promise<{ run: Run; report: PredictionReport | undefined }> {
  const { predictions, report } = run.steps.find(({ name }) => name === 'predict')?.outputs ?? {}
  if (run.status !== 'succeeded' || predictions === undefined || report === undefined) return { run, report: undefined }
  const content = await connection.client.call('getArtifactJson', { params: { hash: report, file: 'report.json' } })
  await downloadArtifactFile(connection, { hash: predictions, file: 'data.parquet', output })
  return { run, report: predictionReportSchema.parse(content) }
}

function describe({ rows, predicted, failed, problems, scores }: PredictionReport, output: string): string {
  return [
    `${predicted} of ${rows} rows predicted, written to ${output}.`,
    ...(failed > 0 ? [`${failed} rows could not be predicted; the column "problem" says why:`] : []),
    ...problems.map(({ problem, rows: count, first }) => `  ${count} × ${problem} (first: row ${first[0]})`),
    ...(scores === undefined ? [] : [formatMetrics(scores.metrics)]),
  ].join('\n')
}
