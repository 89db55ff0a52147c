/** `esteira runs record`: what a run was made with, for a person to read. */
import type { RunRecord } from '#shared/run-record.ts'
import type { CommandLine } from './command-line.ts'
import { withEngine } from './connect.ts'
import { formatMetrics, formatTable } from './output.ts'

export async function printRecord(line: CommandLine, id: string): Promise<void> {
  const record = await withEngine(line, ({ client }) => client.call('getRunRecord', { params: { id } }))
  line.answer(record, () => describe(record))
}

function describe(record: RunRecord): string {
  const { pipeline, git, environment, osUser, startedBy, seed, parameters, durationMs } = record
  const facts = [
    ['pipeline', `${pipeline.name} ${pipeline.version}`],
    ['started by', `${startedBy}${osUser === null ? '' : ` (${osUser})`}`],
    ['duration', durationMs === null ? 'not ended' : `${(durationMs / 1_000).toFixed(1)} s`],
    ['parameters', JSON.stringify(parameters)],
    ['seed', String(seed)],
    ['commit', git === null ? 'not under git' : `${git.commit}${changesOf(git)}`],
    [
      'environment',
      environment === null ? '' : `Esteira ${environment.esteira}, Node ${environment.node}, ${environment.platform}`,
    ],
    ...record.previousModels.map(({ model, alias, version }) => [
      'model before',
      `${model}@${alias}: version ${version}`,
    ]),
    ...record.metrics.flatMap(({ step, training, validation, test }) =>
      Object.entries({ training, validation, test }).flatMap(([part, metrics]) =>
        metrics === null ? [] : [[`${step}, ${part}`, formatMetrics(metrics)]],
      ),
    ),
  ]
  const steps = record.components.map(({ step, component, version }, index) => [
    step,
    `${component} ${version ?? ''}`,
    record.steps[index]?.cached ? 'cached' : `${record.steps[index]?.durationMs ?? 0} ms`,
  ])
  const sources = record.sources.map(({ step, path, sha256 }) => [step, path, sha256.slice(0, 12)])
  return [
    facts.map(([name = '', value = '']) => `${name.padEnd(20)} ${value}`).join('\n'),
    formatTable(['step', 'component', 'time'], steps),
    ...(sources.length === 0 ? [] : [formatTable(['step', 'file read', 'SHA-256'], sources)]),
  ].join('\n\n')
}

function changesOf({ dirty, changes }: NonNullable<RunRecord['git']>): string {
  if (!dirty) return ''
  return changes === null ? ', with changes that were not kept' : `, with changes to ${changes.fileCount} files`
}
