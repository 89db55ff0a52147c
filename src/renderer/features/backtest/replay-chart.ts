/** How the policies are drawn: the score of each span above, the seconds of training below. */
import type { Decision, ReplayResult, ReplayRow, Span } from '#shared/backtest.ts'
import type { BuildOption } from '../../components/chart-canvas.tsx'

export interface ReplayChartRequest {
  readonly results: readonly ReplayResult[]
  readonly spans: readonly Span[]
  readonly metric: string
  readonly words: {
    readonly span: string
    readonly compute: string
    readonly decision: (decision: Decision) => string
  }
  readonly number: (value: number) => string
  /** For the ticks of an axis. */
  readonly short: (value: number) => string
  readonly seconds: (seconds: number) => string
}

const lineTypes = ['solid', 'dashed', 'dotted', [8, 3, 2, 3]] as const
const legendPx = 30

/** Filled where a new model took over before the span, hollow where the gate kept the champion, a dot elsewhere. */
function symbolOf(row: ReplayRow, color: string | undefined, ground: string): object {
  // An empty symbol of the chart library is white inside, in a dark theme as well.
  const hollow = { color: ground, borderColor: color, borderWidth: 1.8 }
  switch (row.decision) {
    case 'promoted':
      return { symbol: 'triangle', symbolSize: 13 }
    case 'kept':
      return { symbol: 'triangle', symbolSize: 12, itemStyle: hollow }
    case 'failed':
      return { symbol: 'diamond', symbolSize: 12, itemStyle: hollow }
    default:
      return { symbol: 'circle', symbolSize: 5 }
  }
}

export function replayOption(request: ReplayChartRequest): BuildOption {
  const { results, spans, metric, words, number, short, seconds } = request
  const categories = categoriesOf(results, spans)
  return (look) => ({
    legend: { top: 0, type: 'scroll', data: results.map(({ policy }) => policy.name) },
    tooltip: { trigger: 'item', confine: true },
    grid: [
      { left: 62, right: 16, top: legendPx + 6, height: '50%' },
      { left: 62, right: 16, bottom: 42, height: '20%' },
    ],
    xAxis: [
      { type: 'category', gridIndex: 0, data: categories, axisLabel: { show: false }, boundaryGap: true },
      {
        type: 'category',
        gridIndex: 1,
        data: categories,
        name: words.span,
        nameLocation: 'middle',
        nameGap: 26,
        boundaryGap: true,
      },
    ],
    yAxis: [
      {
        type: 'value',
        gridIndex: 0,
        scale: true,
        name: metric,
        nameLocation: 'middle',
        nameGap: 46,
        axisLabel: { formatter: number },
      },
      {
        type: 'value',
        gridIndex: 1,
        name: words.compute,
        nameLocation: 'middle',
        nameGap: 46,
        splitNumber: 2,
        axisLabel: { formatter: short },
      },
    ],
    series: results.flatMap(({ policy, rows }, index) => {
      const color = look.series[index % look.series.length]
      return [
        {
          type: 'line',
          name: policy.name,
          color,
          lineStyle: { type: lineTypes[index % lineTypes.length], width: 2 },
          data: rows.map((row) => ({
            value: row.score,
            ...symbolOf(row, color, look.panel),
            tooltip: { formatter: pointText(policy.name, spans, row, metric, words, number) },
          })),
        },
        {
          type: 'bar',
          name: policy.name,
          color,
          xAxisIndex: 1,
          yAxisIndex: 1,
          barMaxWidth: 18,
          tooltip: { valueFormatter: (value: unknown) => (typeof value === 'number' ? seconds(value) : '–') },
          data: rows.map(({ computeSeconds }) => computeSeconds),
        },
      ]
    }),
  })
}

/** Names are a person's own: shown as text, never as markup. */
function pointText(
  name: string,
  spans: readonly Span[],
  row: ReplayRow,
  metric: string,
  words: ReplayChartRequest['words'],
  number: (value: number) => string,
): string {
  const score = row.score === null ? '–' : number(row.score)
  const lines = [name, `${spans[row.span + 1]?.label ?? ''}: ${metric} ${score}`, words.decision(row.decision)]
  return lines.map(escaped).join('<br>')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** The spans that are scored, which are those after each end of a span. */
function categoriesOf(results: readonly ReplayResult[], spans: readonly Span[]): string[] {
  return (results[0]?.rows ?? []).map(({ span }) => spans[span + 1]?.label ?? '')
}

/** The numbers behind the chart. */
export function replayTable(request: ReplayChartRequest, headings: readonly string[]) {
  const { results, spans, words, number, seconds } = request
  return {
    columns: headings,
    rows: results.flatMap(({ policy, rows }) =>
      rows.map((row) => [
        policy.name,
        spans[row.span + 1]?.label ?? '',
        row.score === null ? '–' : number(row.score),
        words.decision(row.decision),
        row.champion === null ? '–' : (spans[row.champion]?.label ?? ''),
        seconds(row.computeSeconds),
      ]),
    ),
  }
}
