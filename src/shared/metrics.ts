/** What is known of the metrics of models. */

/** True where a higher value is better. What is not listed here cannot be a threshold. */
export const higherIsBetter: Readonly<Record<string, boolean>> = {
  auc: true,
  accuracy: true,
  f1: true,
  macroF1: true,
  r2: true,
  logLoss: false,
  brier: false,
  rmse: false,
  mae: false,
}

/** By which metric two models are compared where nothing is said. */
export const mainMetric = { binary: 'auc', multiclass: 'accuracy', regression: 'rmse' } as const

/** What sentences call the metrics that are known, in English. */
export const metricNames = {
  auc: 'AUC',
  accuracy: 'accuracy',
  f1: 'F1',
  macroF1: 'macro F1',
  r2: 'R²',
  logLoss: 'log loss',
  brier: 'Brier score',
  rmse: 'RMSE',
  mae: 'MAE',
} as const

export function isKnownMetric(name: string): name is keyof typeof metricNames {
  return Object.hasOwn(metricNames, name)
}
