import { describe, expect, it } from 'vitest'
import type { Run, StepExecution } from '#shared/runs.ts'
import { dataCheckOf } from './health.ts'

function step(changes: Partial<StepExecution>): StepExecution {
  return {
    name: 'check',
    component: 'data/validate',
    status: 'succeeded',
    cached: false,
    attempt: 1,
    progress: null,
    progressMessage: null,
    startedAt: 1,
    finishedAt: 5,
    dependsOn: [],
    inputs: {},
    outputs: {},
    values: {},
    reason: null,
    error: null,
    ...changes,
  }
}

function run(steps: StepExecution[]): Run {
  return {
    id: 'r',
    projectId: 'p',
    pipeline: 'train',
    pipelineVersion: 'v',
    status: 'succeeded',
    startedBy: 'gui',
    createdAt: 1,
    startedAt: 1,
    finishedAt: 6,
    stepsTotal: steps.length,
    stepsDone: steps.length,
    metrics: {},
    error: null,
    parameters: {},
    gitCommit: null,
    gitDirty: null,
    seed: 0,
    steps,
  }
}

describe('dataCheckOf', () => {
  it('reads what the step reported', () => {
    expect(dataCheckOf(run([step({ values: { anomalies: 2, errors: 1 } })]))).toEqual({
      step: 'check',
      runId: 'r',
      at: 5,
      anomalies: 2,
      errors: 1,
    })
  })
  it('counts the problems of a step that stopped the run', () => {
    const problems = [
      { file: 'f', message: 'a' },
      { file: 'f', message: 'b' },
    ]
    const error = { type: '', title: '', status: 422, code: 'data-invalid', detail: '', problems }
    expect(dataCheckOf(run([step({ status: 'failed', error })]))).toMatchObject({ anomalies: 2, errors: 2 })
  })
  it('is nothing without a step that ended', () => {
    expect(dataCheckOf(run([step({ component: 'data/extract' })]))).toBeUndefined()
    expect(dataCheckOf(run([step({ finishedAt: null })]))).toBeUndefined()
  })
})
