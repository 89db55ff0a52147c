import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Parameters } from '#shared/runs.ts'
import { catalogue } from '../../components/index.ts'
import { resourcesPath } from '../../kernel/app-paths.ts'
import type { Plan } from '../../pipelines/plan.ts'
import { planPipeline } from '../../pipelines/planner.ts'
import { type MatrixPlanRequest, makeMatrixPlan, trainingWindow } from './matrix-plan.ts'
import { cutSpans } from './spans.ts'

const sample = `name: train
seed: 7
parameters:
  from: 2001-01-01
  to: 2001-03-01
steps:
  extract:
    uses: data/extract
    with:
      dataset: flights
      where: "date >= '\${{ params.from }}' and date < '\${{ params.to }}'"
  stats:
    uses: data/statistics
    in: { data: extract }
  check:
    uses: data/validate
    in: { statistics: stats }
    with: { schema: schemas/flights.yaml }
  split:
    uses: data/split
    in: { data: extract }
    needs: [check]
    with: { by: time, column: date, test: 0.2, validation: 0.1 }
  prepare:
    uses: data/prepare
    in: { data: split }
    with: { target: late }
  train:
    uses: model/train
    in: { data: prepare }
    with: { trainer: neural-network }
  evaluate:
    uses: model/evaluate
    in: { model: train, data: prepare }
  gate:
    uses: model/gate
    in: { evaluation: evaluate }
    with: { thresholds: { auc: 0.6 } }
  register:
    uses: model/register
    in: { model: train, verdict: gate }
    with: { model: flight-delay }
  deploy:
    uses: model/deploy
    in: { version: register }
    with: { endpoint: flight-delay }
`
const spans = cutSpans({ from: '2001-01-01', to: '2001-05-01', span: 'month' })

function planOf(text: string, parameters: Parameters): Plan {
  const planned = planPipeline({ text, file: 'pipelines/train.yaml', catalogue, parameters })
  if (!planned.ok) throw new Error(JSON.stringify(planned.problems))
  return planned.plan
}

function matrixPlan(text: string, settings: Partial<MatrixPlanRequest['settings']> = {}) {
  return makeMatrixPlan({
    planWith: (parameters) => planOf(text, parameters),
    parameters: planOf(text, {}).parameters,
    catalogue,
    spans,
    settings: { window: { from: 'from', to: 'to' }, initialSpans: 1, trainingSpans: null, ...settings },
  })
}

const step = (plan: Plan, name: string) => plan.steps.find((planned) => planned.name === name)

