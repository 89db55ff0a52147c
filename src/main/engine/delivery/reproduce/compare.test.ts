import { describe, expect, it } from 'vitest'
import type { Artifact, StepExecution } from '#shared/runs.ts'
import { type Compared, compareWithFirst } from './compare.ts'

const artifacts: Record<string, Artifact> = {
  a: { hash: 'a', type: 'model', files: [file('weights.bin', '1'), file('manifest.json', '2')] },
  b: { hash: 'b', type: 'model', files: [file('weights.bin', '3'), file('manifest.json', '2'), file('new.json', '4')] },
}

function file(name: string, sha256: string) {
  return { name, sha256, bytes: 1 }
}

function step(name: string, outputs: Record<string, string>, values: StepExecution['values'] = {}): StepExecution {
  return {
    ...{ name, component: 'c', status: 'succeeded', cached: false, attempt: 1, progress: null, progressMessage: null },
    ...{ startedAt: 1, finishedAt: 2, dependsOn: [], inputs: {}, outputs, values, reason: null, error: null },
  }
}

function compare(parts: Partial<Compared>) {
  return compareWithFirst({
    recorded: [],
    again: [],
    notRun: new Set(),
    sources: [],
    environment: { recorded: null, now: null },
    notes: [],
    artifactOf: (hash) => artifacts[hash],
    ...parts,
  })
}

describe('a run made again', () => {
  it('is identical where every artifact and value is', () => {
    const steps = [step('train', { model: 'a' }, { metrics: { auc: 0.7 } })]
    expect(compare({ recorded: steps, again: steps }).verdict).toBe('identical')
  })

  it('differs by exactly the files and values that differ', () => {
    const report = compare({
      recorded: [step('train', { model: 'a' }, { metrics: { auc: 0.7, f1: 0.5 } })],
      again: [step('train', { model: 'b' }, { metrics: { auc: 0.71, f1: 0.5 } })],
    })
    expect(report.verdict).toBe('differs')
    expect(report.steps[0]).toMatchObject({
      outcome: 'differs',
      artifacts: [
        {
          output: 'model',
          identical: false,
          files: [
            { name: 'new.json', recorded: null, again: '4' },
            { name: 'weights.bin', recorded: '1', again: '3' },
          ],
        },
      ],
      values: [{ name: 'metrics.auc', recorded: 0.7, again: 0.71 }],
    })
  })

  it('differs where a step ended otherwise, was not run, or is missing', () => {
    const recorded = [step('train', {})]
    expect(compare({ recorded, again: [{ ...step('train', {}), status: 'failed' }] }).steps[0]?.outcome).toBe('differs')
    expect(compare({ recorded, again: recorded, notRun: new Set(['train']) })).toMatchObject({
      verdict: 'differs',
      steps: [{ outcome: 'not-run' }],
    })
    expect(compare({ recorded, again: [] }).verdict).toBe('differs')
  })

  it('tells what the environment was, without calling that a difference', () => {
    const now = { esteira: '2', node: 'v24', platform: 'linux x64', lock: null }
    const report = compare({ environment: { recorded: { ...now, esteira: '1' }, now } })
    expect(report).toMatchObject({ verdict: 'identical', environment: [{ what: 'esteira', recorded: '1', now: '2' }] })
  })
})
