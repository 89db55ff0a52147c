/** The data routes as a page uses them: a real engine, over HTTP, with a project of its own under git. */
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { request as sendRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ApiError } from '#shared/client.ts'
import type { ReportedAnomaly } from '#shared/data.ts'
import type { Problem } from '#shared/errors.ts'
import { uploadAnswerSchema, uploadPath } from '#shared/routes/data.ts'
import { Engine } from './engine.ts'
import { createProjectClient, type ProjectClient } from './testing/project-client.ts'

let folder = ''
let project = ''
let projectId = ''
let runId = ''
let engine: Engine
let client: ProjectClient

const schema = `# What flights look like.
columns:
  origin:
    type: text
    domain: { values: [ATL, JFK] } # two airports
  delay: { type: integer, domain: { max: 60 } }
  date: { type: timestamp }
`

function git(...command: string[]): string {
  return execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.org', ...command], {
    cwd: project,
    encoding: 'utf8',
  })
}

async function writeProject(): Promise<void> {
  for (const name of ['data', 'schemas', 'pipelines']) await mkdir(join(project, name), { recursive: true })
  const rows = Array.from({ length: 200 }, (_, index) => {
    const origin = index === 7 || index === 90 ? 'LAX' : index % 2 === 0 ? 'ATL' : 'JFK'
    return `2001-01-01,${origin},${index === 150 ? 75 : index % 50}`
  })
  await writeFile(join(project, 'data/flights.csv'), `date,origin,delay\n${rows.join('\n')}\n`)
  await writeFile(
    join(project, 'esteira.yaml'),
    'name: flights\ndatasets:\n  flights: { path: data/flights.csv, description: Some }\n  gone: { path: data/gone.csv }\n',
  )
  await writeFile(join(project, 'schemas/checked.yaml'), schema)
  await writeFile(
    join(project, 'pipelines/check.yaml'),
    `name: check
steps:
  extract: { uses: data/extract, with: { dataset: flights, where: "delay < 70" } }
  stats: { uses: data/statistics, in: { data: extract } }
  check: { uses: data/validate, in: { statistics: stats }, with: { schema: schemas/checked.yaml, stopOn: never } }
`,
  )
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'esteira-data-'))
  project = join(folder, 'flights')
  await writeProject()
  git('init', '--quiet')
  git('add', '.')
  git('commit', '--quiet', '--message', 'Start')
  engine = await Engine.start({ home: join(folder, 'home'), port: 0, inferencePort: 0, background: false })
  client = createProjectClient(engine)
  runId = await client.startRun(project, 'check')
  projectId = (await engine.runs.ended(runId)).projectId
})
afterAll(async () => {
  await engine.stop()
  await rm(folder, { recursive: true, force: true })
})

async function problemOf(work: Promise<unknown>): Promise<Problem> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof ApiError) return error.problem
  throw new Error(`A problem was expected, not ${String(error)}`)
}

const dataset = { kind: 'dataset', dataset: 'flights' } as const

function validate(body: object = {}) {
  return client.call('validateData', { params: { id: projectId }, body: { subject: dataset, ...body } })
}

function kinds(anomalies: readonly ReportedAnomaly[]) {
  return anomalies.map(({ type, column }) => [type, column])
}

