import type { Anomaly, AnomalyFigures, AnomalyType } from '#shared/anomalies.ts'

export interface AnomalyDetails {
  readonly short: string
  readonly description: string
  readonly expected: string
  readonly found: string
  readonly examples?: readonly string[]
  readonly figures?: AnomalyFigures
  readonly rule?: string
  readonly severity?: Anomaly['severity']
}

/** @param column undefined where the dataset as a whole is meant */
export function anomaly(type: AnomalyType, column: string | undefined, details: AnomalyDetails): Anomaly {
  const { examples = [], severity = 'ERROR', ...rest } = details
  return { type, severity, ...(column !== undefined && { column }), ...rest, examples: [...examples] }
}

/** Values shown of an unexpected kind. */
export const maxExamples = 10

export function list(values: readonly string[]): string {
  const shown = values.slice(0, maxExamples).join(', ')
  return values.length > maxExamples ? `${shown}, … (${values.length})` : shown
}

/** A share in few digits. */
export function rounded(share: number): number {
  return Number(share.toPrecision(6))
}

export function percentage(share: number): string {
  return `${(100 * share).toPrecision(2)} %`
}
