/** Improvements with their intervals, one line each: a forest plot. */
import type { BuildOption } from '../../../components/chart-canvas.tsx'
import { axisName, labelStyle, type WhiskerApi, whisker } from '../charts.ts'

export interface ForestRow {
  readonly label: string
  readonly improvement: number
  readonly low: number | null
  readonly high: number | null
  readonly passed: boolean
}

export interface ForestRequest {
  readonly rows: readonly ForestRow[]
  /** What is asked for; drawn beside 0 where it differs. */
  readonly asked: number
  readonly askedName: string
  readonly name: string
  readonly intervalName: string
  readonly number: (value: number) => string
}

const labelWidthPx = 230

export function forestOption({ rows, asked, askedName, name, intervalName, number }: ForestRequest): BuildOption {
  return (look) => {
    const dashed = { type: 'dashed' as const, width: 1.2, color: look.muted }
    const limits = asked === 0 ? [] : [{ xAxis: asked, lineStyle: dashed, label: { formatter: askedName } }]
    return {
      grid: { left: 8, right: 24, top: 22, bottom: 26, containLabel: true },
      tooltip: { trigger: 'axis', axisPointer: { type: 'none' } },
      xAxis: { type: 'value', scale: true, ...axisName(name, 28), axisLabel: { formatter: number } },
      yAxis: {
        type: 'category',
        inverse: true,
        data: rows.map(({ label }) => label),
        axisLabel: { ...labelStyle(look), width: labelWidthPx },
      },
      series: [
        {
          type: 'custom',
          name: intervalName,
          silent: true,
          data: rows.flatMap(({ low, high }, index) => (low === null || high === null ? [] : [[index, low, high]])),
          encode: { x: [1, 2], y: 0 },
          renderItem: (_: unknown, api: WhiskerApi) => whisker(api, look),
        },
        {
          type: 'scatter',
          name,
          symbolSize: 10,
          z: 5,
          // Failed ones are hollow, so that colour is not what tells.
          data: rows.map(({ improvement, passed, label }) => ({
            value: [improvement, label],
            symbol: passed ? 'circle' : 'emptyCircle',
          })),
          tooltip: { valueFormatter: (value: unknown) => (typeof value === 'number' ? number(value) : String(value)) },
          markLine: {
            symbol: 'none',
            silent: true,
            label: { position: 'end', color: look.muted, fontSize: 11 },
            data: [{ xAxis: 0, lineStyle: { ...dashed, type: 'solid' }, label: { formatter: '0' } }, ...limits],
          },
        },
      ],
    }
  }
}

/** The axis holds 0, what is asked for, and every interval. */
export function forestHeightPx(rows: number): number {
  return 74 + rows * 30
}
