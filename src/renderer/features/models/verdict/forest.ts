/** Improvements with their intervals, one line each: a forest plot. */
import type { BuildOption, ChartLook } from '../../../components/chart-canvas.tsx'
import { axisName, labelStyle, type WhiskerApi, whisker } from '../charts.ts'

export interface ForestRow {
  readonly label: string
  readonly improvement: number
  readonly low: number | null
  readonly high: number | null
  /** What is asked for, marked by a short dashed line. */
  readonly asked: number
  readonly passed: boolean
}

export interface ForestRequest {
  readonly rows: readonly ForestRow[]
  readonly askedName: string
  readonly name: string
  readonly intervalName: string
  readonly number: (value: number) => string
}

const labelWidthPx = 230
const markHalfPx = 11

export function forestOption({ rows, askedName, name, intervalName, number }: ForestRequest): BuildOption {
  const held = [0, ...rows.flatMap(({ asked, low, high, improvement }) => [asked, improvement, low ?? 0, high ?? 0])]
  return (look) => ({
    grid: { left: 8, right: 24, top: 12, bottom: 26, containLabel: true },
    tooltip: { trigger: 'item' },
    // Holds 0, what is asked for, and every interval.
    xAxis: {
      type: 'value',
      min: ({ min }: { min: number }) => Math.min(min, ...held),
      max: ({ max }: { max: number }) => Math.max(max, ...held),
      ...axisName(name, 28),
      axisLabel: { formatter: number, showMinLabel: false, showMaxLabel: false },
    },
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
        type: 'custom',
        name: askedName,
        silent: true,
        data: rows.map(({ asked }, index) => [index, asked]),
        encode: { x: 1, y: 0 },
        renderItem: (_: unknown, api: WhiskerApi) => mark(api, look),
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
        tooltip: { formatter: ({ value }: { value: [number, string] }) => `${value[1]}: ${number(value[0])}` },
        markLine: {
          symbol: 'none',
          silent: true,
          label: { show: false },
          lineStyle: { type: 'solid', width: 1.2, color: look.muted },
          data: [{ xAxis: 0 }],
        },
      },
    ],
  })
}

function mark(api: WhiskerApi, look: ChartLook) {
  const [x = 0, y = 0] = api.coord([api.value(1), api.value(0)])
  return {
    type: 'line',
    shape: { x1: x, y1: y - markHalfPx, x2: x, y2: y + markHalfPx },
    style: { stroke: look.text, lineWidth: 1.6, lineDash: [3, 3] },
  }
}

export function forestHeightPx(rows: number): number {
  return 66 + rows * 32
}
