import { expect, test } from 'vitest'
import type { Metrics, ModelVersionDetails } from '#shared/models.ts'
import { modelCard } from './model-card.ts'

const noMetrics: Metrics = {}
const version: ModelVersionDetails = {
  model: 'flight-delay',
  version: 2,
  createdAt: Date.UTC(2001, 2, 1),
  projectId: 'p1',
  runId: 'r1',
  step: 'register',
  artifactHash: 'abc',
  signature: { inputs: [], target: 'late', task: 'binary', classes: ['false', 'true'] },
  metrics: { auc: 0.65 },
  aliases: ['champion'],
  description: 'Which flights | arrive <late>.',
  manifest: {
    formatVersion: 1,
    runtime: 'tfjs',
    trainer: 'neural-network',
    signature: {
      inputs: [
        { name: 'distance', type: 'integer', required: true },
        { name: 'a`b|c', type: 'text', required: false },
      ],
      target: 'late',
      task: 'binary',
      classes: ['false', 'true'],
    },
    validationMetrics: { auc: 0.66, f1: 0.3 },
    trainedRows: 12_345,
    environment: { esteira: '1', node: 'v24', platform: 'linux-x64', backend: 'tfjs', seed: 7 },
  },
  package: [],
  evaluation: {
    step: 'evaluate',
    artifactHash: 'def',
    rowsHash: 'aaa',
    content: {
      task: 'binary',
      target: 'late',
      classes: ['false', 'true'],
      rows: 1_000,
      metrics: { auc: 0.65432 },
      slices: Array.from({ length: 21 }, (_, index) => ({
        column: 'origin',
        value: `A${index}`,
        rows: 10,
        metrics: index === 0 ? noMetrics : { auc: 0.5 },
      })),
      confusion: [
        [900, 10],
        [80, 10],
      ],
      importance: {
        metric: 'auc',
        rows: 1_000,
        repeats: 5,
        inputs: [{ name: 'distance', mean: 0.0123456, deviation: 0.001 }],
      },
    },
  },
  serving: [{ endpoint: 'flights', revision: 3, since: 0 }],
  lineage: {
    run: {
      id: 'r1',
      projectId: 'p1',
      pipeline: 'train',
      pipelineVersion: 'v1',
      parameters: {},
      seed: 7,
      startedBy: 'cli',
      createdAt: 0,
      gitCommit: 'c0ffee',
      gitDirty: true,
    },
    datasets: [
      { step: 'extract', dataset: 'flights', where: "date >= '2001-01-01'", rows: 20_000, artifactHash: 'd1' },
    ],
    steps: [
      {
        name: 'extract',
        component: 'data/extract',
        cached: true,
        dependsOn: [],
        options: {},
        inputs: {},
        outputs: { data: 'd1' },
        values: {},
      },
    ],
  },
}

const card = modelCard(version)

test('the sections of a model card, in order', () => {
  expect(card.match(/^#+ .*/gm)).toEqual([
    '# Model card: flight-delay, version 2',
    '## Model details',
    '## Intended use',
    '## Factors',
    '## Metrics',
    '## Evaluation data',
    '## Training data',
    '## Quantitative analyses',
    '### Confusion matrix',
    '### Slices',
    '### Permutation importance',
    '## Caveats and recommendations',
  ])
})

test('facts stand as they are stored', () => {
  for (const fact of [
    '- Registered: 2001-03-01T00:00:00.000Z',
    '- Commit: `c0ffee`, with changes that were not committed',
    '- Serves at: `flights`, revision 3',
    '| auc | 0.6543 | 0.66 |',
    '| f1 | – | 0.3 |',
    '1,000 rows that were kept apart from training, scored in step `evaluate`',
    "| `flights` | `date >= '2001-01-01'` | 20,000 | `d1` |",
    'Trained on 12,345 rows.',
    '| `false` | 900 | 10 |',
    '| `distance` | 0.01235 | 0.001 |',
    '| `origin` | `A0` | 10 | – |',
    '1 more slices are in the evaluation.',
  ]) {
    expect(card).toContain(fact)
  }
})

test('text of people cannot break the Markdown', () => {
  expect(card).toContain('Which flights \\| arrive \\<late\\>.')
  expect(card).toContain('| `` a`b\\|c `` | text | may be missing |')
})

test('what is not known is said', () => {
  const unknown = modelCard({
    ...version,
    description: '',
    evaluation: null,
    serving: [],
    lineage: { ...version.lineage, run: { ...version.lineage.run, gitCommit: null, gitDirty: null }, datasets: [] },
  })
  for (const sentence of [
    'Not described: the model has no description in the registry.',
    '- Commit: not known: the project was not under git',
    '- Serves at: nowhere',
    'Not known: no step of the run evaluated this model.',
    'The dataset is not known: no step before it read one.',
    'No gate has judged this version.',
    'The code and configuration of the project are not tied to a commit.',
  ]) {
    expect(unknown).toContain(sentence)
  }
  expect(unknown).not.toMatch(/undefined|null|NaN/)
})
