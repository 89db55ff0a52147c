import { describe, expect, it } from 'vitest'
import type { RunComparison } from '#shared/run-list.ts'
import type { Run } from '#shared/runs.ts'
import { comparisonOf, parallelOf } from './comparison.ts'

const compared = (id: string, part: Partial<Run>, epochs: number, data: string): RunComparison['runs'][number] => ({
  run: {
    id,
    pipeline: 'train',
    pipelineVersion: 'v1',
    parameters: {},
    gitCommit: 'abcdef0123456789',
    gitDirty: false,
    seed: 7,
    startedBy: 'gui',
    metrics: {},
    steps: [
      { name: 'extract', outputs: { data } },
      { name: 'train', outputs: { model: `m-${id}` } },
    ],
    ...part,
  } as unknown as Run,
  plan: {
    useCache: true,
    steps: [
      {
        name: 'extract',
        component: 'data/extract',
        options: { dataset: 'flights' },
        inputs: {},
        when: null,
        cache: true,
      },
      {
        name: 'train',
        component: 'model/train',
        options: { epochs },
        inputs: { data: [{ step: 'extract', output: 'data' }] },
        when: null,
        cache: true,
      },
    ],
  },
})

const two: RunComparison = {
  runs: [
    compared('a', { parameters: { month: '01' }, metrics: { auc: 0.6, logLoss: 0.5, rows: 10 } }, 20, 'd1'),
    compared(
      'b',
      { parameters: { month: '02' }, metrics: { auc: 0.7, logLoss: 0.4, rows: 10 }, gitDirty: true },
      30,
      'd2',
    ),
  ],
  series: [
    {
      runId: 'a',
      step: 'train',
      name: 'loss',
      points: [
        { x: 0, y: 1 },
        { x: 1, y: 0.5 },
      ],
    },
    {
      runId: 'b',
      step: 'train',
      name: 'loss',
      points: [
        { x: 0, y: 1 },
        { x: 1, y: 0.4 },
      ],
    },
    { runId: 'b', step: 'evaluate', name: 'auc', points: [{ x: 0, y: 0.7 }] },
  ],
}

describe('comparisonOf', () => {
  const { parameters, options, origins, metrics, curves } = comparisonOf(two)

  it('finds what differs in parameters, options, code and data', () => {
    const differing = [...parameters, ...options, ...origins].filter(({ differs }) => differs)
    expect(differing.map(({ name, values }) => [name, ...values])).toEqual([
      ['month', '01', '02'],
      ['train.epochs', 20, 30],
      ['uncommitted', false, true],
      ['extract.data', 'd1', 'd2'],
    ])
    expect(options.find(({ name }) => name === 'extract.dataset')?.differs).toBe(false)
  })

  it('marks the best of each metric', () => {
    expect(metrics.map(({ name, best }) => [name, ...best])).toEqual([['auc', 1], ['logLoss', 1], ['rows']])
  })

  it('lays curves of the same metric over each other', () => {
    expect(curves.map(({ step, name, series }) => [step, name, series.length])).toEqual([['train', 'loss', 2]])
  })
})

describe('parallelOf', () => {
  it('leads from what differs to the metrics, words as places on their axis', () => {
    const { axes, rows } = parallelOf(comparisonOf(two), 2)
    expect(axes).toEqual([
      { name: 'month', categories: ['01', '02'] },
      { name: 'train.epochs' },
      { name: 'auc' },
      { name: 'logLoss' },
    ])
    expect(rows).toEqual([
      ['01', 20, 0.6, 0.5],
      ['02', 30, 0.7, 0.4],
    ])
  })

  it('never draws more axes than can be read', () => {
    const many = (offset: number) =>
      Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`p${index}`, index + offset]))
    const wide = {
      ...two,
      runs: two.runs.map(({ run, plan }, index) => ({ plan, run: { ...run, parameters: many(index) } })),
    }
    const { axes } = parallelOf(comparisonOf(wide), 2)
    expect(axes).toHaveLength(12)
    expect(axes.at(-1)?.name).toBe('logLoss')
  })
})
