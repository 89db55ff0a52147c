/** The command line as it is used: real processes, real engines, a real project. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { problemSchema } from '#shared/errors.ts'
import { homeAt, readEngineFile } from '../kernel/home.ts'

const launcher = fileURLToPath(new URL('./esteira.js', import.meta.url))

let folder: string
let home: string
let project: string
const children = new Set<ChildProcess>()

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'esteira-cli-'))
  home = join(folder, 'home')
  project = join(folder, 'project')
  writeProject(project)
})
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  children.clear()
})
afterAll(() => rmSync(folder, { recursive: true }))

/** 400 things, heavy or not by a simple rule: enough to learn from in a moment. */
function writeProject(path: string): void {
  mkdirSync(join(path, 'pipelines'), { recursive: true })
  const rows = Array.from({ length: 400 }, (_, row) => {
    const size = (row * 7919) % 100
    return `${size},${['red', 'green', 'blue'][row % 3]},${size + (row % 3) * 10 > 60 ? 'heavy' : 'light'}`
  })
  writeFileSync(join(path, 'things.csv'), ['size,colour,class', ...rows].join('\n'))
  writeFileSync(join(path, 'empty.csv'), 'size,colour,class\n')
  writeFileSync(
    join(path, 'esteira.yaml'),
    'name: things\ndatasets:\n  things: { path: things.csv }\n  none: { path: empty.csv }\n',
  )
  writeFileSync(join(path, 'pipelines', 'train.yaml'), trainPipeline)
}

const trainPipeline = `name: train
parameters: { dataset: things, epochs: 5 }
steps:
  extract:  { uses: data/extract, with: { dataset: "\${{ params.dataset }}" } }
  split:    { uses: data/split, in: { data: extract }, with: { test: 0.2 } }
  prepare:  { uses: data/prepare, in: { data: split }, with: { target: class } }
  train:    { uses: model/train, in: { data: prepare }, with: { trainer: linear, epochs: "\${{ params.epochs }}", patience: 10000 } }
  evaluate: { uses: model/evaluate, in: { model: train, data: prepare } }
  register: { uses: model/register, in: { model: train, evaluation: evaluate }, with: { model: things } }
  deploy:   { uses: model/deploy, in: { version: register } }
`

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** Waits until the text has come on stderr or stdout. */
  until(text: string): Promise<void>
}

function start(args: readonly string[], options: { node?: string; cwd?: string } = {}): Running {
  const child = spawn(options.node ?? process.execPath, [launcher, '--home', home, ...args], {
    cwd: options.cwd,
    env: { ...process.env, NO_COLOR: '1' },
  })
  children.add(child)
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (part) => {
    stdout += String(part)
  })
  child.stderr.on('data', (part) => {
    stderr += String(part)
  })
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })))
  const until = async (text: string) => {
    for (let waited = 0; !(stdout + stderr).includes(text); waited += 20) {
      if (waited > 20_000 || child.exitCode !== null) throw new Error(`"${text}" never came, only:\n${stdout}${stderr}`)
      await delay(20)
    }
  }
  return { child, ended, until }
}

const esteira = (...args: string[]) => start(args).ended

/** Everything on stdout is one JSON document. */
const json = (ended: Ended): unknown => JSON.parse(ended.stdout)
const problemOf = (ended: Ended) => z.strictObject({ error: problemSchema }).parse(json(ended)).error

const runSchema = z.strictObject({
  id: z.string(),
  pipeline: z.string(),
  status: z.string(),
  seconds: z.number(),
  steps: z.array(z.strictObject({ name: z.string(), status: z.string(), seconds: z.number(), cached: z.boolean() })),
  metrics: z.record(z.string(), z.number()),
  version: z.strictObject({ model: z.string(), version: z.number(), aliases: z.array(z.string()) }).nullable(),
  error: problemSchema.nullable(),
})

