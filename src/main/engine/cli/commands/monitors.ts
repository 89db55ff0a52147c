import type { MonitorList, MonitorState, Reading, ReadingHistory, ReadingPoint } from '#shared/monitors.ts'
import { describeFileProblem, EsteiraError, toProblem } from '../../kernel/errors.ts'
import type { DefineCommand } from '../command-line.ts'
import { withEngine } from '../connect.ts'
import { formatInstant, formatTable } from '../output.ts'
import { projectIdOf } from '../project-choice.ts'

const projectOption = [
  '--project <project>',
  'its id, name or folder, where several have a monitor of the name',
] as const

export const define: DefineCommand = (command, line) => {
  command
    .command('list', { isDefault: true })
    .description('the monitors of all projects with their newest readings')
    .option('--project <project>', 'those of one project: its id, name or folder')
    .option('--endpoint <name>', 'those of one endpoint')
    .action(async ({ project, ...query }: { project?: string; endpoint?: string }) => {
      const found = await withEngine(line, async ({ client }) => {
        const chosen = project === undefined ? {} : { project: await projectIdOf(client, project) }
        return await client.call('listMonitors', { query: { ...query, ...chosen } })
      })
      line.answer(found, () => describeList(found))
      if (found.problems.length === 0) return
      line.failed(toProblem(new EsteiraError('monitor-invalid', 'A monitor has errors.', { problems: found.problems })))
    })
  command
    .command('show')
    .description('one monitor, what it asks and what it found last')
    .argument('<monitor>')
    .option(...projectOption)
    .action(async (name: string, { project }: { project?: string }) => {
      const monitor = await withEngine(line, async ({ client }) => {
        const params = { id: await projectOf(client, name, project), name }
        return await client.call('getMonitor', { params })
      })
      line.answer(monitor, () => describeMonitor(monitor))
    })
  command
    .command('check')
    .description('answer every check of a monitor now; Ctrl+C gives it up')
    .argument('<monitor>')
    .option(...projectOption)
    .action(async (name: string, { project }: { project?: string }) => {
      const readings = await withEngine(line, async ({ client }) => {
        const params = { id: await projectOf(client, name, project), name }
        return await client.call('lookAtMonitor', { params })
      })
      line.answer(readings, () => describeReadings(readings))
    })
  command
    .command('history')
    .description('the readings of one check, oldest first')
    .argument('<monitor>')
    .argument('<check>')
    .option(...projectOption)
    .option('--points <number>', 'at most so many: where there are more, the worst of each stretch of time', '100')
    .action(async (name: string, check: string, { project, points }: { project?: string; points: string }) => {
      const history = await withEngine(line, async ({ client }) => {
        const params = { id: await projectOf(client, name, project), name, check }
        return await client.call('getReadingHistory', { params, query: { points } })
      })
      line.answer(history, () => describeHistory(history))
    })
}

type Client = Parameters<Parameters<typeof withEngine>[1]>[0]['client']

/** The only project with a monitor of the name, whether its file is in order or not. */
async function projectOf(client: Client, name: string, project: string | undefined): Promise<string> {
  if (project !== undefined) return await projectIdOf(client, project)
  const { monitors, problems } = await client.call('listMonitors', { query: {} })
  const file = `monitors/${name}.yaml`
  const found = [
    ...monitors.filter((monitor) => monitor.name === name),
    ...problems.filter((problem) => problem.file === file),
  ].map(({ projectId }) => projectId)
  const [id, ...others] = new Set(found)
  if (id === undefined) {
    throw new EsteiraError('monitor-not-found', `No project has a monitor "${name}".`, {
      found: name,
      allowed: monitors.map((monitor) => monitor.name).join(', ') || 'no monitors yet',
    })
  }
  if (others.length === 0) return id
  throw new EsteiraError('invalid-usage', `Several projects have a monitor "${name}".`, {
    allowed: [id, ...others].join(', '),
    next: 'Name one of them with --project.',
  })
}

function describeList({ monitors, problems }: MonitorList): string {
  const rows = monitors.flatMap((monitor) =>
    monitor.latest.map(({ check, reading }) => [
      `${monitor.name} ${check}`,
      monitor.endpoint,
      reading?.status ?? '-',
      reading === null ? '-' : valueWords(reading),
      reading === null ? '-' : formatInstant(reading.at),
    ]),
  )
  const table = formatTable(['check', 'endpoint', 'status', 'value', 'at'], rows)
  const parts = [table, ...problems.map(describeFileProblem)].filter((part) => part !== '')
  return parts.join('\n') || 'There are no monitors: a file monitors/<name>.yaml makes one.'
}

function describeMonitor(monitor: MonitorState): string {
  const next = monitor.nextLookAt === null ? '' : `, the next look ${formatInstant(monitor.nextLookAt)}`
  const head = `${monitor.name}: endpoint ${monitor.endpoint}, ${monitor.status}${next}`
  const readings = monitor.latest.flatMap(({ reading }) => reading ?? [])
  return [head, monitor.description, describeReadings(readings)].filter((part) => part !== '').join('\n')
}

function describeReadings(readings: readonly Reading[]): string {
  const rows = readings.map((reading) => [
    reading.check,
    reading.status,
    valueWords(reading),
    reading.rows.toLocaleString('en'),
    reading.reason,
  ])
  return formatTable(['check', 'status', 'value', 'rows', 'why'], rows)
}

function describeHistory({ points, readings, estimate }: ReadingHistory): string {
  const rows = points.map((point) => [
    formatInstant(point.at),
    point.status,
    numberWords(point, estimate),
    point.rows.toLocaleString('en'),
    point.parts
      .filter(({ bad }) => bad)
      .map(({ name }) => name)
      .join(', '),
  ])
  const left = readings > points.length ? `\n${readings.toLocaleString('en')} readings, of each stretch the worst.` : ''
  return `${formatTable(['at', 'status', 'value', 'rows', 'stands out'], rows) || 'There are no readings yet.'}${left}`
}

function valueWords(reading: Reading): string {
  return numberWords(reading, reading.estimate)
}

/** An estimate is never shown as if it were measured. */
function numberWords({ value, interval }: Pick<ReadingPoint, 'value' | 'interval'>, estimate: boolean): string {
  if (value === null) return '-'
  const short = (number: number) => String(Number(number.toPrecision(4)))
  const range = interval === undefined ? '' : ` (${short(interval.low)} to ${short(interval.high)})`
  return `${short(value)}${range}${estimate ? ', estimated' : ''}`
}
