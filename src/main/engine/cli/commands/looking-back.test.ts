/** The commands that tell what was and go back to it, in processes of their own that attach to one running engine. */
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { examinationSchema } from '#shared/doctor.ts'
import { datasetDriftSchema, driftHistorySchema } from '#shared/drift.ts'
import { lineageAnswerSchema } from '#shared/lineage.ts'
import { reproductionSchema } from '#shared/reproduction.ts'
import { rollBackSchema } from '#shared/roll-back.ts'
import { cleanUpPreviewSchema, cleanUpReportSchema } from '#shared/settings.ts'
import { parseFeatureView } from '../../features/views.ts'
import { homeAt, readEngineFile } from '../../kernel/home.ts'

const launcher = fileURLToPath(new URL('../esteira.js', import.meta.url))

let folder: string
let home: string
let project: string
let engine: ChildProcess
let runId: string

/** Two months of readings, the second of them higher; a view and a pipeline over them. */
function writeProject(path: string): void {
  for (const part of ['pipelines', 'features']) mkdirSync(join(path, part), { recursive: true })
  const rows = ['2001-01', '2001-02'].flatMap((month, shift) =>
    Array.from({ length: 280 }, (_, row) => {
      const day = String((row % 28) + 1).padStart(2, '0')
      return `${month}-${day},p${row % 5},${((row * 37) % 100) + 60 * shift}`
    }),
  )
  writeFileSync(join(path, 'readings.csv'), `day,plant,value\n${rows.join('\n')}\n`)
  writeFileSync(join(path, 'esteira.yaml'), 'name: plants\ndatasets:\n  readings: { path: readings.csv, time: day }\n')
  writeFileSync(join(path, 'pipelines', 'look.yaml'), pipeline(100))
  writeFileSync(join(path, 'features', 'levels.yaml'), view('1d'))
  for (const args of [
    ['init', '--quiet'],
    ['config', 'user.name', 'Ada'],
    ['config', 'user.email', 'ada@example.org'],
  ])
    git(...args)
  commit('Begin')
}

const pipeline = (limit: number) => `name: look
steps:
  extract: { uses: data/extract, with: { dataset: readings, limit: ${limit} } }
  stats: { uses: data/statistics, in: { data: extract } }
`
const view = (ttl: string) => `name: levels
entity: plant
eventTime: day
ttl: ${ttl}
query: select plant, day, avg(value) as level from readings group by all
`
const git = (...args: string[]) => execFileSync('git', args, { cwd: project, encoding: 'utf8' })
const commit = (message: string) => {
  git('add', '.')
  git('commit', '--quiet', '-m', message)
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'esteira-cli-back-'))
  home = join(folder, 'home')
  project = join(folder, 'project')
  writeProject(project)
  const serve = ['serve', '--port', '0', '--inference-port', '0', '--json']
  engine = spawn(process.execPath, [launcher, '--home', home, ...serve], { stdio: ['ignore', 'pipe', 'ignore'] })
  if (engine.stdout === null) throw new Error('stdout is a pipe')
  await once(engine.stdout, 'data')
  const run = await json(z.looseObject({ id: z.string(), status: z.string() }), 'run', 'look', '--project', project)
  expect(run.status).toBe('succeeded')
  runId = run.id
}, 60_000)
afterAll(async () => {
  await stopEngine()
  rmSync(folder, { recursive: true })
})

async function stopEngine(): Promise<void> {
  if (engine.exitCode !== null) return
  const ended = once(engine, 'exit')
  engine.kill()
  await ended
}

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