describe('makeMatrixPlan', () => {
  const { plan, layout } = matrixPlan(sample)

  it('L1.2: trains at the end of each span with the steps and options of the pipeline itself', () => {
    expect(layout.models.map(({ through, trainStep }) => [through, trainStep])).toEqual([
      [0, 'train-to-2001-01'],
      [1, 'train-to-2001-02'],
      [2, 'train-to-2001-03'],
    ])
    const own = planOf(sample, { from: '2001-01-01', to: '2001-04-01' })
    for (const name of ['extract', 'stats', 'check', 'split', 'prepare', 'train']) {
      const repeated = step(plan, `${name}-to-2001-03`)
      const original = step(own, name)
      expect(repeated?.component).toBe(original?.component)
      expect(repeated?.options).toEqual(original?.options)
    }
    expect(step(plan, 'split-to-2001-03')?.dependsOn).toEqual(['extract-to-2001-03', 'check-to-2001-03'])
  })

  it('neither gates, registers nor deploys, and publishes no metrics as its own', () => {
    const used = new Set(plan.steps.map(({ component }) => component))
    expect([...used].sort()).toEqual([
      'data/drift',
      'data/extract',
      'data/prepare',
      'data/split',
      'data/statistics',
      'data/validate',
      'model/evaluate',
      'model/train',
    ])
    expect(plan).toMatchObject({ pipeline: 'train (back-test)', publishMetrics: false, seed: 7 })
  })

  it('scores each model on every later span, and on what the trainings since held back', () => {
    expect(layout.scores.map(({ model, span }) => [model, span])).toEqual([
      [0, 1],
      [0, 2],
      [0, 3],
      [1, 2],
      [1, 3],
      [2, 3],
    ])
    expect(step(plan, 'score-2001-01-on-2001-04')?.inputs).toEqual({
      model: [{ step: 'train-to-2001-01', output: 'model' }],
      data: [{ step: 'extract-of-2001-04', output: 'data' }],
    })
    expect(layout.tests.map(({ model, span }) => [model, span])).toEqual([
      [0, 0],
      [0, 1],
      [0, 2],
      [1, 1],
      [1, 2],
      [2, 2],
    ])
    expect(step(plan, 'test-2001-01-on-2001-03')?.inputs.data).toEqual([
      { step: 'prepare-to-2001-03', output: 'prepared' },
    ])
  })

  it('T5: measures the drift of each later span from the training data of the model', () => {
    expect(layout.drifts.map(({ step: name }) => name)).toContain('drift-2001-01-on-2001-04')
    expect(step(plan, 'drift-2001-01-on-2001-04')?.inputs).toEqual({
      statistics: [{ step: 'statistics-of-2001-04', output: 'statistics' }],
      reference: [{ step: 'train-to-2001-01', output: 'model' }],
      // Drift weighs what the model leans on.
      evaluation: [{ step: 'test-2001-01-on-2001-01', output: 'evaluation' }],
    })
  })

  it('does the same thing once, and everything after what it waits for', () => {
    // The first window is the first span: its rows are read once.
    expect(step(plan, 'extract-to-2001-01')).toBeUndefined()
    expect(step(plan, 'split-to-2001-01')?.inputs.data).toEqual([{ step: 'extract-of-2001-01', output: 'data' }])
    const names = plan.steps.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const [index, { dependsOn }] of plan.steps.entries()) {
      for (const before of dependsOn) expect(names.indexOf(before)).toBeLessThan(index)
    }
    for (const { steps } of layout.models) expect(names).toEqual(expect.arrayContaining(steps))
  })

  it('learns from the newest spans alone where that is asked for', () => {
    const rolling = matrixPlan(sample, { trainingSpans: 2, initialSpans: 2 })
    expect(rolling.layout.models.map(({ through, from, to }) => [through, from, to])).toEqual([
      [1, '2001-01-01', '2001-03-01'],
      [2, '2001-02-01', '2001-04-01'],
    ])
    expect(trainingWindow(spans, 0, 2)).toEqual({ from: '2001-01-01', to: '2001-02-01' })
  })

  it('binds conditions to the steps and the window of the span', () => {
    const text = sample.replace(
      '    uses: data/prepare\n',
      `    uses: data/prepare\n    when: steps.stats.values.rows > 10 && params.to > '2001-01-15'\n`,
    )
    expect(step(matrixPlan(text).plan, 'prepare-to-2001-02')?.when).toBe(
      `steps.stats-to-2001-02.values.rows > 10 && '2001-03-01' > '2001-01-15'`,
    )
  })

  it.each([
    [
      'no training',
      sample
        .replace(
          'uses: model/train\n    in: { data: prepare }\n    with: { trainer: neural-network }',
          'uses: data/statistics\n    in: { data: extract }',
        )
        .replace(/ {2}evaluate:[\s\S]*$/, ''),
      'The pipeline trains no model.',
    ],
    [
      'two trainings',
      `${sample}\n  again:\n    uses: model/train\n    in: { data: prepare }\n    with: { trainer: linear }\n`,
      'more than one model',
    ],
    [
      'a gate before the training',
      `name: train\nparameters: { from: 2001-01-01, to: 2001-02-01 }\nsteps:
  extract: { uses: data/extract, with: { dataset: flights, where: "date < '\${{ params.to }}' and date >= '\${{ params.from }}'" } }
  split: { uses: data/split, in: { data: extract }, needs: [gate] }
  old: { uses: model/evaluate, in: { data: extract }, with: { model: m@champion } }
  gate: { uses: model/gate, in: { evaluation: old } }
  prepare: { uses: data/prepare, in: { data: split }, with: { target: late } }
  train: { uses: model/train, in: { data: prepare }, with: { trainer: linear } }\n`,
      'waits for the step "gate"',
    ],
  ])('refuses a pipeline with %s', (_, text, message) => {
    expect(() => matrixPlan(text)).toThrow(
      expect.objectContaining({ code: 'pipeline-invalid', message: expect.stringContaining(message) }),
    )
  })

  it('reads the rows of a span as the training does, whatever steps stand before it', () => {
    const text = sample
      .replace(
        '  split:\n',
        '  features:\n    uses: features/retrieve\n    in: { data: extract }\n    needs: [check]\n    with: { features: [origin-lateness], time: date }\n  split:\n',
      )
      .replace('    uses: data/split\n    in: { data: extract }', '    uses: data/split\n    in: { data: features }')
    const { plan: made, layout: cells } = matrixPlan(text)
    expect(step(made, cells.scores[0]?.step ?? '')?.inputs.data).toEqual([
      { step: 'features-of-2001-02', output: 'data' },
    ])
    // A check of the schema stops a training, and keeps no span from being scored.
    expect(step(made, 'features-of-2001-02')?.dependsOn).toEqual(['extract-of-2001-02'])
    expect(step(made, 'features-to-2001-02')?.dependsOn).toEqual(['extract-to-2001-02', 'check-to-2001-02'])
  })

  it('can repeat the training of the sample', () => {
    const text = readFileSync(join(resourcesPath, 'samples', 'flight-delay', 'pipelines', 'train.yaml'), 'utf8')
    expect(matrixPlan(text).layout.scores).toHaveLength(6)
  })

  it('refuses a first model that learns from everything', () => {
    expect(() => matrixPlan(sample, { initialSpans: 4 })).toThrow('whole history')
  })
})
