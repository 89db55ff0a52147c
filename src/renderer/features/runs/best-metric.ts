/** Words by which metrics are known whose smaller value is the better one: errors, losses, distances, times. */
const smallerIsBetter =
  /loss|error|brier|rmse|mse|mae|mape|deviance|drift|distance|divergence|perplexity|duration|latency|missing|anomal/i

export type MetricDirection = 'larger' | 'smaller'

export function metricDirection(name: string): MetricDirection {
  return smallerIsBetter.test(name) ? 'smaller' : 'larger'
}

/** Where the best values stand; none where nothing is to be compared or all are the same. */
export function bestOf(name: string, values: readonly (number | undefined)[]): ReadonlySet<number> {
  const known = values.filter((value) => value !== undefined)
  if (known.length < 2 || new Set(known).size < 2) return new Set()
  const best = metricDirection(name) === 'larger' ? Math.max(...known) : Math.min(...known)
  return new Set(values.flatMap((value, index) => (value === best ? [index] : [])))
}