function esteira(...args: string[]): Promise<Ended> {
  const env = { ...process.env, NO_COLOR: '1' }
  return new Promise((done) =>
    execFile(process.execPath, [launcher, '--home', home, ...args], { env }, (error, stdout, stderr) => {
      done({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
    }),
  )
}

/** The one document on stdout of a command that succeeds. */
async function json<Schema extends z.ZodType>(schema: Schema, ...args: string[]): Promise<z.output<Schema>> {
  const { code, stdout, stderr } = await esteira(...args, '--json')
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
  return schema.parse(JSON.parse(stdout))
}

describe('esteira drift', () => {
  test('a window against another, and every stretch against the first', async () => {
    const window = ['drift', 'readings', '--from', '2001-02-01', '--against', '2001-01-01..2001-02-01']
    const drift = await json(datasetDriftSchema, ...window)
    expect(drift).toMatchObject({ dataset: 'readings', spans: 28, report: { currentRows: 280, referenceRows: 280 } })
    const value = drift.report.results.find(({ feature }) => feature === 'value')
    expect(value).toMatchObject({ drifted: true })
    const { stdout } = await esteira(...window)
    expect(stdout).toContain('readings 2001-02-01 to last day (280 rows, 28 days) against readings 2001-01-01')
    expect(stdout).toMatch(/value +drifted +jensen-shannon-divergence/)
    expect(stdout).toMatch(/plant +stable +l-infinity/)
    expect(stdout).toMatch(/Weighted drift 0\.\d+: retrain\./)

    const [plants] = await json(z.array(z.object({ id: z.string() })), 'projects')
    for (const choice of ['plants', project, plants?.id ?? '']) {
      const chosen = await json(datasetDriftSchema, ...window, '--project', choice)
      expect(chosen.report).toEqual(drift.report)
    }
    const unknown = await esteira(...window, '--project', 'plant')
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('plants') })

    const history = await json(driftHistorySchema, 'drift', 'readings', '--by', 'month')
    expect(history.spans.map(({ from, verdict }) => [from, verdict])).toEqual([
      ['2001-01-01', 'stable'],
      ['2001-02-01', 'retrain'],
    ])
  })

  test('what cannot be asked is refused with the way to ask it', async () => {
    const nothing = await esteira('drift', 'readings', '--from', '2001-02-01')
    expect(nothing).toMatchObject({ code: 2, stdout: '' })
    expect(nothing.stderr).toContain('Give --against')
    const unknown = await esteira('drift', 'readngs', '--json')
    expect(JSON.parse(unknown.stdout)).toMatchObject({ error: { code: 'dataset-not-found', nearest: 'readings' } })
  })
})

describe('esteira lineage', () => {
  test('a dataset leads to what was made of it, and a column to what would be stale', async () => {
    const answer = await json(lineageAnswerSchema, 'lineage', 'dataset:readings')
    expect(answer.node).toMatchObject({ kind: 'dataset', label: 'readings' })
    expect(answer.downstream.nodes.map(({ label }) => label)).toEqual(expect.arrayContaining(['extract', 'stats']))
    const { stdout } = await esteira('lineage', 'column:readings.value')
    expect(stdout).toContain('column value (readings)')
    expect(stdout).toContain('Stale if it changed:')
    expect(stdout).toMatch(/feature-view +levels/)
  })

  test('the events of a run are written one a line; a thing that is not there ends with an error', async () => {
    const { stdout } = await esteira('lineage', 'export', '--run', runId)
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => z.looseObject({ eventType: z.string() }).parse(JSON.parse(line)))
    expect(events.map(({ eventType }) => eventType)).toEqual(expect.arrayContaining(['START', 'COMPLETE']))
    const missing = await esteira('lineage', 'nothing/7')
    expect(missing.code).not.toBe(0)
    expect(missing.stderr).toContain('nothing')
  })
})

test('esteira runs reproduce: a run is made again from its commit and is identical', async () => {
  const { report, runId: first } = await json(reproductionSchema, 'runs', 'reproduce', runId)
  expect(first).toBe(runId)
  expect(report).toMatchObject({ verdict: 'identical' })
  expect(report?.steps.map(({ step, outcome }) => [step, outcome])).toEqual([
    ['extract', 'identical'],
    ['stats', 'identical'],
  ])
  const unknown = await esteira('runs', 'reproduce', '01nothing')
  expect(unknown.code).not.toBe(0)
  expect(unknown.stderr).toContain('01nothing')
})

