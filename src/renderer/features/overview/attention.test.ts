import { describe, expect, it } from 'vitest'
import type { Approval } from '#shared/approvals.ts'
import type { ModelVersion } from '#shared/models.ts'
import type { RunStatus, RunSummary } from '#shared/runs.ts'
import { attentionOf } from './attention.ts'

const nothing = { projects: [], pipelines: [], runs: [], newestVersions: [], endpoints: [], approvals: [], alerts: [] }

function run(id: string, pipeline: string, status: RunStatus): RunSummary {
  const ended = status !== 'running'
  return {
    id,
    projectId: 'p',
    pipeline,
    pipelineVersion: 'v',
    status,
    startedBy: 'gui',
    createdAt: 1,
    startedAt: 1,
    finishedAt: ended ? 2 : null,
    stepsTotal: 1,
    stepsDone: 1,
    metrics: {},
    error: null,
  }
}

function version(number: number, blessed: boolean, aliases: string[]): ModelVersion {
  return {
    model: 'm',
    version: number,
    createdAt: 1,
    projectId: 'p',
    runId: 'r',
    step: 's',
    artifactHash: 'h',
    signature: { inputs: [], target: 't', task: 'binary', classes: ['a', 'b'] },
    metrics: {},
    verdict: { blessed, reason: '', checks: [], metrics: {}, rows: 1 },
    aliases,
  }
}

describe('attentionOf', () => {
  it('names a failure until the pipeline succeeds again', () => {
    const failed = run('2', 'train', 'failed')
    expect(attentionOf({ ...nothing, runs: [failed, run('1', 'train', 'succeeded')] })).toEqual([
      { kind: 'run-failed', run: failed },
    ])
    expect(attentionOf({ ...nothing, runs: [run('3', 'train', 'succeeded'), failed] })).toEqual([])
    expect(attentionOf({ ...nothing, runs: [run('3', 'train', 'running'), failed] })).toHaveLength(1)
    expect(attentionOf({ ...nothing, runs: [run('3', 'watch', 'succeeded'), failed] })).toHaveLength(1)
  })
  it('names a rejected version unless a person made it champion all the same', () => {
    expect(attentionOf({ ...nothing, newestVersions: [version(2, false, ['challenger'])] })).toHaveLength(1)
    expect(attentionOf({ ...nothing, newestVersions: [version(2, false, ['champion'])] })).toEqual([])
    expect(attentionOf({ ...nothing, newestVersions: [version(2, true, [])] })).toEqual([])
  })
  it('L1.8: names a version that waits for a person, once', () => {
    const approval: Approval = {
      id: 'a',
      projectId: 'p',
      model: 'm',
      version: 2,
      alias: 'champion',
      endpoints: [],
      rollouts: {},
      runId: 'r',
      step: 'register',
      verdictHash: 'h',
      reason: '',
      createdAt: 0,
      state: 'pending',
      decision: null,
    }
    const rejected = version(2, false, [])
    const pending = { ...approval, model: rejected.model }
    expect(attentionOf({ ...nothing, newestVersions: [rejected], approvals: [pending] })).toEqual([
      { kind: 'approval-pending', approval: pending },
    ])
  })
})
