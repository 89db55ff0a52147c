import { QueryClient } from '@tanstack/react-query'
import { describe, expect, it } from 'vitest'
import type { Endpoint } from '#shared/models.ts'
import type { LogLine, MetricPoint, Run, RunSummary, StepExecution } from '#shared/runs.ts'
import type { EndpointTraffic } from '#shared/traffic.ts'
import { applyEvent, maxLogLines, mergeLog, mergeMetrics } from './cache-updates.ts'
import { queryKeys } from './query-keys.ts'

const line = (sequence: number): LogLine => ({ sequence, step: 'train', at: 0, level: 'info', text: String(sequence) })
const point = (index: number, value: number): MetricPoint => ({ step: 'train', name: 'loss', index, value, at: 0 })
const step = (name: string, status: StepExecution['status']): StepExecution => ({
  name,
  component: 'model/train',
  status,
  cached: false,
  attempt: 1,
  progress: null,
  progressMessage: null,
  startedAt: null,
  finishedAt: null,
  dependsOn: [],
  inputs: {},
  outputs: {},
  values: {},
  reason: null,
  error: null,
})
const summary = (id: string, status: RunSummary['status']): RunSummary => ({
  id,
  projectId: 'p',
  pipeline: 'train',
  pipelineVersion: 'v',
  status,
  startedBy: 'gui',
  createdAt: 0,
  startedAt: null,
  finishedAt: null,
  stepsTotal: 2,
  stepsDone: 0,
  metrics: {},
  error: null,
})
const run = (id: string): Run => ({
  ...summary(id, 'running'),
  parameters: {},
  gitCommit: null,
  gitDirty: null,
  seed: 1,
  steps: [step('extract', 'succeeded'), step('train', 'waiting')],
})

describe('mergeLog', () => {
  it('appends, and keeps each line once and in order when pieces overlap', () => {
    expect(mergeLog([line(1)], [line(2)])).toEqual([line(1), line(2)])
    expect(mergeLog([line(2), line(4)], [line(1), line(2), line(3)])).toEqual([line(1), line(2), line(3), line(4)])
  })
  it('forgets the oldest lines beyond the limit', () => {
    const many = Array.from({ length: maxLogLines }, (_, index) => line(index))
    const merged = mergeLog(many, [line(maxLogLines)])
    expect(merged.length).toBe(maxLogLines)
    expect(merged[0]?.sequence).toBe(1)
  })
})

describe('mergeMetrics', () => {
  it('replaces the point of the same index', () => {
    expect(mergeMetrics([point(1, 0.5), point(2, 0.4)], [point(2, 0.3), point(3, 0.2)])).toEqual([
      point(1, 0.5),
      point(2, 0.3),
      point(3, 0.2),
    ])
  })
})

describe('applyEvent', () => {
  it('changes the step of a cached run and no other', () => {
    const client = new QueryClient()
    client.setQueryData(queryKeys.run('a'), run('a'))
    applyEvent(client, { type: 'step-changed', at: 0, runId: 'a', step: step('train', 'running') })
    applyEvent(client, { type: 'step-changed', at: 0, runId: 'b', step: step('train', 'failed') })
    const steps = client.getQueryData<Run>(queryKeys.run('a'))?.steps
    expect(steps?.map(({ status }) => status)).toEqual(['succeeded', 'running'])
    expect(client.getQueryData(queryKeys.run('b'))).toBeUndefined()
  })

  it('keeps the steps of a run when its summary changes, and marks lists for another look', () => {
    const client = new QueryClient()
    client.setQueryData(queryKeys.run('a'), run('a'))
    client.setQueryData(queryKeys.latestRuns, { items: [summary('a', 'running')] })
    applyEvent(client, { type: 'run-changed', at: 0, run: summary('a', 'failed') })
    expect(client.getQueryData<Run>(queryKeys.run('a'))).toMatchObject({ status: 'failed', steps: [{}, {}] })
    expect(client.getQueryData(queryKeys.latestRuns)).toMatchObject({ items: [{ id: 'a', status: 'failed' }] })
    expect(client.getQueryState(queryKeys.latestRuns)?.isInvalidated).toBe(true)
  })

  it('updates a run in a list without asking again while its status stays', () => {
    const client = new QueryClient()
    client.setQueryData(queryKeys.latestRuns, { items: [summary('a', 'running')] })
    applyEvent(client, { type: 'run-changed', at: 0, run: { ...summary('a', 'running'), stepsDone: 1 } })
    expect(client.getQueryData(queryKeys.latestRuns)).toMatchObject({ items: [{ stepsDone: 1 }] })
    expect(client.getQueryState(queryKeys.latestRuns)?.isInvalidated).toBe(false)
  })

  it('brings the rows of the runs table up to date where they stand, and keeps what only the table knows', () => {
    const client = new QueryClient()
    const key = [...queryKeys.runPages, {}]
    const row = (id: string) => ({ ...summary(id, 'running'), parameters: { month: 1 } })
    client.setQueryData(key, { pages: [{ items: [row('b'), row('a')] }], pageParams: [undefined] })
    applyEvent(client, { type: 'run-changed', at: 0, run: summary('a', 'failed') })
    expect(client.getQueryData(key)).toMatchObject({
      pages: [
        {
          items: [
            { id: 'b', status: 'running' },
            { id: 'a', status: 'failed', parameters: { month: 1 } },
          ],
        },
      ],
    })
    expect(client.getQueryState(key)?.isInvalidated).toBe(false)
  })

  it('adds seconds of traffic to an endpoint that is looked at, and to no other', () => {
    const client = new QueryClient()
    const figures = { requests: 1, errors: 0, p50Ms: 1, p95Ms: 1, p99Ms: 1 }
    const traffic = (at: number): EndpointTraffic => ({
      endpoint: 'a',
      at,
      points: [{ at, ...figures, revisions: [] }],
      recent: figures,
    })
    client.setQueryData(queryKeys.traffic('a'), traffic(1_000))
    const endpoints = [traffic(2_000), { ...traffic(2_000), endpoint: 'b' }]
    applyEvent(client, { type: 'traffic', at: 2_000, endpoints })
    const known = client.getQueryData<EndpointTraffic>(queryKeys.traffic('a'))
    expect(known?.points.map(({ at }) => at)).toEqual([1_000, 2_000])
    expect(client.getQueryData(queryKeys.traffic('b'))).toBeUndefined()
  })

  it('adds or replaces an endpoint', () => {
    const client = new QueryClient()
    const endpoint = (name: string, state: Endpoint['state']): Endpoint => ({
      name,
      projectId: 'p',
      createdAt: 0,
      revision: null,
      state,
      url: null,
    })
    client.setQueryData(queryKeys.endpoints, [endpoint('b', 'empty')])
    applyEvent(client, { type: 'endpoint-changed', at: 0, endpoint: endpoint('a', 'ready') })
    applyEvent(client, { type: 'endpoint-changed', at: 0, endpoint: endpoint('b', 'loading') })
    expect(client.getQueryData(queryKeys.endpoints)).toEqual([endpoint('a', 'ready'), endpoint('b', 'loading')])
  })
})