describe('usage', () => {
  test('help names every command', async () => {
    const help = await esteira('--help')
    expect(help.code).toBe(0)
    for (const name of [
      'init',
      'run',
      'validate',
      'serve',
      'open',
      'stop',
      'projects',
      'runs',
      'models',
      'deploy',
      'endpoints',
      'predict',
      'requests',
      'feedback',
      'triggers',
      'doctor',
    ]) {
      expect(help.stdout).toMatch(new RegExp(`^ {2}${name} `, 'm'))
    }
  })

  test.each([
    [['runn'], 'There is no command "runn". Did you mean "run"?'],
    [['run', 'train', '--projct', '.'], 'Did you mean "--project"?'],
    [['serve', '--port', '70000'], 'A port is a number from 0 to 65535.'],
    [['predict', 'things', '--rows', '{oops'], 'The rows are not JSON.'],
    [['init', 'x', '--data', 'x.csv'], "Required option '--target <column>' not specified."],
  ])('%j is told apart from success by exit code 2', async (args, message) => {
    const ended = await esteira(...args, '--json')
    expect([ended.code, problemOf(ended).code]).toEqual([2, 'invalid-usage'])
    expect(ended.stderr).toContain(message)
  })

  const oldNode = findOldNode()
  test.skipIf(oldNode === undefined)('an older Node starts the one that comes with the package', async () => {
    const ended = await start(['--version', '--json'], { ...(oldNode !== undefined && { node: oldNode }) }).ended
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(json(ended)).toEqual({ version: expect.stringMatching(/^\d+\.\d+\.\d+/) })
    expect((await start(['runn'], { ...(oldNode !== undefined && { node: oldNode }) }).ended).code).toBe(2)
  })
})

function findOldNode(): string | undefined {
  const candidates = (process.env.PATH ?? '').split(delimiter).map((path) => join(path, 'node'))
  return candidates.find((path) => {
    if (!existsSync(path)) return false
    const major = Number(/^v(\d+)/.exec(execFileSync(path, ['--version']).toString())?.[1])
    return major >= 18 && major < 24
  })
}

