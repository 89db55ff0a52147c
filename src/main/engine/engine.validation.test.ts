/** Data validation end to end: real runs of a project under git, through the engine and its HTTP API. */
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { anomalyReportSchema } from '#shared/anomalies.ts'
import type { Run } from '#shared/runs.ts'
import { Engine } from './engine.ts'
import { createProjectClient, type ProjectClient } from './testing/project-client.ts'

let folder = ''
let project = ''
let projectId = ''
let engine: Engine
let client: ProjectClient

const schema = `# What orders look like.
rows: { min: 50, minFractionOfPrevious: 0.5 }
checks:
  paid before it is sent: sent >= paid
columns:
  id: { type: text, presence: { minFraction: 1 }, domain: { pattern: "[A-Z]{2}-[0-9]{3}" }, unique: { minFraction: 1 }, drift: false }
  month: { type: integer, drift: false }
  channel:
    type: text
    presence: { minFraction: 1 }
    domain: { values: [web, shop] } # the phone is gone
    drift: { measure: l-infinity, threshold: 0.2 }
  paid: { type: integer }
  sent: { type: integer }
`

/** @param webShare of ten orders */
function orders(
  month: number,
  count: number,
  webShare: number,
  spoil: (line: string, index: number) => string,
): string[] {
  return Array.from({ length: count }, (_, index) => {
    const id = `${String.fromCharCode(64 + month)}A-${String(index).padStart(3, '0')}`
    const line = `${id},${month},${index % 10 < webShare ? 'web' : 'shop'},${index % 7},${(index % 7) + 1}`
    return spoil(line, index)
  })
}

const clean = (line: string) => line
const pipeline = `name: check
parameters: { month: 2 }
steps:
  extract: { uses: data/extract, with: { dataset: orders, where: "month = \${{ params.month }}" } }
  before: { uses: data/extract, with: { dataset: orders, where: "month = 1" } }
  stats: { uses: data/statistics, in: { data: extract } }
  stats-before: { uses: data/statistics, in: { data: before } }
  check: # both verdicts
    uses: data/validate
    in: { statistics: stats, data: extract, previous: stats-before }
    with: { schema: schemas/orders.yaml }
  learn: # only when values moved
    uses: data/split
    in: { data: extract }
    needs: [check]
    when: steps.check.values.retrain
`

function git(...command: string[]): string {
  return execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.org', ...command], {
    cwd: project,
    encoding: 'utf8',
  })
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'esteira-validation-'))
  project = join(folder, 'orders')
  for (const name of ['schemas', 'pipelines']) await mkdir(join(project, name), { recursive: true })
  const lines = [
    ...orders(1, 200, 5, clean),
    ...orders(2, 200, 5, clean),
    // Values moved: nine of ten orders come from the web.
    ...orders(3, 200, 9, clean),
    // Something is broken: ids of another form, a channel that is gone, orders that were sent before they were paid.
    ...orders(4, 200, 5, (line, index) => {
      if (index === 10) return line.replace('DA-010', 'nonsense')
      if (index === 20) return line.replace(/web|shop/, 'phone')
      return index === 30 ? line.replace(/\d+$/, '0') : line
    }),
  ]
  await writeFile(join(project, 'orders.csv'), `id,month,channel,paid,sent\n${lines.join('\n')}\n`)
  await writeFile(join(project, 'esteira.yaml'), 'name: orders\ndatasets:\n  orders: { path: orders.csv }\n')
  await writeFile(join(project, 'schemas/orders.yaml'), schema)
  await writeFile(join(project, 'pipelines/check.yaml'), pipeline)
  git('init', '--quiet')
  git('config', 'user.name', 'T')
  git('config', 'user.email', 't@example.org')
  git('add', '.')
  git('commit', '--quiet', '--message', 'Start')
  engine = await Engine.start({ home: join(folder, 'home'), port: 0, inferencePort: 0, background: false })
  client = createProjectClient(engine)
  projectId = (await client.call('addProject', { body: { path: project } })).id
})
afterAll(async () => {
  await engine.stop()
  await rm(folder, { recursive: true, force: true })
})

async function run(month: number): Promise<Run> {
  const { id } = await client.call('startRun', {
    body: { projectId, pipeline: 'check', parameters: { month }, startedBy: 'test' },
  })
  await engine.runs.ended(id)
  return engine.runs.get(id)
}

const step = (ended: Run, name: string) => ended.steps.find((one) => one.name === name)

async function reportOf(ended: Run) {
  const hash = step(ended, 'check')?.outputs.anomalies ?? ''
  return anomalyReportSchema.parse(await client.call('getArtifactJson', { params: { hash, file: 'anomalies.json' } }))
}

