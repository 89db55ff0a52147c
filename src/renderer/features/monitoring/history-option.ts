/** How the history of a check is drawn: pure, so that it can be tested without a canvas. */
import type { Limit, ReadingPoint } from '#shared/monitors.ts'
import type { BuildOption, ChartLook } from '../../components/chart-canvas.tsx'

/** One line of the chart. */
export interface HistorySeries {
  readonly name: string
  readonly points: readonly ReadingPoint[]
  /** Drawn with dashes: estimated without labels. */
  readonly estimate: boolean
}

export interface HistoryRequest {
  readonly series: readonly HistorySeries[]
  readonly limits: { readonly warning: Limit | null; readonly critical: Limit | null }
  readonly yName: string
  readonly versionName: (version: number) => string
  readonly limitName: { readonly warning: string; readonly critical: string }
  readonly time: (at: number) => string
  readonly number: (value: number) => string
}

/** The times at which another version was judged for the first time, and which: where its lifetime begins. */
export function versionStarts(points: readonly ReadingPoint[]): { at: number; version: number }[] {
  const judged = points.flatMap(({ to, version }) => (version === null ? [] : [{ at: to, version }]))
  return judged.filter(({ version }, index) => version !== judged[index - 1]?.version)
}

export function historyOption(request: HistoryRequest): BuildOption {
  const { series, yName, time, number } = request
  return (look) => ({
    grid: { left: 58, right: 52, top: 34, bottom: 24 },
    legend: { top: 0, data: series.map(({ name }) => name) },
    tooltip: { trigger: 'axis', valueFormatter: (value: unknown) => (typeof value === 'number' ? number(value) : '–') },
    xAxis: { type: 'time', axisLabel: { formatter: (at: number) => time(at) }, splitNumber: 5 },
    yAxis: {
      type: 'value',
      scale: true,
      name: yName,
      nameLocation: 'middle',
      nameGap: 44,
      axisLabel: { formatter: number },
    },
    series: series.flatMap((one, index) => lineOf(one, index, look, index === 0 ? marks(request, look) : undefined)),
  })
}

const statusColour = (look: ChartLook) => ({ warning: look.bad, critical: look.bad })

function lineOf(one: HistorySeries, index: number, look: ChartLook, markLine: object | undefined): object[] {
  const color = look.series[index] ?? look.text
  const colours: Record<string, string> = statusColour(look)
  return [
    ...bandOf(one, color),
    {
      type: 'line',
      name: one.name,
      itemStyle: { color },
      lineStyle: { width: 1.6, color, type: one.estimate ? 'dashed' : 'solid' },
      symbol: one.estimate ? 'emptyCircle' : 'circle',
      showSymbol: true,
      symbolSize: 4,
      data: one.points.map(({ to, value, status }) => ({
        value: [to, value],
        ...(colours[status] !== undefined && { itemStyle: { color: colours[status] }, symbolSize: 7 }),
      })),
      ...(markLine !== undefined && { markLine }),
    },
  ]
}

/** The confidence interval as a band: an unseen line at its foot, and its height stacked on it. */
function bandOf({ name, points }: HistorySeries, color: string): object[] {
  if (points.every(({ interval }) => interval === undefined)) return []
  const hidden = {
    type: 'line',
    stack: name,
    symbol: 'none',
    silent: true,
    lineStyle: { opacity: 0 },
    tooltip: { show: false },
  }
  return [
    { ...hidden, name: `${name} low`, data: points.map(({ to, interval }) => [to, interval?.low ?? null]) },
    {
      ...hidden,
      name: `${name} high`,
      areaStyle: { color, opacity: 0.14 },
      data: points.map(({ to, interval }) => [to, interval === undefined ? null : interval.high - interval.low]),
    },
  ]
}

/** The limits across, and where another version began to answer. */
function marks({ limits, limitName, series, versionName }: HistoryRequest, look: ChartLook): object {
  const across = (['warning', 'critical'] as const).flatMap((level) =>
    [limits[level]?.above, limits[level]?.below].flatMap((at) =>
      at === undefined
        ? []
        : [
            {
              yAxis: at,
              lineStyle: { color: look.bad, type: level === 'critical' ? 'solid' : 'dashed', width: 1 },
              label: { formatter: limitName[level], position: 'insideEndTop', color: look.muted, fontSize: 10 },
            },
          ],
    ),
  )
  const versions = versionStarts(series[0]?.points ?? []).map(({ at, version }) => ({
    xAxis: at,
    lineStyle: { color: look.muted, type: 'dotted', width: 1 },
    label: { formatter: versionName(version), color: look.muted, fontSize: 10, rotate: 0 },
  }))
  return { symbol: 'none', silent: true, data: [...across, ...versions] }
}
