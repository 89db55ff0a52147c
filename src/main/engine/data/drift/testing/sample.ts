/** Statistics of values in memory, for tests of the measures. */
import type { ColumnStatistics } from '#shared/statistics.ts'
import { histogramOf, momentsOf, quantilesOf } from '../../histogram.ts'
import { binsOfValues } from '../../sketches/number-bins.ts'

/** `undefined` is a missing value. */
export function numbersColumn(name: string, values: readonly (number | undefined)[]): ColumnStatistics {
  const counts = counted(values)
  const sorted = [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => a.value - b.value)
  const min = sorted[0]?.value ?? 0
  const max = sorted.at(-1)?.value ?? 0
  return {
    name,
    type: 'number',
    storageType: 'DOUBLE',
    missing: values.filter((value) => value === undefined).length,
    distinct: sorted.length,
    numeric: {
      min,
      max,
      ...momentsOf(sorted),
      zeros: 0,
      nan: 0,
      infinite: 0,
      quantiles: quantilesOf(sorted, [0.5]),
      histogram: histogramOf(sorted, min, max),
      ...(sorted.length <= 100 && { values: sorted }),
      bins: binsOfValues(sorted),
    },
  }
}

/** `undefined` is a missing value. */
export function textsColumn(name: string, values: readonly (string | undefined)[]): ColumnStatistics {
  const topValues = [...counted(values)]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
  return {
    name,
    type: 'text',
    storageType: 'VARCHAR',
    missing: values.filter((value) => value === undefined).length,
    distinct: topValues.length,
    categorical: { topValues, minLength: 1, maxLength: 1, avgLength: 1 },
  }
}

function counted<T>(values: readonly (T | undefined)[]): Map<T, number> {
  const counts = new Map<T, number>()
  for (const value of values) if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}
