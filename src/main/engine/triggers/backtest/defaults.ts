/** What a back-test does where nothing is said: read off the pipeline and off the days that its data covers. Pure. */
import { maxSpans, usualPolicyNames as names, type Policy } from '#shared/backtest.ts'
import { higherIsBetter } from '#shared/metrics.ts'
import type { DatasetSpec } from '#shared/projects.ts'
import type { Plan } from '../../pipelines/plan.ts'

/** The dataset that the pipeline reads and its column of event times; undefined where either is not declared. */
export function timedDataset(
  plan: Pick<Plan, 'steps'>,
  datasets: Readonly<Record<string, DatasetSpec>>,
): { readonly name: string; readonly column: string } | undefined {
  for (const { options } of plan.steps) {
    const { dataset } = options
    const column = typeof dataset === 'string' && Object.hasOwn(datasets, dataset) ? datasets[dataset]?.time : undefined
    if (typeof dataset === 'string' && column !== undefined) return { name: dataset, column }
  }
  return undefined
}

/** The metric by which the pipeline's own gate judges, and a limit that is passed a little before the gate would refuse. */
export function gateMetric(plan: Pick<Plan, 'steps'>): { readonly metric: string; readonly limit: number } {
  const gate = plan.steps.find(({ component }) => component === 'model/gate')?.options
  const thresholds = Object.entries(isRecord(gate?.thresholds) ? gate.thresholds : {})
  const metric = typeof gate?.metric === 'string' ? gate.metric : (thresholds[0]?.[0] ?? 'auc')
  const least = thresholds.find(([name]) => name === metric)?.[1]
  if (typeof least !== 'number') return { metric, limit: 0.65 }
  return { metric, limit: higherIsBetter[metric] === false ? least * 0.95 : Number((least + 0.05).toFixed(4)) }
}

export function defaultPolicies({ metric, limit }: { metric: string; limit: number }): Policy[] {
  const base = { cooldownSpans: 0, budget: { retrainings: null, computeSeconds: null } }
  const drift = { kind: 'drift', above: 0.1 } as const
  const performance = { kind: 'performance', metric, limit } as const
  return [
    { ...base, name: names.never, anyOf: [] },
    { ...base, name: names.everySpan, anyOf: [[{ kind: 'every', spans: 1 }]] },
    { ...base, name: names.onDrift, anyOf: [[drift]] },
    { ...base, name: names.onPerformance, anyOf: [[performance]] },
    { ...base, name: names.either, anyOf: [[drift], [performance]], cooldownSpans: 2 },
  ]
}

export const knownMetrics: readonly string[] = Object.keys(higherIsBetter)

/** Whole spans of the calendar that cover the days, of a length that makes a history of some, not of very many. */
export function coveringHistory(firstDay: string, lastDay: string): { from: string; to: string; span: string } {
  const months = monthOf(lastDay) - monthOf(firstDay) + 1
  if (months > maxSpans * 3) return { from: yearStart(firstDay, 0), to: yearStart(lastDay, 1), span: 'year' }
  if (months > maxSpans) return { from: monthStart(firstDay, 0), to: monthStart(lastDay, 1), span: 'quarter' }
  if (months >= 3) return { from: monthStart(firstDay, 0), to: monthStart(lastDay, 1), span: 'month' }
  const days = (Date.parse(lastDay) - Date.parse(firstDay)) / dayMs + 1
  return { from: firstDay, to: isoDay(Date.parse(lastDay) + dayMs), span: days > 21 ? 'week' : 'day' }
}

const dayMs = 86_400_000

function monthOf(day: string): number {
  const [year, month] = day.split('-').map(Number)
  return (year ?? 0) * 12 + (month ?? 1) - 1
}

function monthStart(day: string, later: number): string {
  const month = monthOf(day) + later
  return isoDay(Date.UTC(Math.floor(month / 12), month % 12, 1))
}

function yearStart(day: string, later: number): string {
  return isoDay(Date.UTC(Number(day.slice(0, 4)) + later, 0, 1))
}

function isoDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
