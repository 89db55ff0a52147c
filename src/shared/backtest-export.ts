/** The result of a back-test as a table, one line for each policy and end of a span. Pure. */

import type { Backtest, ReplayRow, Span } from './backtest.ts'
import { conditionText, policyRuleText } from './backtest-policy-text.ts'

const header = [
  'policy',
  'rule',
  'span_ended',
  'decision',
  'why',
  'champion_trained_through',
  'scored_span',
  'metric',
  'score',
  'gain_over_never',
  'compute_seconds',
]

export function backtestCsv(backtest: Pick<Backtest, 'spans' | 'metric' | 'results'>): string {
  const { spans, metric, results } = backtest
  const label = (index: number | null) => (index === null ? '' : (spans[index]?.label ?? ''))
  const lines = results.flatMap(({ policy, rows }) =>
    rows.map((row) => [
      policy.name,
      policyRuleText(policy),
      label(row.span),
      row.decision,
      whyText(row, spans),
      label(row.champion),
      label(row.span + 1),
      metric ?? '',
      row.score ?? '',
      row.gain ?? '',
      row.computeSeconds,
    ]),
  )
  return `${[header, ...lines].map((line) => line.map(quoted).join(',')).join('\n')}\n`
}

/** RFC 4180; a text that a spreadsheet would take for a formula is kept a text. */
function quoted(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const text = /^[=+@\t\r-]/.test(value) ? `'${value}` : value
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** What was seen at the end of a span, in one line. */
export function whyText(row: ReplayRow, spans: readonly Pick<Span, 'label'>[]): string {
  const seen = row.evidence.flat().map(({ condition, value, holds, note }) => {
    const figure = value === null ? 'not known' : shortFigure(value)
    const mark = holds ? 'yes' : 'no'
    return `${conditionText(condition)}: ${figure}, ${mark}${note === null ? '' : ` (${note})`}`
  })
  const gate =
    row.gate === null
      ? []
      : [
          `gate: ${spans[row.gate.challenger]?.label ?? ''} ${figureOr(row.gate.challengerScore)} against ${figureOr(row.gate.championScore)}`,
        ]
  return [...seen, ...gate, ...(row.problem === null ? [] : [row.problem])].join('; ')
}

function figureOr(value: number | null): string {
  return value === null ? 'not known' : shortFigure(value)
}

export function shortFigure(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(4)
}
