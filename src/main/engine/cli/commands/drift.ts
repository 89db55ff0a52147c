import { Option } from 'commander'
import type { DatasetDrift, DriftHistory } from '#shared/drift.ts'
import { EsteiraError, nearestName } from '../../kernel/errors.ts'
import type { DefineCommand } from '../command-line.ts'
import { withEngine } from '../connect.ts'
import { formatTable } from '../output.ts'
import { projectIdOf } from '../project-choice.ts'

interface Options {
  readonly project?: string
  readonly from?: string
  readonly to?: string
  readonly against?: string
  readonly by?: DriftHistory['by']
}

export const define: DefineCommand = (command, line) => {
  command
    .argument('<dataset>')
    .option('--from <day>', 'the first day of the window, such as 2001-03-01 (UTC)')
    .option('--to <day>', 'the day after its last one')
    .option(
      '--against <what>',
      'days such as 2001-01-01..2001-03-01, or the training data of a model, such as flight-delay@champion',
    )
    .addOption(
      new Option('--by <stretch>', 'every day, week or month instead of one window').choices(['day', 'week', 'month']),
    )
    .option('--project <project>', 'its id, name or folder, where several have a dataset of the name')
    .action(async (dataset: string, { project, from, to, against, by }: Options) => {
      const isWindow = by === undefined && (from !== undefined || to !== undefined || against !== undefined)
      if (isWindow && against === undefined) throw noReference()
      if (by !== undefined && (from !== undefined || to !== undefined)) throw bothWays()
      const answer = await withEngine(line, async ({ client }) => {
        const params = {
          id: await (project === undefined ? projectOf(client, dataset) : projectIdOf(client, project)),
          name: dataset,
        }
        const query = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) }
        if (isWindow && against !== undefined) {
          const found = await client.call('getDatasetDrift', { params, query: { ...query, against } })
          return { found, text: () => describeDrift(found) }
        }
        const asked = { ...(against !== undefined && { against }), ...(by !== undefined && { by }) }
        const found = await client.call('getDriftHistory', { params, query: asked })
        return { found, text: () => describeHistory(found) }
      })
      line.answer(answer.found, answer.text)
    })
}

type Client = Parameters<Parameters<typeof withEngine>[1]>[0]['client']

async function projectOf(client: Client, dataset: string): Promise<string> {
  const projects = await client.call('listProjects')
  const [only, ...others] = projects.filter(({ datasets }) => datasets.includes(dataset))
  if (only !== undefined && others.length === 0) return only.id
  if (only !== undefined) {
    throw new EsteiraError('invalid-usage', `Several projects have a dataset "${dataset}".`, {
      found: [only, ...others].map(({ id }) => id).join(', '),
      next: 'Name one with --project.',
    })
  }
  const names = [...new Set(projects.flatMap(({ datasets }) => datasets))]
  const nearest = nearestName(dataset, names)
  throw new EsteiraError('dataset-not-found', `No project has a dataset "${dataset}".`, {
    allowed: names.join(', ') || 'no datasets yet',
    ...(nearest !== undefined && { nearest }),
  })
}

function noReference(): EsteiraError {
  return new EsteiraError('invalid-usage', 'A window needs something to be compared with.', {
    next: 'Give --against, such as --against 2001-01-01..2001-03-01 or --against flight-delay@champion.',
  })
}

function bothWays(): EsteiraError {
  return new EsteiraError('invalid-usage', 'Either one window (--from, --to) or all stretches (--by).', {
    next: 'Leave out --by, or leave out --from and --to.',
  })
}

function describeDrift({ report, spans, elapsedMs }: DatasetDrift): string {
  const { results, summary, currentRows, referenceRows, current, reference } = report
  const rows = results.map((result) => [
    result.target ? `${result.feature} (target)` : result.feature,
    result.drifted ? 'drifted' : result.value === null ? 'not comparable' : 'stable',
    result.measure,
    result.value === null ? '' : result.value.toPrecision(4),
    (result.limit ?? result.threshold).toPrecision(3),
    result.weight === undefined || result.weight === null ? '' : result.weight.toFixed(3),
  ])
  const lines = [
    `${current} (${currentRows} rows, ${spans} days) against ${reference} (${referenceRows} rows), in ${elapsedMs.toFixed(0)} ms`,
    formatTable(['column', '', 'measure', 'value', 'limit', 'weight'], rows),
  ]
  if (summary !== undefined) {
    const kinds = [
      ['New', summary.appeared],
      ['Gone', summary.vanished],
      ['Of another type', summary.changedType],
    ] as const
    for (const [what, names] of kinds) if (names.length > 0) lines.push(`${what}: ${names.join(', ')}`)
    lines.push(`Weighted drift ${summary.weightedDrift.toFixed(3)}: ${summary.verdict}.`, ...summary.reasons)
  }
  return lines.join('\n')
}

function describeHistory({ spans, reference, by, time }: DriftHistory): string {
  if (time === null) return 'The dataset names no column of "time" in esteira.yaml: there are no stretches to compare.'
  const rows = spans.map(({ from, rows: count, weightedDrift, verdict, columns }) => [
    from,
    String(count),
    weightedDrift.toFixed(3),
    verdict,
    columns.flatMap(({ feature, drifted }) => (drifted ? [feature] : [])).join(', '),
  ])
  return [`Each ${by} against ${reference}`, formatTable([by, 'rows', 'drift', '', 'drifted columns'], rows)].join('\n')
}
