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