describe('datasets', () => {
  it('are listed with their files, schema and problems', async () => {
    const [flights, gone] = await client.call('listDatasets', { params: { id: projectId } })
    expect(flights).toMatchObject({
      name: 'flights',
      spec: { path: 'data/flights.csv' },
      format: 'csv',
      fileCount: 1,
      schemaFile: 'schemas/checked.yaml',
      problem: null,
    })
    expect(flights?.bytes).toBeGreaterThan(3_000)
    expect(flights?.modifiedAt).toBeGreaterThan(1e12)
    expect(gone).toMatchObject({ name: 'gone', bytes: 0, modifiedAt: null, problem: { code: 'dataset-not-found' } })
  })

  it('are read in pages, queried and described', async () => {
    const params = { id: projectId, name: 'flights' }
    const page = await client.call('readDataset', { params, query: { offset: 199, limit: 5 } })
    expect(page).toMatchObject({ rows: [['2001-01-01', 'JFK', 49]], offset: 199, total: 200 })
    const sql = 'select origin, count(*) as n from flights group by origin order by n desc, origin'
    const result = await client.call('runSql', { params: { id: projectId }, body: { sql, limit: 2 } })
    expect(result).toMatchObject({
      rows: [
        ['ATL', 99],
        ['JFK', 99],
      ],
      total: 3,
    })
    const statistics = await client.call('getDatasetStatistics', { params })
    expect(statistics.columns.map(({ name }) => name)).toEqual(['date', 'origin', 'delay'])
    const unknown = await problemOf(client.call('readDataset', { params: { id: projectId, name: 'flight' } }))
    expect(unknown).toMatchObject({ code: 'dataset-not-found', nearest: 'flights' })
    const wrong = await problemOf(client.call('runSql', { params: { id: projectId }, body: { sql: 'selec 1' } }))
    expect(wrong).toMatchObject({ code: 'query-failed', where: 'line 1, column 1', status: 422 })
  })

  it('give a schema that they match', async () => {
    const params = { id: projectId, name: 'flights' }
    const inferred = await client.call('inferSchema', { params, body: { target: 'delay' } })
    expect(inferred.file).toBe('schemas/flights.yaml')
    expect(inferred.text).toContain('notIn: [ SERVING ]')
    const draft = await client.call('draftSchema', {
      params: { id: projectId },
      body: { ...inferred, edits: [{ kind: 'set', path: ['rows'], value: { min: 5 } }] },
    })
    expect(draft).toMatchObject({ problems: [], schema: { rows: { min: 5 } } })
    const unknown = await problemOf(client.call('inferSchema', { params, body: { target: 'delya' } }))
    expect(unknown).toMatchObject({ code: 'column-not-found', nearest: 'delay' })
  })

  it('of a run are read from its artifacts, and nothing else is', async () => {
    const { steps } = engine.runs.get(runId)
    const hash = steps.find(({ name }) => name === 'extract')?.outputs.data ?? ''
    const read = (file: string) =>
      client.call('readArtifactTable', { params: { hash, file }, query: { offset: 198, limit: 9 } })
    expect(await read('data.parquet')).toMatchObject({ rows: [['2001-01-01', 'JFK', 49]], total: 199 })
    expect((await problemOf(read('other.parquet'))).code).toBe('not-found')
    expect((await problemOf(read('../data.parquet'))).code).toBe('not-found')
  })
})

describe('validation', () => {
  it('shows rows at fault and what accepting would change', async () => {
    const report = await validate()
    expect(report).toMatchObject({
      subject: 'dataset flights',
      schemaFile: 'schemas/checked.yaml',
      environment: 'TRAINING',
      environments: ['TRAINING', 'SERVING'],
      rows: 200,
    })
    const [origin, delay] = report.anomalies
    expect(origin).toMatchObject({
      type: 'ENUM_TYPE_UNEXPECTED_STRING_VALUES',
      rows: {
        columns: ['#', 'origin', 'date', 'delay'],
        rows: [
          [8, 'LAX', '2001-01-01', 7],
          [91, 'LAX', '2001-01-01', 40],
        ],
      },
      acceptance: 'Adds "LAX" to the values of "origin".',
    })
    expect(delay).toMatchObject({ type: 'INT_TYPE_BIG_INT', rows: { rows: [[151, 75, '2001-01-01', 'ATL']] } })
  })

  it('checks what a step of a run was given', async () => {
    const report = await validate({ subject: { kind: 'step', runId, step: 'check' } })
    expect(report).toMatchObject({ subject: `step check of run ${runId}`, rows: 199 })
    expect(kinds(report.anomalies)).toEqual([['ENUM_TYPE_UNEXPECTED_STRING_VALUES', 'origin']])
    expect(report.anomalies[0]?.rows?.rows.map(([number]) => number)).toEqual([8, 91])
    const other = await problemOf(validate({ subject: { kind: 'step', runId, step: 'stats' } }))
    expect(other).toMatchObject({ code: 'invalid-usage', found: 'data/statistics' })
    expect((await problemOf(validate({ subject: { kind: 'step', runId, step: 'chek' } }))).nearest).toBe('check')
    const environment = await problemOf(validate({ environment: 'SERVNG' }))
    expect(environment).toMatchObject({ code: 'invalid-usage', nearest: 'SERVING' })
    expect((await problemOf(validate({ schemaFile: '../outside.yaml' }))).code).toBe('path-outside-project')
  })

  it('accepts an anomaly as a commit of the schema file alone', async () => {
    const accept = (type: ReportedAnomaly['type'], column: string) =>
      client.call('acceptAnomaly', {
        params: { id: projectId },
        body: { subject: dataset, schemaFile: 'schemas/checked.yaml', anomaly: { type, column } },
      })
    await writeFile(join(project, 'notes.md'), 'not part of it')
    const accepted = await accept('ENUM_TYPE_UNEXPECTED_STRING_VALUES', 'origin')
    expect(accepted.before).toBe(schema)
    expect(accepted.after).toBe(schema.replace('[ATL, JFK]', '[ATL, JFK, LAX]'))
    expect(await readFile(join(project, accepted.file), 'utf8')).toBe(accepted.after)
    expect(accepted).toMatchObject({
      commit: { subject: 'Accept ENUM_TYPE_UNEXPECTED_STRING_VALUES of origin in schemas/checked.yaml' },
      note: null,
    })
    expect(git('show', '--name-only', '--format=', 'HEAD').trim()).toBe('schemas/checked.yaml')
    expect(git('status', '--porcelain').trim()).toBe('?? notes.md')
    expect(kinds((await validate()).anomalies)).toEqual([['INT_TYPE_BIG_INT', 'delay']])
    expect((await problemOf(accept('ENUM_TYPE_UNEXPECTED_STRING_VALUES', 'origin'))).code).toBe('conflict')

    await writeFile(join(project, 'schemas/checked.yaml'), `${accepted.after}# changed\n`)
    const second = await accept('INT_TYPE_BIG_INT', 'delay')
    expect(second.commit).toBeNull()
    expect(second.note).toContain('held other changes')
    expect(second.after).toContain('max: 75')
    expect((await validate()).anomalies).toEqual([])
  })
})

