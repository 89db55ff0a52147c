import { expect, it } from 'vitest'
import { bestOf, metricDirection } from './best-metric.ts'

it.each(['auc', 'accuracy', 'f1', 'macroF1', 'r2', 'precision', 'rows'])('of %s the larger is better', (name) => {
  expect(metricDirection(name)).toBe('larger')
})
it.each(['logLoss', 'val_loss', 'rmse', 'mae', 'brier', 'trainingError'])('of %s the smaller is better', (name) => {
  expect(metricDirection(name)).toBe('smaller')
})

it('marks the best, all of them where several are, none where all are alike', () => {
  expect([...bestOf('auc', [0.6, undefined, 0.7, 0.7])]).toEqual([2, 3])
  expect([...bestOf('rmse', [0.6, 0.2, undefined])]).toEqual([1])
  expect(bestOf('auc', [0.6, undefined]).size).toBe(0)
  expect(bestOf('auc', [0.6, 0.6]).size).toBe(0)
})