test('esteira roll-back: a feature view goes back to an earlier definition, in a commit, and forth again', async () => {
  const file = join(project, 'features', 'levels.yaml')
  writeFileSync(file, view('2d'))
  commit('Longer')
  const earlier = versionOf(view('1d'))
  const args = ['roll-back', 'feature-view', 'levels', '--to', earlier, '--project', project]
  const preview = await json(rollBackSchema, ...args, '--dry-run')
  expect(preview).toMatchObject({ applied: false, commit: null, after: view('1d') })
  expect(readFileSync(file, 'utf8')).toBe(view('2d'))
  const { stdout } = await esteira(...args, '--reason', 'Too long.')
  expect(stdout).toContain('- ttl: 2d\n+ ttl: 1d\n')
  expect(stdout).toContain(`To undo: --to ${preview.from}`)
  expect(readFileSync(file, 'utf8')).toBe(view('1d'))
  expect(git('log', '-1', '--format=%B').trim()).toBe(`Roll features/levels.yaml back to ${earlier}\n\nToo long.`)
  const undo = ['roll-back', 'feature-view', 'levels', '--to', preview.from ?? '', '--project', project]
  expect((await esteira(...undo)).code).toBe(0)
  expect(readFileSync(file, 'utf8')).toBe(view('2d'))
})

function versionOf(text: string): string {
  const parsed = parseFeatureView(text, 'features/levels.yaml')
  if (!parsed.ok) throw new Error('the view of the test is not valid')
  return parsed.view.version
}

test('esteira doctor --repair: a damaged artifact is found, made again, and the next check finds nothing', async () => {
  expect((await esteira('doctor', '--repair')).stdout).toContain('All is well.')
  damageLargestFile()
  const repaired = await json(examinationSchema, 'doctor', '--repair')
  expect(repaired.findings).toMatchObject([{ kind: 'file-corrupt', outcome: 'repaired' }])
  expect((await esteira('doctor', '--repair')).stdout).toContain('All is well.')
})

function damageLargestFile(): void {
  const [largest = ''] = readdirSync(join(home, 'artifacts'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort((a, b) => statSync(b).size - statSync(a).size)
  chmodSync(largest, 0o600)
  const bytes = readFileSync(largest)
  bytes.write('damaged')
  writeFileSync(largest, bytes)
}

test('esteira clean-up: what would go is told, then goes, and what is needed stays', async () => {
  await keepForAMonth()
  // An engine that serves cleans up by itself; one that a command hosts does not.
  await stopEngine()
  makeOlder(40)
  const told = await json(cleanUpPreviewSchema, 'clean-up', '--dry-run')
  expect(told.runs.map(({ id }) => id)).toContain(runId)
  expect((await esteira('clean-up', '--dry-run')).stdout).toContain(
    `${told.runCount} runs, ${told.artifactCount} artifacts and ${told.cacheEntries} cache entries would go`,
  )
  const done = await json(cleanUpReportSchema, 'clean-up')
  expect(done).toEqual({
    removedRuns: told.runCount,
    removedArtifacts: told.artifactCount,
    freedBytes: told.freedBytes,
  })
  expect((await esteira('clean-up')).stdout).toBe('0 runs and 0 artifacts removed, 0.0 MB freed.\n')
})

async function keepForAMonth(): Promise<void> {
  const { controlUrl, token } = readEngineFile(homeAt(home)) ?? { controlUrl: '', token: '' }
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ retentionDays: 30, maxCacheBytes: 0 })
  expect((await fetch(`${controlUrl}/api/v1/settings`, { method: 'PUT', headers, body })).status).toBe(200)
}

/** As if everything in the home were from some days ago. */
function makeOlder(days: number): void {
  const then = Date.now() - days * 24 * 60 * 60_000
  const database = new DatabaseSync(join(home, 'metadata.db'))
  database.exec(`UPDATE run SET finished_at = ${then}; UPDATE artifact SET created_at = ${then}`)
  database.close()
  for (const entry of readdirSync(join(home, 'artifacts'), { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) utimesSync(join(entry.parentPath, entry.name), then / 1_000, then / 1_000)
  }
}