interface Sent {
  readonly name?: string
  readonly headers?: Record<string, string>
  readonly body?: string
}

/** Sends as a browser does; `cut`: the connection ends in the middle. */
function upload({ name = 'people.csv', headers = {}, body = 'a,b\n1,2\n' }: Sent, cut = false) {
  const { controlUrl } = engine.info()
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const request = sendRequest(
      `${controlUrl}${uploadPath}?name=${encodeURIComponent(name)}`,
      {
        method: 'POST',
        headers: {
          authorization: `Bearer ${engine.token}`,
          'content-type': 'application/octet-stream',
          'content-length': cut ? '1000000' : String(Buffer.byteLength(body)),
          ...headers,
        },
      },
      (response) => {
        let text = ''
        response.on('data', (part) => {
          text += part
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
      },
    )
    request.on('error', reject)
    request.write(body)
    if (cut) setTimeout(() => request.destroy(new Error('cut')), 100)
    else request.end()
  })
}

async function uploads(): Promise<string[]> {
  return readdir(join(folder, 'home', 'uploads')).catch(() => [])
}

describe('uploads', () => {
  it('are kept under a plain name in the home', async () => {
    const { status, text } = await upload({ name: '../../etc/pass wd?.csv' })
    expect(status).toBe(200)
    const { path, bytes } = uploadAnswerSchema.parse(JSON.parse(text))
    expect(bytes).toBe(8)
    expect(path.slice(join(folder, 'home', 'uploads').length)).toMatch(/^[\\/][^\\/]+[\\/]pass wd_\.csv$/)
    const preview = await client.call('previewDataFile', { body: { path } })
    expect(preview).toMatchObject({ spec: { path: 'pass wd_.csv', format: 'csv' }, page: { rows: [[1, 2]], total: 1 } })
  })

  it('are refused as all else is, and leave nothing when they end early', async () => {
    const before = await uploads()
    expect((await upload({ headers: { authorization: 'Bearer wrong' } })).status).toBe(401)
    expect((await upload({ headers: { origin: 'http://evil.example' } })).status).toBe(403)
    expect((await upload({ headers: { 'content-type': 'application/json' } })).status).toBe(415)
    expect((await upload({ body: '' })).status).toBe(400)
    expect((await upload({ name: '../..' })).status).toBe(400)
    await expect(upload({}, true)).rejects.toThrow('cut')
    await expect.poll(uploads).toEqual(before)
  })

  it('become projects, with the columns that a person chooses', async () => {
    const rows = Array.from(
      { length: 60 },
      (_, index) => `${index},${index % 7},${index % 3},${index % 2 ? 'buys' : 'leaves'}`,
    )
    const body = `id,size,colour,bought\n${rows.join('\n')}\n`
    const { path } = uploadAnswerSchema.parse(JSON.parse((await upload({ name: 'Sales.csv', body })).text))
    const advice = await client.call('adviseDataFile', { body: { path, target: 'bought' } })
    expect(advice).toMatchObject({ task: 'binary', target: 'bought', classes: ['buys', 'leaves'] })
    expect(advice.columns).toMatchObject([{ name: 'id', use: false }, { name: 'size', use: true }, { name: 'colour' }])
    const init = (use: Record<string, boolean>) =>
      client.call('initProject', { body: { path: join(folder, 'sales'), data: path, target: 'bought', use } })
    expect(await problemOf(init({ sise: true }))).toMatchObject({ code: 'column-not-found', nearest: 'size' })
    expect((await problemOf(init({ bought: false }))).code).toBe('invalid-usage')
    expect((await problemOf(init({ size: false, colour: false }))).code).toBe('invalid-usage')
    const report = await init({ size: false, id: true })
    expect(report.columns.map(({ name, used }) => [name, used])).toEqual([
      ['id', true],
      ['size', false],
      ['colour', true],
    ])
    const pipeline = await readFile(join(folder, 'sales', 'pipelines', 'train.yaml'), 'utf8')
    expect(pipeline).toContain('- size # left out by choice')
    expect(pipeline).not.toContain('- id')
    expect(await readFile(join(folder, 'sales', 'data', 'Sales.csv'), 'utf8')).toBe(body)
    await expect(readFile(path)).rejects.toThrow('ENOENT')
  })
})
