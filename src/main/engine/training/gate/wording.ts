/** How the reasons of a verdict name metrics and write numbers. */
import { higherIsBetter, isKnownMetric, metricNames } from '#shared/metrics.ts'

export function shown(metric: string): string {
  return isKnownMetric(metric) ? metricNames[metric] : metric
}

export function count(rows: number): string {
  return rows.toLocaleString('en')
}

/** Three decimals, or as many as are needed to tell the number from the one it is compared with. */
export function number(value: number, other: number): string {
  const large = Math.abs(value) >= 100
  for (let decimals = large ? 1 : 3; decimals < 8; decimals++) {
    const text = value.toFixed(decimals)
    if (value === other || text !== other.toFixed(decimals)) return text
  }
  return String(value)
}

/** As `95 %`; with a decimal where there is one. */
export function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`
}

/** Positive where the candidate is better. */
export function improvementOf(metric: string, mine: number, theirs: number): number {
  return higherIsBetter[metric] === true ? mine - theirs : theirs - mine
}
