import { durationText } from '#shared/durations.ts'
import type { FeatureCatalogue, FeatureData, FeatureView, FeatureViewDetails } from '#shared/features.ts'
import type { MaterializeReport } from '#shared/online.ts'
import { describeFileProblem, EsteiraError } from '../../kernel/errors.ts'
import type { DefineCommand } from '../command-line.ts'
import { withEngine } from '../connect.ts'
import { formatInstant, formatTable } from '../output.ts'
import { projectIdOf } from '../project-choice.ts'

const projectOption = ['--project <project>', 'its id, name or folder, where several have a view of the name'] as const

export const define: DefineCommand = (command, line) => {
  command
    .command('list', { isDefault: true })
    .description('the feature views of all projects')
    .argument('[words...]', 'only those that all of the words are found in')
    .option(...projectOption)
    .action(async (words: string[], { project }: { project?: string }) => {
      const found = await withEngine(line, async ({ client }) => {
        const chosen = project === undefined ? {} : { project: await projectIdOf(client, project) }
        return await client.call('listFeatureViews', { query: { search: words.join(' '), ...chosen } })
      })
      line.answer(found, () => describeCatalogue(found))
    })
  command
    .command('show')
    .description('one feature view: who uses it, and the definitions that runs used')
    .argument('<view>')
    .option(...projectOption)
    .action(async (name: string, { project }: { project?: string }) => {
      const details = await withEngine(line, async ({ client }) => {
        const params = { id: await projectOf(client, name, project), name }
        return await client.call('getFeatureView', { params })
      })
      line.answer(details, () => describeDetails(details))
    })
  command
    .command('check')
    .description('run the SQL of a feature view and check its rows')
    .argument('<view>')
    .option(...projectOption)
    .action(async (name: string, { project }: { project?: string }) => {
      const data = await withEngine(line, async ({ client }) => {
        const params = { id: await projectOf(client, name, project), name }
        return await client.call('checkFeatureView', { params })
      })
      const { problems } = data.check
      if (problems.length > 0) {
        const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`
        throw new EsteiraError('feature-view-invalid', `The feature view "${name}" has ${count}.`, { problems })
      }
      line.answer(data, () => describeData(data))
    })
  command
    .command('materialize')
    .description('bring the newest values of a feature view into the online store, from which endpoints fill inputs')
    .argument('<view>')
    .option(...projectOption)
    .option('--lateness <duration>', 'how far behind the newest event time late rows are looked for, such as 3d')
    .option('--until <time>', 'leave out what happened or became known after it, such as 2001-03-01')
    .option('--full', 'take every value as the data has it now, even where the store has a newer one')
    .action(async (name: string, { project, full = false, ...options }: MaterializeOptions) => {
      const report = await withEngine(line, async ({ client }) => {
        const params = { id: await projectOf(client, name, project), name }
        return await client.call('materializeFeatures', { params, body: { ...options, full } })
      })
      line.answer(report, () => describeMaterialized(report))
    })
}

interface MaterializeOptions {
  readonly project?: string
  readonly lateness?: string
  readonly until?: string
  readonly full?: boolean
}

function describeMaterialized({ read, compared, written, resumed, entities, watermark }: MaterializeReport): string {
  const done = read
    ? `${written.toLocaleString('en')} of ${compared.toLocaleString('en')} entities got newer values` +
      (resumed ? ', going on where it was cut off.' : '.')
    : 'The data has not changed.'
  const until = watermark === null ? '' : `, with events up to ${formatInstant(watermark)}`
  return `${done}\n${entities.toLocaleString('en')} entities are served from the online store${until}.`
}

type Client = Parameters<Parameters<typeof withEngine>[1]>[0]['client']

/** The only project with a view of the name, whether its file is in order or not. */
async function projectOf(client: Client, name: string, project: string | undefined): Promise<string> {
  if (project !== undefined) return await projectIdOf(client, project)
  const { items, problems } = await client.call('listFeatureViews', { query: {} })
  const file = `features/${name}.yaml`
  const found = new Set([
    ...items.filter((view) => view.name === name).map(({ projectId }) => projectId),
    ...problems.filter((problem) => problem.file === file).map(({ projectId }) => projectId),
  ])
  const [only, ...others] = found
  if (only !== undefined && others.length === 0) return only
  throw new EsteiraError(
    only === undefined ? 'feature-view-not-found' : 'invalid-usage',
    only === undefined ? `No project has a feature view "${name}".` : `Several projects have a feature view "${name}".`,
    only === undefined
      ? { allowed: items.map((view) => view.name).join(', ') || 'no feature views yet' }
      : { found: [...found].join(', '), next: 'Name one with --project.' },
  )
}

function describeCatalogue({ items, problems }: FeatureCatalogue): string {
  const rows = items.map((view) => [
    view.name,
    view.project,
    view.entity.join(', '),
    view.columns.flatMap(({ name, role }) => (role === 'feature' ? [name] : [])).join(', '),
    view.owner,
    String(view.use.pipelines.length),
    String(view.use.versions.length),
  ])
  const table = formatTable(['view', 'project', 'entity', 'features', 'owner', 'pipelines', 'model versions'], rows)
  const none = 'No feature views yet: a file in the folder features/ of a project makes one.'
  return [rows.length === 0 ? none : table, ...problems.map(describeFileProblem)].join('\n')
}

function describeDetails({ file, view, problems, use, versions }: FeatureViewDetails): string {
  const head = view === null ? problems.map(describeFileProblem) : describeView(view)
  const used = [
    ...use.pipelines.map(({ pipeline, step }) => `pipeline ${pipeline}, step ${step}`),
    ...use.versions.map(({ model, version, aliases, viewVersion }) =>
      [`model ${model} ${version}`, ...aliases.map((alias) => `@${alias}`), `with version ${viewVersion}`].join(' '),
    ),
  ]
  const table = formatTable(
    ['version', 'first seen', 'runs', 'latest run'],
    versions.map((one) => [
      one.current ? `${one.version} (now)` : one.version,
      formatInstant(one.firstSeenAt),
      String(one.runs),
      one.latestRunId ?? '',
    ]),
  )
  return [file, ...head, '', 'Used by', ...(used.length === 0 ? ['nothing yet'] : used), '', table].join('\n')
}

function describeView({ description, owner, entity, eventTime, knownAt, ttlMs }: FeatureView): string[] {
  return [
    ...(description === '' ? [] : [description]),
    ...(owner === '' ? [] : [`owner: ${owner}`]),
    `entity: ${entity.join(', ')}; event time: ${eventTime}; known at: ${knownAt ?? 'its event time'}; ` +
      `ttl: ${ttlMs === null ? 'none' : durationText(ttlMs)}`,
  ]
}

function describeData({ check, statistics, freshness }: FeatureData): string {
  const rows = statistics.map(({ name, type, missing, numeric, distinct }) => [
    name,
    type,
    check.rows === 0 ? '' : `${((missing / check.rows) * 100).toFixed(1)} %`,
    numeric === undefined ? `${distinct} values` : `${figure(numeric.min)} to ${figure(numeric.max)}`,
    numeric === undefined ? '' : figure(numeric.mean),
  ])
  const newest = freshness.newestEventAt === null ? 'none' : formatInstant(freshness.newestEventAt)
  const stale = freshness.stale === true ? ', older than the ttl' : ''
  return [
    `${check.rows.toLocaleString('en')} rows of ${check.entities.toLocaleString('en')} entities from ` +
      `${check.datasets.join(', ')}; newest event: ${newest}${stale}`,
    formatTable(['feature', 'type', 'missing', 'range', 'mean'], rows),
    ...check.warnings.map((warning) => `warning: ${warning}`),
    'The view matches its data.',
  ].join('\n')
}

function figure(value: number): string {
  return String(Number(value.toPrecision(6)))
}
