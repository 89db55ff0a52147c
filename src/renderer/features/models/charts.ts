/** How curves, slices and importances are drawn. */
import type { BuildOption, ChartLook } from '../../components/chart-canvas.tsx'

interface Point {
  readonly x: number
  readonly y: number
}
export interface NamedCurve {
  readonly name: string
  readonly points: readonly Point[]
}

const legendHeightPx = 26
const dashes = { type: 'dashed' as const, width: 1.2 }

export function axisName(name: string, gap: number) {
  return { name, nameLocation: 'middle' as const, nameGap: gap }
}

export interface CurvesRequest {
  readonly curves: readonly NamedCurve[]
  readonly xName: string
  readonly yName: string
  /** What chance, or a perfect calibration, would look like. */
  readonly baseline: NamedCurve
  /** Both axes run from 0 to 1. */
  readonly fractions: boolean
  /** Marks each point, where there are few. */
  readonly marked?: boolean
  readonly number: (value: number) => string
}

/** One or more curves and a dashed baseline. */
export function curvesOption(request: CurvesRequest): BuildOption {
  const { curves, baseline, xName, yName, fractions, marked = false, number } = request
  const limits = fractions ? { min: 0, max: 1 } : { scale: true }
  const several = curves.length > 1
  return (look) => ({
    grid: { left: 54, right: 16, top: several ? legendHeightPx + 4 : 10, bottom: 42 },
    ...(several && { legend: { top: 0, type: 'scroll', data: curves.map(({ name }) => name) } }),
    tooltip: { trigger: marked ? 'item' : 'axis', valueFormatter: (value: unknown) => shownNumber(value, number) },
    xAxis: { type: 'value', ...axisName(xName, 26), ...limits, axisLabel: { formatter: number } },
    yAxis: { type: 'value', ...axisName(yName, 40), ...limits, axisLabel: { formatter: number } },
    series: [
      ...curves.map(({ name, points }) => ({
        type: 'line',
        name,
        showSymbol: marked,
        data: points.map(({ x, y }) => [x, y]),
      })),
      {
        type: 'line',
        name: baseline.name,
        showSymbol: false,
        silent: true,
        lineStyle: { ...dashes, color: look.muted },
        itemStyle: { color: look.muted },
        data: baseline.points.map(({ x, y }) => [x, y]),
      },
    ],
  })
}

export function shownNumber(value: unknown, number: (value: number) => string): string {
  const last = Array.isArray(value) ? value.at(-1) : value
  return typeof last === 'number' ? number(last) : '–'
}

export interface DotsRequest {
  readonly rows: readonly { readonly label: string; readonly value: number }[]
  readonly overall: number
  readonly overallName: string
  readonly metric: string
  readonly number: (value: number) => string
}

/** One dot per row around the overall value. */
export function dotsOption({ rows, overall, overallName, metric, number }: DotsRequest): BuildOption {
  return (look) => ({
    grid: { left: 8, right: 20, top: 22, bottom: 22, containLabel: true },
    tooltip: { trigger: 'item', valueFormatter: (value: unknown) => shownNumber(value, number) },
    xAxis: { type: 'value', scale: true, ...axisName(metric, 26), axisLabel: { formatter: number } },
    yAxis: { type: 'category', inverse: true, data: rows.map(({ label }) => label), axisLabel: labelStyle(look) },
    series: [
      {
        type: 'scatter',
        name: metric,
        symbolSize: 9,
        data: rows.map(({ value, label }) => [value, label]),
        markLine: {
          symbol: 'none',
          silent: true,
          lineStyle: { ...dashes, color: look.muted },
          label: { position: 'start', formatter: `${overallName} ${number(overall)}`, color: look.muted, fontSize: 11 },
          data: [{ xAxis: overall }],
        },
      },
    ],
  })
}

export interface BarsRequest {
  readonly rows: readonly { readonly label: string; readonly mean: number; readonly deviation: number }[]
  readonly name: string
  readonly deviationName: string
  readonly number: (value: number) => string
}

/** Bars from 0 with a whisker of one deviation to both sides. */
export function barsOption({ rows, name, deviationName, number }: BarsRequest): BuildOption {
  return (look) => ({
    grid: { left: 8, right: 20, top: 6, bottom: 22, containLabel: true },
    tooltip: { trigger: 'axis', axisPointer: { type: 'none' }, valueFormatter: (v: unknown) => shownNumber(v, number) },
    xAxis: { type: 'value', ...axisName(name, 26), axisLabel: { formatter: number } },
    yAxis: { type: 'category', inverse: true, data: rows.map(({ label }) => label), axisLabel: labelStyle(look) },
    series: [
      { type: 'bar', name, barMaxWidth: 14, data: rows.map(({ mean }) => mean) },
      {
        type: 'custom',
        name: deviationName,
        silent: true,
        z: 5,
        data: rows.map(({ mean, deviation }, index) => [index, mean - deviation, mean + deviation, deviation]),
        encode: { x: [1, 2], y: 0, tooltip: 3 },
        renderItem: (_: unknown, api: WhiskerApi) => whisker(api, look),
      },
    ],
  })
}

/** The part of ECharts' API that a whisker needs. */
export interface WhiskerApi {
  value(dimension: number): number
  coord(point: readonly [number, number]): number[]
}

const whiskerHalfPx = 4

export function whisker(api: WhiskerApi, look: ChartLook) {
  const [left = 0, y = 0] = api.coord([api.value(1), api.value(0)])
  const [right = 0] = api.coord([api.value(2), api.value(0)])
  const line = (x1: number, y1: number, x2: number, y2: number) => ({
    type: 'line',
    shape: { x1, y1, x2, y2 },
    style: { stroke: look.text, lineWidth: 1.2 },
  })
  return {
    type: 'group',
    children: [
      line(left, y, right, y),
      line(left, y - whiskerHalfPx, left, y + whiskerHalfPx),
      line(right, y - whiskerHalfPx, right, y + whiskerHalfPx),
    ],
  }
}

export function labelStyle(look: ChartLook) {
  return { color: look.text, width: 170, overflow: 'truncate', interval: 0 }
}

/** How high a chart with one line per row is. */
export function rowsHeightPx(rows: number): number {
  return 56 + rows * 20
}

export interface VersionsRequest {
  readonly points: readonly { readonly version: number; readonly value: number }[]
  readonly metric: string
  readonly versionName: string
  readonly number: (value: number) => string
}

/** A metric over versions. */
export function versionsOption({ points, metric, versionName, number }: VersionsRequest): BuildOption {
  return () => ({
    grid: { left: 62, right: 20, top: 12, bottom: 42 },
    tooltip: { trigger: 'axis', valueFormatter: (value: unknown) => shownNumber(value, number) },
    xAxis: { type: 'category', ...axisName(versionName, 26), data: points.map(({ version }) => String(version)) },
    yAxis: { type: 'value', scale: true, ...axisName(metric, 48), axisLabel: { formatter: number } },
    series: [{ type: 'line', name: metric, symbolSize: 7, data: points.map(({ value }) => value) }],
  })
}
