/** Metrics as sentences name them. Pure. */
import type { Speech } from './speech.ts'

const known = ['auc', 'accuracy', 'f1', 'macroF1', 'r2', 'logLoss', 'brier', 'rmse', 'mae'] as const

/** One that this version does not know keeps the name it was given. */
export function metricName({ t }: Pick<Speech, 't'>, metric: string): string {
  const name = known.find((each) => each === metric)
  return name === undefined ? metric : t(`metricNames.${name}`)
}
