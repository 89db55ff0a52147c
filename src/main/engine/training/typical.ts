/** What a value of an input usually is, for forms and examples. */
import type { InputType } from '#shared/models.ts'
import { quantile } from './preparation/scaling.ts'

/** Longer texts are no help in a form. */
const maxTextLength = 200

/**
 * The median of numbers and instants, the most frequent of other values, as a request takes it; of two as frequent the
 * first by code point. Undefined where there is no value. Whole numbers stay whole, and instants lose their milliseconds.
 */
export function typicalValue(
  type: InputType,
  values: Iterable<string | number | null>,
): number | boolean | string | undefined {
  if (type === 'text') return mostFrequent(values)
  const numbers = Float64Array.from(values, (value) => (typeof value === 'number' ? value : Number.NaN))
  const sorted = numbers.filter(Number.isFinite).sort()
  if (sorted.length === 0) return undefined
  const median = quantile(sorted, 0.5)
  if (type === 'boolean') return median >= 0.5
  if (type === 'timestamp') return `${new Date(median).toISOString().slice(0, 19)}Z`
  return type === 'integer' ? Math.round(median) : Number(median.toPrecision(6))
}

function mostFrequent(values: Iterable<string | number | null>): string | undefined {
  const counts = new Map<string, number>()
  for (const value of values) {
    if (typeof value === 'string' && value.length <= maxTextLength) counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  const [first] = [...counts].sort(([a, timesA], [b, timesB]) => timesB - timesA || (a < b ? -1 : 1))
  return first?.[0]
}