describe('without an engine', () => {
  test('run does the whole job in its own process and leaves nothing behind', async () => {
    const parameters = ['--param', 'epochs=4', '--param', 'dataset=things']
    const ended = await esteira('run', 'train', '--project', project, ...parameters, '--json')
    expect([ended.code, ended.stderr]).toEqual([0, expect.stringContaining('✓ train')])
    const run = runSchema.parse(json(ended))
    expect(run).toMatchObject({ pipeline: 'train', status: 'succeeded', error: null })
    expect(run.steps.map((step) => step.name)).toEqual([
      'extract',
      'split',
      'prepare',
      'train',
      'evaluate',
      'register',
      'deploy',
    ])
    expect(run.version).toEqual({ model: 'things', version: 1, aliases: ['champion'] })
    expect(run.metrics.auc).toBeGreaterThan(0.8)
    expect(existsSync(homeAt(home).engineFilePath)).toBe(false)
  })

  test('what it made is there for the next command', async () => {
    const again = runSchema.parse(
      json(await esteira('run', 'train', '--project', project, '--param', 'epochs=4', '--json')),
    )
    expect(again.steps.find((step) => step.name === 'train')).toMatchObject({ status: 'succeeded', cached: true })
    const runs = await esteira('runs')
    expect(runs.stdout.split('\n')[1]).toMatch(/^\w{20} {2}train {5}succeeded/)
    const shown = await esteira('runs', 'show', again.id, '--json')
    // A parameter keeps the type that it has in the pipeline.
    expect(json(shown)).toMatchObject({ parameters: { epochs: 4, dataset: 'things' }, startedBy: 'cli' })
    const log = await esteira('runs', 'log', again.id, '--step', 'register')
    expect(log.stdout).toContain('register: Registered version 1 of things')
    const answer = await esteira(
      'predict',
      'things',
      '--json',
      '--rows',
      '[{"size":95,"colour":"blue"},{"size":2,"colour":"red"}]',
    )
    expect(json(answer)).toMatchObject({
      model: 'things',
      predictions: [{ prediction: 'heavy' }, { prediction: 'light' }],
    })
    const why = await esteira('predict', 'things', '--explain', '--rows', '{"size":95,"colour":"blue"}')
    expect(why.stdout).toMatch(/^input +probability of \S+ +error\n\(base\) +0\.\d+\n(size|colour) +[+-]?\d/)
    expect(why.stdout).toContain('= output')
  })

  test('a file is predicted into Parquet, its unpredictable rows told', async () => {
    const file = join(folder, 'new.csv')
    writeFileSync(file, `id,size,colour\n1,95,blue\n2,,red\n${'3,2,red\n'.repeat(100)}`)
    const output = join(folder, 'predicted.parquet')
    const ended = await esteira('predict', '--model', 'things@champion', '--file', file, '--output', output, '--json')
    expect(json(ended)).toMatchObject({
      ...{ status: 'succeeded', output, rows: 102, predicted: 101, failed: 1 },
      problems: [{ problem: 'size is missing', rows: 1, first: [2] }],
    })
    expect(readFileSync(output).subarray(0, 4).toString()).toBe('PAR1')
    const dataset = await esteira('predict', 'things', '--dataset', 'things', '--output', output)
    expect(dataset.stdout).toMatch(/^400 of 400 rows predicted, written to .*\n.*accuracy/)
    const wrong = await esteira('predict', 'things', '--file', join(folder, 'no.csv'), '--output', output, '--json')
    expect([wrong.code, problemOf(wrong).code]).toEqual([2, 'invalid-usage'])
    const stray = await esteira('predict', 'things', '--keep', 'id', '--rows', '[]', '--json')
    expect(stray.stderr).toContain('--keep needs --output')
  })

  test('a run that fails for its data exits 2 and says which step and why', async () => {
    const ended = await esteira('run', 'train', '--project', project, '--param', 'dataset=none', '--json')
    const run = runSchema.parse(json(ended))
    expect(run).toMatchObject({ status: 'failed', version: null, error: { code: 'dataset-empty' } })
    expect(ended.code).toBe(2)
    expect(ended.stderr).toContain('✗ extract')
  })

  test('a pipeline with errors exits 2 with every one of them, at its line', async () => {
    const broken = join(folder, 'broken')
    writeProject(broken)
    writeFileSync(
      join(broken, 'pipelines', 'train.yaml'),
      'name: train\nsteps:\n  a: { uses: data/extrct }\n  b: { usess: data/extract }\n',
    )
    const run = await esteira('run', 'train', '--project', broken, '--json')
    expect(run.code).toBe(2)
    const problem = problemOf(run)
    expect(problem.code).toBe('pipeline-invalid')
    expect(problem.problems?.map(({ line, nearest }) => [line, nearest])).toEqual(expect.arrayContaining([[4, 'uses']]))
    mkdirSync(join(broken, 'monitors'))
    writeFileSync(
      join(broken, 'monitors', 'watch.yaml'),
      'name: watch\nendpoint: things\nchecks: { a: { kind: trafic } }\n',
    )
    const validate = await esteira('validate', '--project', broken)
    expect([validate.code, validate.stdout]).toEqual([2, expect.stringContaining('pipelines/train.yaml:4')])
    expect(validate.stdout).toContain('monitors/watch.yaml:3')
  })

  test('a folder without a project exits 2', async () => {
    const ended = await esteira('validate', '--project', folder, '--json')
    expect([ended.code, problemOf(ended).code]).toEqual([2, 'project-not-found'])
  })

  test('Ctrl-C cancels the run in order', async () => {
    const running = start(['run', 'train', '--project', project, '--param', 'epochs=9999', '--json'])
    await running.until('… train')
    running.child.kill('SIGINT')
    const ended = await running.ended
    const run = runSchema.parse(json(ended))
    expect(run.status).toBe('cancelled')
    expect(ended.code).toBe(1)
    expect(existsSync(homeAt(home).engineFilePath)).toBe(false)
  })

  test('Ctrl-C twice ends the process at once; the run resumes and can still be cancelled', async () => {
    const running = start(['run', 'train', '--project', project, '--param', 'epochs=9998'])
    await running.until('… train')
    running.child.kill('SIGINT')
    await running.until('Cancelling the run')
    running.child.kill('SIGINT')
    // 130, unless the run was cancelled sooner than the second signal came.
    expect((await running.ended).code).not.toBe(0)
    const runs = z.object({ items: z.array(z.object({ id: z.string(), status: z.string() })) })
    const [last] = runs.parse(json(await esteira('runs', '--limit', '1', '--json'))).items
    if (last?.status === 'running') expect((await esteira('runs', 'cancel', last.id)).stdout).toContain('cancelled')
    else expect(last?.status).toBe('cancelled')
  })

  test('doctor finds a damaged artifact, and the rest well', async () => {
    const damaged =
      execFileSync('find', [homeAt(home).artifactsPath, '-type', 'f'])
        .toString()
        .split('\n')[0] ?? ''
    const content = readFileSync(damaged)
    execFileSync('chmod', ['u+w', damaged])
    writeFileSync(damaged, 'other')
    const sick = await esteira('doctor')
    writeFileSync(damaged, content)
    expect(sick.code).toBe(1)
    expect(sick.stdout).toMatch(/✗ artifacts +1 of \d+ are damaged/)
    expect(sick.stdout.match(/^✗/gm)).toHaveLength(1)
  })
})

