import { expect, test } from 'vitest'
import type { ConditionEvidence } from '#shared/triggers.ts'
import { evidenceWords } from './trigger-words.ts'

type OfReading = Extract<ConditionEvidence, { kind: 'reading' }>

const reading = {
  ...{ id: 'r1', check: 'auc', endpoint: 'flights', at: 3, from: 1, to: 2, model: 'flight-delay', version: 2 },
  ...{ value: 0.5512345, metric: 'auc', estimate: false, rows: 640 },
}
const evidence = (change: Partial<OfReading> = {}): OfReading => ({
  ...{ kind: 'reading', met: true, about: 'performance', monitor: 'quality', check: 'auc', limit: 0.6, side: 'below' },
  ...{ reading, reason: 'beyond', problem: null },
  ...change,
})

test.each<[Partial<OfReading>, string]>([
  [{}, 'auc 0.5512 by quality, check auc (version 2, 640 rows; starts below 0.6)'],
  [
    { reason: 'acted-on' },
    'auc 0.5512 by quality, check auc (version 2, 640 rows; starts below 0.6), for which a run was started already',
  ],
  [
    { about: 'drift', reading: { ...reading, check: 'inputs', metric: undefined, version: null }, side: 'above' },
    'drift 0.5512 by quality, check inputs (640 rows; starts above 0.6)',
  ],
  [
    { reading: { ...reading, estimate: true } },
    'estimated auc 0.5512 by quality, check auc (version 2, 640 rows; starts below 0.6)',
  ],
  [
    { reason: 'no-data', reading: { ...reading, value: null, rows: 3 } },
    'performance could not be told by quality, check auc: 3 rows',
  ],
  [{ reason: 'none-yet', reading: null, check: null }, 'performance was not read yet by quality'],
  [
    { reason: 'unreadable', reading: null, problem: 'There is no monitor "quality".' },
    'There is no monitor "quality".',
  ],
])('T4, T5: %j is said as "%s"', (change, words) => {
  expect(evidenceWords(evidence(change))).toBe(words)
})
