import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'

const run = promisify(execFile)
const root = fileURLToPath(new URL('..', import.meta.url))
const launcher = join(root, 'src/main/engine/cli/esteira.js')

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'esteira-readme-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** One JSON document and nothing else on stdout. */
async function jsonOf<Schema extends z.ZodType>(schema: Schema, script: string, ...args: string[]) {
  const env = { ...process.env, ESTEIRA_HOME: join(folder, 'home') }
  const { stdout } = await run(process.execPath, [script, ...args], { cwd: root, env, maxBuffer: 10_000_000 })
  return schema.parse(JSON.parse(stdout))
}

const demoSchema = z.strictObject({
  runs: z.array(z.strictObject({ id: z.string(), pipeline: z.string(), status: z.string(), seconds: z.number() })),
  versions: z.array(
    z.object({
      model: z.string(),
      version: z.number(),
      aliases: z.array(z.string()),
      metrics: z.object({ auc: z.number() }),
    }),
  ),
  drift: z.array(
    z.strictObject({
      feature: z.string(),
      measure: z.string(),
      value: z.number().nullable(),
      threshold: z.number(),
      drifted: z.boolean(),
    }),
  ),
  decision: z.strictObject({ promoted: z.boolean(), reason: z.string().min(20) }),
  predictions: z.array(z.object({ row: z.object({ origin: z.string() }), probability: z.number() })),
  endpoint: z.strictObject({ name: z.string(), version: z.number(), url: z.url() }),
})

test('npm run demo does the main job, and the model trained without March reaches AUC 0.63 on it', async () => {
  const demo = await jsonOf(demoSchema, join(root, 'scripts/demo.ts'), '--json')
  expect(demo.runs.map(({ pipeline, status }) => `${pipeline} ${status}`)).toEqual([
    'train succeeded',
    'watch succeeded',
    'train succeeded',
  ])
  expect(demo.versions.map(({ version }) => version)).toEqual([1, 2])
  expect(demo.versions[0]?.metrics.auc).toBeGreaterThanOrEqual(0.63)
  expect(demo.drift.map(({ feature }) => feature)).toEqual([
    'distance',
    'origin',
    'destination',
    'origin_late_share',
    'late',
  ])
  const champion = demo.versions.find(({ aliases }) => aliases.includes('champion'))
  expect(champion?.version).toBe(demo.decision.promoted ? 2 : 1)
  expect(demo.endpoint.version).toBe(champion?.version)
  expect(demo.predictions).toHaveLength(3)
}, 300_000)

const runSchema = z.strictObject({
  id: z.string(),
  pipeline: z.string(),
  status: z.string(),
  seconds: z.number(),
  steps: z.array(z.strictObject({ name: z.string(), status: z.string(), seconds: z.number(), cached: z.boolean() })),
  metrics: z.record(z.string(), z.number()),
  version: z.strictObject({ model: z.string(), version: z.number(), aliases: z.array(z.string()) }).nullable(),
  error: z.null(),
})

test('a first project from one file runs unedited, and again from the cache', async () => {
  const project = join(folder, 'species')
  const data = join(root, 'node_modules/vega-datasets/data/penguins.json')
  await jsonOf(
    z.object({ task: z.literal('multiclass') }),
    launcher,
    'init',
    project,
    '--data',
    data,
    '--target',
    'Species',
    '--json',
  )
  const first = await jsonOf(runSchema, launcher, 'run', 'train', '--project', project, '--json')
  expect(first).toMatchObject({ status: 'succeeded', version: { model: 'species', version: 1, aliases: ['champion'] } })
  expect(Object.keys(first.metrics).sort()).toEqual(['accuracy', 'logLoss', 'macroF1'])
  expect(first.metrics.accuracy).toBeGreaterThan(0.9)
  const again = await jsonOf(runSchema, launcher, 'run', 'train', '--project', project, '--json')
  expect(again.steps.filter(({ cached }) => !cached).map(({ name }) => name)).toEqual(['gate', 'register', 'deploy'])
  expect(again.version).toEqual(first.version)
}, 120_000)