describe('with an engine', () => {
  async function serve(): Promise<Running> {
    const engine = start(['serve', '--port', '0', '--inference-port', '0', '--json'])
    await engine.until('uiUrl')
    return engine
  }

  test('commands use the one that runs; stop ends it in order', async () => {
    const engine = await serve()
    const file = readEngineFile(homeAt(home))
    expect(file?.pid).toBe(engine.child.pid)
    expect(statSync(homeAt(home).engineFilePath).mode & 0o077).toBe(0)
    const second = await esteira('serve', '--port', '0', '--inference-port', '0', '--json')
    expect([second.code, problemOf(second).code]).toEqual([1, 'home-in-use'])
    const doctor = await esteira('doctor')
    expect(doctor.stdout).toContain(`process ${file?.pid} at ${file?.controlUrl}`)
    const open = await esteira('open', '--print')
    expect(open.stdout).toBe(`${file?.controlUrl}/#token=${file?.token}\n`)
    expect(runSchema.parse(json(await esteira('run', 'train', '--project', project, '--json'))).status).toBe(
      'succeeded',
    )
    expect((await esteira('stop')).stdout).toContain('has stopped')
    expect((await engine.ended).code).toBe(0)
    expect(readEngineFile(homeAt(home))).toBeUndefined()
    expect((await esteira('stop')).stdout).toContain('No engine is running')
  })

  test('SIGTERM stops it in order', async () => {
    const engine = await serve()
    engine.child.kill('SIGTERM')
    expect((await engine.ended).code).toBe(0)
    expect(readEngineFile(homeAt(home))).toBeUndefined()
  })

  test('the engine.json of one that was killed is passed over', async () => {
    const engine = await serve()
    engine.child.kill('SIGKILL')
    await engine.ended
    expect(readEngineFile(homeAt(home))).toBeDefined()
    expect((await esteira('models')).stdout).toContain('things')
    const none = await esteira('open', '--json')
    expect([none.code, problemOf(none).code]).toEqual([1, 'engine-unreachable'])
  })

  test('a run outlives the engine it began in', async () => {
    const engine = await serve()
    const running = start(['run', 'train', '--project', project, '--param', 'epochs=80', '--no-cache', '--json'])
    await running.until('… train')
    engine.child.kill('SIGKILL')
    const ended = await running.ended
    expect(ended.stderr).toContain('the run goes on in this process')
    expect(runSchema.parse(json(ended))).toMatchObject({ status: 'succeeded', version: { model: 'things' } })
    expect(ended.code).toBe(0)
  })
})
