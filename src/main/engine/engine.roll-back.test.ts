/** Going back to an earlier version of a model, a pipeline and a feature view, and back again, over real HTTP. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pipelineVersionOf } from './pipelines/pipeline-version.ts'
import { type SampleEngine, samplePipeline, startSampleEngine } from './testing/sample-engine.ts'

const view = (ttl: string) =>
  `name: busy\nentity: origin\neventTime: date\nttl: ${ttl}\nquery: select origin, date, count(*) as n from flights group by all\n`
let sample: SampleEngine
let projectId = ''

beforeAll(async () => {
  sample = await startSampleEngine()
  await sample.run()
  await sample.run({ rate: 0.05 })
  projectId = await sample.projectId()
}, 120_000)
afterAll(() => sample.stop())

const textOf = (file: string) => readFileSync(join(sample.project, file), 'utf8')

test('a model goes back: the champion moves, with who and why in the ledger', async () => {
  const { client } = sample
  const preview = await client.call('rollBackTo', { body: { kind: 'model', name: 'flights', to: '1', dryRun: true } })
  expect(preview).toMatchObject({ from: '2', to: '1', applied: false })
  expect((await client.call('getModel', { params: { name: 'flights' } })).aliases.champion).toBe(2)
  const done = await client.call('rollBackTo', {
    body: { kind: 'model', name: 'flights', to: '1', reason: 'It was late.' },
  })
  expect(done).toMatchObject({ from: '2', to: '1', applied: true })
  expect((await client.call('getModel', { params: { name: 'flights' } })).aliases.champion).toBe(1)
  const { items } = await client.call('listAliasMoves', { params: { name: 'flights' } })
  expect(items[0]).toMatchObject({ fromVersion: 2, toVersion: 1, reason: 'It was late.', actor: 'api' })
})

test('a pipeline goes back to the text of a run, under git; a text that nothing else holds is kept for the way back', async () => {
  const { client } = sample
  const edited = samplePipeline.replace('epochs: 2', 'epochs: 3 # never run, never committed')
  sample.write('pipelines/train.yaml', edited)
  const to = pipelineVersionOf(samplePipeline)
  const body = { kind: 'pipeline', name: 'train', projectId, to } as const
  const preview = await client.call('rollBackTo', { body: { ...body, dryRun: true } })
  expect(preview).toMatchObject({ before: edited, after: samplePipeline, applied: false, commit: null })
  expect(textOf('pipelines/train.yaml')).toBe(edited)
  const done = await client.call('rollBackTo', { body })
  expect(done).toMatchObject({ from: pipelineVersionOf(edited), to, applied: true })
  expect(textOf('pipelines/train.yaml')).toBe(samplePipeline)
  // Equal to what is committed already, so that there is nothing to commit.
  expect(done.commit).toBeNull()
  const undone = await client.call('rollBackTo', { body: { ...body, to: done.from ?? '' } })
  expect(textOf('pipelines/train.yaml')).toBe(edited)
  expect(undone.commit?.subject).toBe(`Roll pipelines/train.yaml back to ${done.from}`)
  expect(sample.git('status', '--porcelain', '--', 'pipelines')).toBe('')
})

test('a feature view goes back to a committed definition', async () => {
  const { client } = sample
  sample.write('features/busy.yaml', view('6h'))
  sample.git('add', 'features')
  sample.git('commit', '--quiet', '-m', 'view')
  sample.write('features/busy.yaml', view('9h'))
  const body = { kind: 'feature-view', name: 'busy', projectId } as const
  await expect(client.call('rollBackTo', { body: { ...body, to: 'unknown' } })).rejects.toMatchObject({
    problem: { code: 'not-found', allowed: expect.stringMatching(/^[0-9a-f]{12}, [0-9a-f]{12}$/) },
  })
  const known = await client
    .call('rollBackTo', { body: { ...body, to: 'unknown' } })
    .catch((error: { problem: { allowed: string } }) => error.problem.allowed.split(', '))
  const [, committed = ''] = Array.isArray(known) ? known : []
  const done = await client.call('rollBackTo', { body: { ...body, to: committed } })
  expect(done.applied).toBe(true)
  expect(textOf('features/busy.yaml')).toBe(view('6h'))
  await client.call('rollBackTo', { body: { ...body, to: done.from ?? '' } })
  expect(textOf('features/busy.yaml')).toBe(view('9h'))
})
