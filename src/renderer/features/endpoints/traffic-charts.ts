/** How the traffic of an endpoint is drawn. */
import type { BuildOption } from '../../components/chart-canvas.tsx'
import { everyStep, type Steps, type TimedFigures } from './traffic.ts'

interface TrafficChartRequest {
  readonly points: readonly TimedFigures[]
  readonly steps: Steps
  readonly names: readonly string[]
  readonly yName: string
  readonly time: (at: number) => string
  readonly number: (value: number) => string
}

const shared = { type: 'line', showSymbol: false, lineStyle: { width: 1.4 } } as const

function frame({ yName, time, number }: TrafficChartRequest) {
  return {
    grid: { left: 58, right: 14, top: 30, bottom: 24 },
    legend: { top: 0 },
    tooltip: { trigger: 'axis', valueFormatter: (value: unknown) => (typeof value === 'number' ? number(value) : '–') },
    xAxis: { type: 'time', axisLabel: { formatter: (at: number) => time(at) }, splitNumber: 4 },
    yAxis: {
      type: 'value',
      min: 0,
      name: yName,
      nameLocation: 'middle',
      nameGap: 42,
      axisLabel: { formatter: number },
    },
  }
}

/** Requests and errors a second, in each step. */
export function requestsOption(request: TrafficChartRequest): BuildOption {
  const { points, steps, names } = request
  const [requests, errors] = names
  const perSecond = 1_000 / steps.stepMs
  return (look) => ({
    ...frame(request),
    series: [
      {
        ...shared,
        name: requests,
        areaStyle: { opacity: 0.15 },
        data: everyStep(points, steps, (figures) => figures.requests * perSecond, 0),
      },
      {
        ...shared,
        name: errors,
        lineStyle: { width: 1.4, color: look.bad },
        itemStyle: { color: look.bad },
        data: everyStep(points, steps, (figures) => figures.errors * perSecond, 0),
      },
    ],
  })
}

/** The percentiles of each step in which something was answered: with dots, so that a lone one is seen. */
export function latencyOption(request: TrafficChartRequest): BuildOption {
  const { points, steps, names } = request
  const [p50, p95, p99] = names
  const dots = { ...shared, showSymbol: true, symbolSize: 3 }
  return () => ({
    ...frame(request),
    series: [
      { ...dots, name: p50, data: everyStep(points, steps, (figures) => figures.p50Ms, null) },
      { ...dots, name: p95, data: everyStep(points, steps, (figures) => figures.p95Ms, null) },
      { ...dots, name: p99, data: everyStep(points, steps, (figures) => figures.p99Ms, null) },
    ],
  })
}
