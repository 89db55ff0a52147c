/** Lineage from anything to anything, on real runs of the sample's main job over real HTTP. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LineageAnswer, LineageGraph } from '#shared/lineage.ts'
import { openLineageEventSchema } from '#shared/openlineage.ts'
import type { Run } from '#shared/runs.ts'
import { type SampleEngine, samplePipeline, startSampleEngine } from './testing/sample-engine.ts'

let sample: SampleEngine
let first: Run
let second: Run
let project = ''

beforeAll(async () => {
  sample = await startSampleEngine()
  sample.write(
    'features/busy.yaml',
    'name: busy\nentity: origin\neventTime: date\nquery: select origin, date, count(*) as flights_before from flights group by all\n',
  )
  first = await sample.run()
  // Everything up to the training comes from the cache.
  second = await sample.run({ rate: 0.05 })
  project = await sample.projectId()
}, 120_000)
afterAll(() => sample.stop())

const lineage = (of: string, limit = 200): Promise<LineageAnswer> =>
  sample.client.call('getLineage', { query: { of, limit } })
const names = ({ nodes }: LineageGraph, kind: string) =>
  nodes.filter((node) => node.kind === kind).map(({ label }) => label)

describe('which data made this version', () => {
  test('is told by number and by alias, back to dataset and file, through steps that came from the cache', async () => {
    expect(second.steps.filter(({ cached }) => cached).map(({ name }) => name)).toEqual(['extract', 'split', 'prepare'])
    for (const of of ['flights/2', 'flights@champion', 'version:flights/2']) {
      const { node, upstream } = await lineage(of)
      expect(node.label).toBe('flights 2')
      expect(names(upstream, 'dataset')).toEqual(['flights'])
      // The dataset is defined in esteira.yaml, so a change there is a change of the rows.
      expect(names(upstream, 'file').sort()).toEqual(['esteira.yaml', 'flights-2001-01.parquet'])
      expect(names(upstream, 'step').sort()).toEqual(
        ['evaluate', 'extract', 'gate', 'prepare', 'register', 'split', 'train'].sort(),
      )
      // The steps that the cache answered are those of the first run, which did the work.
      const extract = upstream.nodes.find(({ kind, label }) => kind === 'step' && label === 'extract')
      expect(extract?.id).toBe(`step:${first.id}/extract`)
      expect(upstream.truncated).toBe(false)
    }
  })

  test('leads on to the endpoint where it answers', async () => {
    expect(names((await lineage('flights/2')).downstream, 'endpoint')).toEqual(['flights'])
    expect(names((await lineage('flights/1')).downstream, 'endpoint')).toEqual([])
    const { upstream } = await lineage('endpoint:flights')
    expect(names(upstream, 'version')).toEqual(['flights 2'])
    expect(names(upstream, 'dataset')).toEqual(['flights'])
  })
})

describe('which versions used this data', () => {
  test('is told from the dataset, the file, and the artifact of its rows', async () => {
    const rows = first.steps[0]?.outputs.data ?? ''
    for (const of of ['dataset:flights', `dataset:${project}/flights`, 'file:data/flights-2001-01.parquet', rows]) {
      const { downstream } = await lineage(of)
      expect(names(downstream, 'version').sort()).toEqual(['flights 1', 'flights 2'])
    }
    expect(names((await lineage(first.id)).downstream, 'version')).toEqual(['flights 1', 'flights 2'])
  })

  test('is told by the beginning of a hash, and bounded where a bound is asked for', async () => {
    const rows = first.steps[0]?.outputs.data ?? ''
    expect((await lineage(rows.slice(0, 12))).node.id).toBe(`artifact:${rows}`)
    const { downstream } = await lineage('dataset:flights', 3)
    expect(downstream.nodes).toHaveLength(3)
    expect(downstream.truncated).toBe(true)
    const known = new Set(downstream.nodes.map(({ id }) => id))
    expect(downstream.edges.every(({ from, to }) => known.has(from) && known.has(to))).toBe(true)
  })

  test('goes a step at a time, paged', async () => {
    const ask = (offset: number, limit: number) =>
      sample.client.call('getLineageNeighbours', {
        query: { of: 'dataset:flights', direction: 'downstream', offset, limit },
      })
    const page = await ask(0, 1)
    expect(page.nodes.map(({ label }) => label)).toEqual(['busy'])
    expect(page.nextOffset).toBe(1)
    const next = await ask(1, 1)
    expect(next.nodes.map(({ label }) => label)).toEqual(['extract'])
    expect(next.nextOffset).toBeUndefined()
    expect(next.edges).toEqual([{ from: `dataset:${project}/flights`, to: `step:${first.id}/extract`, label: 'read' }])
  })
})

describe('what would be stale', () => {
  const stale = async (of: string) => {
    const { impact } = await lineage(of)
    return (impact?.items ?? []).map(({ node, certainty }) => `${node.kind} ${node.label}: ${certainty}`)
  }

  test('if a dataset changed: the endpoint, both versions, pipeline and feature view', async () => {
    expect(await stale('dataset:flights')).toEqual([
      'endpoint flights: certain',
      'version flights 2: certain',
      'version flights 1: certain',
      'pipeline train: certain',
      'feature-view busy: certain',
    ])
  })

  test('if a column changed: certain for an input, the target, a slice; the view only where it mentions it', async () => {
    const versions = ['endpoint flights: certain', 'version flights 2: certain', 'version flights 1: certain']
    expect(await stale('column:flights.distance')).toEqual([...versions, 'pipeline train: possible'])
    expect(await stale('column:flights.late')).toEqual([...versions, 'pipeline train: certain'])
    expect(await stale('column:flights.origin')).toEqual([
      ...versions,
      'pipeline train: certain',
      'feature-view busy: possible',
    ])
  })

  test('if a column changed that only the query of the dataset reads: possible, and the reason is said', async () => {
    const { impact } = await lineage('column:flights.delay')
    expect(impact?.items.map(({ certainty }) => certainty)).toEqual(['possible', 'possible', 'possible', 'possible'])
    expect(impact?.approximations.join(' ')).toContain('mentions "delay"')
  })

  test('if a column changed that nothing reads: no version', async () => {
    expect(await stale('column:flights.nowhere')).toEqual(['pipeline train: possible'])
  })

  test('if a file of the project changed', async () => {
    expect(await stale('file:data/flights-2001-01.parquet')).toEqual([
      'endpoint flights: certain',
      'version flights 2: certain',
      'version flights 1: certain',
    ])
    expect(await stale('file:pipelines/train.yaml')).toEqual(['pipeline train: certain'])
  })
})

test('what is not there is told as such', async () => {
  await expect(lineage('flights/9')).rejects.toMatchObject({ problem: { code: 'model-version-not-found' } })
  await expect(lineage('0123456789abcdefghjk')).rejects.toMatchObject({ problem: { code: 'run-not-found' } })
  await expect(lineage('f'.repeat(64))).rejects.toMatchObject({ problem: { code: 'artifact-not-found' } })
  await expect(lineage('what is this')).rejects.toMatchObject({ problem: { code: 'invalid-request' } })
})

describe('OpenLineage', () => {
  test('a run is exported as events with the fields that the specification asks for', async () => {
    const events = await sample.client.call('getOpenLineage', { params: { id: second.id } })
    for (const event of events) expect(openLineageEventSchema.safeParse(event).error).toBeUndefined()
    // One START and one end for the run and for each step.
    expect(events.map(({ eventType }) => eventType).filter((type) => type === 'START')).toHaveLength(9)
    expect(events.map(({ eventType }) => eventType).filter((type) => type === 'COMPLETE')).toHaveLength(9)
    const ids = Map.groupBy(events, ({ run }) => run.runId)
    expect([...ids.values()].map((group) => group.length)).toEqual(Array(9).fill(2))
    const end = events.at(-1)
    expect(end).toMatchObject({
      eventType: 'COMPLETE',
      job: { namespace: `esteira:${project}`, name: 'train' },
      inputs: [{ name: 'flights', facets: { version: { datasetVersion: expect.stringMatching(/^[0-9a-f]{64}$/) } } }],
    })
    expect(end?.outputs.map(({ name }) => name)).toContain('train.train.model')
    const train = events.find(({ job, eventType }) => job.name === 'train.train' && eventType === 'COMPLETE')
    expect(train?.inputs.map(({ name }) => name)).toEqual(['train.prepare.prepared'])
    expect(train?.run.facets.parent).toMatchObject({ run: { runId: end?.run.runId }, job: { name: 'train' } })
    // The same run always has the same ids.
    expect(await sample.client.call('getOpenLineage', { params: { id: second.id } })).toEqual(events)
  })

  test('a failed run ends with FAIL and its error', async () => {
    sample.write(
      'pipelines/fails.yaml',
      samplePipeline.replace('name: train', 'name: fails').replace('auc: 0.4', 'rmse: 1'),
    )
    const failed = await sample.run({}, 'fails')
    const events = await sample.client.call('getOpenLineage', { params: { id: failed.id } })
    expect(events.at(-1)).toMatchObject({
      eventType: 'FAIL',
      run: { facets: { errorMessage: { message: expect.stringContaining('rmse') } } },
    })
    for (const event of events) expect(openLineageEventSchema.safeParse(event).error).toBeUndefined()
  })
})
