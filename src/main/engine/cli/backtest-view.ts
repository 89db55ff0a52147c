/** The results of a back-test on a terminal: the policies beside each other, then span by span. */
import type { Backtest, Decision, ReplayResult } from '#shared/backtest.ts'
import { shortFigure, whyText } from '#shared/backtest-export.ts'
import { policyRuleText } from '#shared/backtest-policy-text.ts'
import { formatSeconds, formatTable } from './output.ts'

const marks: Readonly<Record<Decision, string>> = {
  initial: 'first',
  promoted: 'retrained',
  kept: 'retrained, kept',
  failed: 'failed',
  'nothing-new': 'no new data',
  cooldown: 'cool-down',
  budget: 'over budget',
  quiet: '',
}

export function describeBacktest(backtest: Backtest): string {
  const { id, pipeline, status, results, metric, spans } = backtest
  const first = spans[0]?.label ?? ''
  const head = `Back-test ${id} of ${pipeline}, ${first} to ${spans.at(-1)?.label ?? ''}: ${status}.`
  if (results.length === 0) return [head, ...(backtest.problem === null ? [] : [backtest.problem.detail])].join('\n')
  return [
    head,
    '',
    describeTotals(results, metric ?? '', spans),
    ...results.flatMap((result) => ['', describeRows(result, metric ?? '', spans)]),
    ...problemLines(backtest),
  ].join('\n')
}

function describeTotals(results: readonly ReplayResult[], metric: string, spans: Backtest['spans']): string {
  const rows = results.map(({ policy, totals }) => [
    policy.name,
    figure(totals.meanScore),
    signed(totals.meanGain),
    figure(totals.worstScore),
    totals.worstSpan === null ? '' : (spans[totals.worstSpan]?.label ?? ''),
    String(totals.retrainings),
    String(totals.promotions),
    formatSeconds(totals.computeSeconds),
  ])
  const header = ['policy', `mean ${metric}`, 'over never', 'worst', 'in', 'retrainings', 'promoted', 'compute']
  return formatTable(header, rows)
}

function describeRows({ policy, rows }: ReplayResult, metric: string, spans: Backtest['spans']): string {
  const label = (index: number | null) => (index === null ? 'none' : (spans[index]?.label ?? ''))
  const lines = rows.map((row) => [
    label(row.span),
    marks[row.decision],
    label(row.champion),
    label(row.span + 1),
    row.score === null ? (row.scoreProblem ?? '') : shortFigure(row.score),
    signed(row.gain),
    row.computeSeconds === 0 ? '' : formatSeconds(row.computeSeconds),
    whyText(row, spans),
  ])
  const header = ['end of', 'decision', 'champion of', 'scored on', metric, 'over never', 'compute', 'why']
  return `${policy.name} (${policyRuleText(policy)})\n${formatTable(header, lines)}`
}

function problemLines({ results, matrix }: Backtest): string[] {
  const ofPolicies = results.flatMap(({ policy, problems }) =>
    problems.map(({ message, allowed }) => `${policy.name}: ${message} Allowed: ${allowed.join(', ')}.`),
  )
  const ofSpans = (matrix?.spans ?? []).flatMap(({ label, problem }) =>
    problem === null ? [] : `${label}: ${problem}`,
  )
  const ofModels = (matrix?.models ?? []).flatMap(({ through, problem }) =>
    problem === null ? [] : `the training at the end of ${matrix?.spans[through]?.label ?? through}: ${problem}`,
  )
  const all = [...ofPolicies, ...ofSpans, ...ofModels]
  return all.length === 0 ? [] : ['', ...all]
}

function figure(value: number | null): string {
  return value === null ? '' : value.toFixed(4)
}

function signed(value: number | null): string {
  return value === null ? '' : `${value > 0 ? '+' : ''}${value.toFixed(4)}`
}
