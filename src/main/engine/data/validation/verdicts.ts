import type { Anomaly, Comparison, Verdicts } from '#shared/anomalies.ts'
import { isValueSkew } from './value-skew.ts'

/** From which severity on the schema verdict is to stop. */
export type StopOn = 'error' | 'warning' | 'never'

/** A broken schema stops, values that moved ask for a new model: one never becomes the other. Pure. */
export function verdictsOf(
  anomalies: readonly Anomaly[],
  comparisons: readonly Comparison[],
  stopOn: StopOn = 'error',
): Verdicts {
  const ofSchema = anomalies.filter((anomaly) => !isValueSkew(anomaly))
  const errors = ofSchema.filter(({ severity }) => severity === 'ERROR').length
  const warnings = ofSchema.length - errors
  const moved = (comparator: Comparison['comparator']) =>
    comparisons.filter((one) => one.comparator === comparator && one.drifted).map(({ feature }) => feature)
  const [drifted, skewed] = [moved('drift'), moved('skew')]
  return {
    schema: { stop: stopping(stopOn, errors, warnings), errors, warnings },
    values: { retrain: drifted.length + skewed.length > 0, compared: comparisons.length, drifted, skewed },
  }
}

function stopping(stopOn: StopOn, errors: number, warnings: number): boolean {
  switch (stopOn) {
    case 'never':
      return false
    case 'error':
      return errors > 0
    case 'warning':
      return errors + warnings > 0
    default:
      return stopOn satisfies never
  }
}
