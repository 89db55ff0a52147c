/** Approvals and the log of what was deployed from the command line, as a person uses them: a process of its own, a real run, a real engine. */
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { resourcesPath } from '../../kernel/app-paths.ts'

const launcher = fileURLToPath(new URL('../esteira.js', import.meta.url))
const pipeline = `name: train
steps:
  extract: { uses: data/extract, with: { dataset: flights, limit: 2000 } }
  split: { uses: data/split, in: { data: extract } }
  prepare: { uses: data/prepare, in: { data: split }, with: { target: late } }
  train: { uses: model/train, in: { data: prepare }, with: { trainer: linear, epochs: 1 } }
  evaluate: { uses: model/evaluate, in: { model: train, data: prepare }, with: { importance: false } }
  gate: { uses: model/gate, in: { evaluation: evaluate }, with: { thresholds: { auc: 0.1 }, blessed: ask } }
  register: { uses: model/register, in: { model: train, verdict: gate }, with: { model: flights } }
  deploy: { uses: model/deploy, in: { version: register }, with: { endpoint: flights } }
`

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'esteira-approvals-'))
  const sample = join(resourcesPath, 'samples', 'flight-delay')
  for (const part of ['esteira.yaml', join('data', 'flights-2001-01.parquet')]) {
    cpSync(join(sample, part), join(folder, 'project', part), { recursive: true })
  }
  mkdirSync(join(folder, 'project', 'pipelines'), { recursive: true })
  writeFileSync(join(folder, 'project', 'pipelines', 'train.yaml'), pipeline)
})
afterAll(() => rmSync(folder, { recursive: true }))

async function esteira(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [launcher, '--home', join(folder, 'home'), ...args])
  return stdout
}

test('L1.8: a version that waits is listed, approved, promoted and deployed', async () => {
  expect(await esteira('models', 'approvals')).toBe('No version waits for a person.\n')
  await esteira('run', 'train', '--project', join(folder, 'project'))
  const [approval] = z
    .array(z.looseObject({ id: z.string() }))
    .parse(JSON.parse(await esteira('models', 'approvals', '--json')))
  expect(approval).toMatchObject({ model: 'flights', version: 1, alias: 'champion', endpoints: ['flights'] })
  const id = approval?.id ?? ''
  expect(await esteira('models', 'approvals')).toMatch(/flights\/1 +pending +@champion, flights /)
  expect(await esteira('models', 'approve', id, '--reason', 'Looked at.')).toBe(
    'flights@champion is version 1. It answers at flights.\n',
  )
  await expect(esteira('models', 'reject', id)).rejects.toMatchObject({ code: 2 })
  expect(JSON.parse(await esteira('models', 'approvals', '--all', '--json'))).toMatchObject([
    { state: 'approved', decision: { reason: 'Looked at.' } },
  ])
}, 120_000)

test('the budget of an endpoint is changed, and told with what its versions did', async () => {
  expect(await esteira('endpoints', 'budget', 'flights')).toMatch(/^latency +5000 ms \(p99\)\nmemory +4096 MB\n/)
  const changed = JSON.parse(await esteira('endpoints', 'budget', 'flights', '--memory', '512', '--json'))
  expect(changed).toMatchObject({
    budget: { latencyP99Ms: 5_000, memoryMb: 512 },
    checks: [{ passed: true, version: 1 }],
  })
  expect(await esteira('endpoints', 'budget', 'flights')).toMatch(/flights\/1 +passed +[\d.]+ ms +[\d.]+ MB/)
  await expect(esteira('endpoints', 'budget', 'flights', '--latency', '0')).rejects.toMatchObject({ code: 2 })
}, 120_000)

test('the request log of what was deployed is asked with SQL', async () => {
  await esteira('feedback', 'flights', '--id', 'order-17', '--label', 'true')
  const query = 'select id, label from labels'
  expect(await esteira('requests', 'sql', 'flights', query)).toBe('id        label\norder-17  true\n')
  expect(await esteira('requests', 'sql', 'flights', 'from requests')).toBe('The query answers no rows.\n')
  expect(JSON.parse(await esteira('requests', 'sql', 'flights', query, '--json'))).toMatchObject({ total: 1 })
  await expect(esteira('requests', 'sql', 'flights', 'select nothing from labels')).rejects.toMatchObject({ code: 2 })
}, 60_000)

test('an endpoint goes back to an earlier revision', async () => {
  const args = ['--to', '1', '--reason', 'As it was.', '--json']
  const endpoint = JSON.parse(await esteira('endpoints', 'roll-back', 'flights', ...args))
  expect(endpoint).toMatchObject({
    revision: { number: 2, version: 1, reason: 'Rolled back to revision 1. As it was.' },
  })
  expect(await esteira('endpoints', 'roll-back', 'flights')).toMatch(/^endpoint +model .*\nflights +flights\/1 /)
  await expect(esteira('endpoints', 'roll-back', 'flights', '--to', '9')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('revision'),
  })
}, 60_000)