describe('L1.7: data validation before training decides by itself', () => {
  it('L1.7: data like before passes, and nothing is trained anew', async () => {
    const ended = await run(2)
    expect(ended.status).toBe('succeeded')
    expect(step(ended, 'check')?.values).toMatchObject({ anomalies: 0, stop: false, retrain: false, compared: 3 })
    expect(step(ended, 'learn')?.status).toBe('skipped')
  })

  it('L1.7: value skew asks to retrain, with its evidence, and never stops', async () => {
    const ended = await run(3)
    expect(ended.status).toBe('succeeded')
    expect(step(ended, 'check')?.values).toMatchObject({ stop: false, retrain: true, drifted: ['channel'] })
    expect(step(ended, 'learn')?.status).toBe('succeeded')
    const { verdicts, anomalies, comparisons } = await reportOf(ended)
    expect(verdicts).toMatchObject({
      schema: { stop: false, errors: 0 },
      values: { retrain: true, drifted: ['channel'] },
    })
    expect(anomalies.map(({ type, severity, rule, column }) => [type, severity, rule, column])).toEqual([
      ['COMPARATOR_L_INFTY_HIGH', 'WARNING', 'drift', 'channel'],
    ])
    expect(comparisons.find(({ feature }) => feature === 'channel')).toMatchObject({
      measure: 'l-infinity',
      threshold: 0.2,
      drifted: true,
      comparator: 'drift',
    })
    expect(comparisons.find(({ feature }) => feature === 'channel')?.value).toBeCloseTo(0.4, 10)
  })

  it('L1.7: schema skew stops the pipeline; the anomalies are kept with rows that show them', async () => {
    const ended = await run(4)
    expect(ended.status).toBe('failed')
    expect(ended.error).toMatchObject({ code: 'data-invalid', where: 'schemas/orders.yaml' })
    expect(step(ended, 'learn')?.status).toBe('skipped')
    expect(step(ended, 'check')).toMatchObject({ status: 'failed', values: { stop: true, errors: 3, retrain: false } })
    const { anomalies } = await reportOf(ended)
    expect(
      anomalies.map(({ type, column, figures, rows }) => [type, column, figures?.faulty, rows?.rows[0]?.[0]]),
    ).toEqual([
      ['CUSTOM_VALIDATION', undefined, 1, 31],
      ['ENUM_TYPE_UNEXPECTED_STRING_VALUES', 'id', 1, 11],
      ['ENUM_TYPE_UNEXPECTED_STRING_VALUES', 'channel', 1, 21],
    ])
    const report = await client.call('validateData', {
      params: { id: projectId },
      body: { subject: { kind: 'step', runId: ended.id, step: 'check' } },
    })
    expect(report.anomalies.map(({ quarantinable }) => quarantinable)).toEqual([true, true, true])
    expect(report.verdicts.schema).toEqual({ stop: true, errors: 3, warnings: 0 })
    expect(report.quarantine).toEqual([
      { pipeline: 'check', file: 'pipelines/check.yaml', after: 'extract', step: null },
    ])
  })

  it('one click puts the rows aside: an edit of the pipeline, committed, and the same data passes', async () => {
    const changed = await client.call('quarantineRows', {
      params: { id: projectId },
      body: { pipeline: 'check', after: 'extract', schemaFile: 'schemas/orders.yaml', environment: 'TRAINING' },
    })
    expect(changed.commit?.subject).toBe('Quarantine rows that break schemas/orders.yaml in pipelines/check.yaml')
    expect(changed.before).toBe(pipeline)
    expect(changed.after).toContain('check: # both verdicts')
    const ended = await run(4)
    expect(ended.status).toBe('succeeded')
    expect(step(ended, 'quarantine')?.values).toMatchObject({ rows: 197, quarantined: 3, share: 0.015 })
    expect(step(ended, 'check')?.values).toMatchObject({ errors: 0, stop: false })
    const aside = await client.call('readArtifactTable', {
      params: { hash: step(ended, 'quarantine')?.outputs.quarantined ?? '', file: 'data.parquet' },
      query: { offset: 0, limit: 10 },
    })
    expect(aside.rows.map((row) => row.at(-1))).toEqual([
      'ENUM_TYPE_UNEXPECTED_STRING_VALUES id',
      'ENUM_TYPE_UNEXPECTED_STRING_VALUES channel',
      'CUSTOM_VALIDATION paid before it is sent',
    ])
    const again = client.call('quarantineRows', {
      params: { id: projectId },
      body: { pipeline: 'check', after: 'extract', schemaFile: 'schemas/orders.yaml' },
    })
    await expect(again).rejects.toMatchObject({ problem: { code: 'conflict' } })
  })

  it('a share beyond the limit stops, and what was put aside can still be looked at', async () => {
    const path = join(project, 'pipelines/check.yaml')
    const text = await readFile(path, 'utf8')
    await writeFile(path, text.replace('schema: schemas/orders.yaml', 'schema: schemas/orders.yaml, maxFraction: 0.01'))
    expect(await readFile(path, 'utf8')).toContain('maxFraction')
    const ended = await run(4)
    expect(ended.error).toMatchObject({ code: 'data-invalid', found: '1.5 %', allowed: 'at most 1 %' })
    expect(step(ended, 'quarantine')?.outputs.quarantined).toMatch(/^[0-9a-f]{64}$/)
    await writeFile(path, text)
  })

  it('a malformed schema stops with its problems at their places, as anomalies of TFDV', async () => {
    const path = join(project, 'schemas/orders.yaml')
    await writeFile(path, schema.replace('domain: { values: [web, shop] }', 'domain: { values: [web, web], min: 3 }'))
    const validated = await client.call('validateData', {
      params: { id: projectId },
      body: { subject: { kind: 'dataset', dataset: 'orders' }, schemaFile: 'schemas/orders.yaml' },
    })
    expect(validated.anomalies.map(({ type, column }) => [type, column])).toEqual([
      ['DOMAIN_INVALID_FOR_TYPE', 'channel'],
      ['INVALID_DOMAIN_SPECIFICATION', 'channel'],
    ])
    expect(validated.verdicts.schema.stop).toBe(true)
    await writeFile(path, schema)
  })

  it('proposes what the data would add to the schema, and changes nothing', async () => {
    const { proposals, kept, sha256 } = await client.call('proposeSchema', {
      params: { id: projectId, name: 'orders' },
      body: { file: 'schemas/orders.yaml' },
    })
    expect(proposals.map(({ column, key }) => [column, key])).toEqual([
      ['id', 'skew'],
      ['month', 'presence'],
      ['paid', 'presence'],
      ['sent', 'presence'],
    ])
    expect(kept).toEqual([])
    expect(sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(await readFile(join(project, 'schemas/orders.yaml'), 'utf8')).toBe(schema)
  })
})
