import { useComputedColorScheme } from '@mantine/core'
import { BarChart, CustomChart, HeatmapChart, LineChart, ParallelChart, ScatterChart } from 'echarts/charts'
import {
  DataZoomInsideComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  ParallelComponent,
  TooltipComponent,
  VisualMapComponent,
} from 'echarts/components'
import { type ECharts, type EChartsCoreOption, init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'

use([
  BarChart,
  CustomChart,
  HeatmapChart,
  LineChart,
  ParallelChart,
  ScatterChart,
  DataZoomInsideComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  ParallelComponent,
  TooltipComponent,
  VisualMapComponent,
  CanvasRenderer,
])

/** The colours of the theme, read from the page's variables. */
export interface ChartLook {
  readonly text: string
  readonly muted: string
  readonly line: string
  readonly panel: string
  readonly good: string
  readonly bad: string
  readonly series: readonly string[]
}
export type BuildOption = (look: ChartLook) => EChartsCoreOption

const seriesCount = 8

function readLook(element: Element): ChartLook {
  const style = getComputedStyle(element)
  const value = (name: string) => style.getPropertyValue(`--${name}`).trim()
  return {
    text: value('text'),
    muted: value('text-muted'),
    line: value('line'),
    panel: value('panel'),
    good: value('good'),
    bad: value('bad'),
    series: Array.from({ length: seriesCount }, (_, index) => value(`series-${index + 1}`)),
  }
}

/** What all charts have in common; a chart's own option goes over it. */
function themeOf(look: ChartLook): object {
  const axis = {
    axisLine: { show: true, lineStyle: { color: look.line } },
    axisTick: { lineStyle: { color: look.line } },
    axisLabel: { color: look.muted, fontSize: 11, hideOverlap: true },
    nameTextStyle: { color: look.muted, fontSize: 11 },
    splitLine: { lineStyle: { color: look.line } },
  }
  return {
    color: look.series,
    backgroundColor: 'transparent',
    textStyle: { color: look.text, fontFamily: 'inherit' },
    legend: { textStyle: { color: look.text, fontSize: 11 }, pageTextStyle: { color: look.muted } },
    tooltip: {
      backgroundColor: look.panel,
      borderColor: look.line,
      textStyle: { color: look.text, fontSize: 12 },
    },
    valueAxis: axis,
    categoryAxis: { ...axis, splitLine: { show: false } },
    timeAxis: axis,
    logAxis: axis,
    parallel: { parallelAxisDefault: axis },
    line: { symbolSize: 5, lineStyle: { width: 1.8 } },
  }
}

export default function ChartCanvas({ option }: { option: BuildOption }) {
  const scheme = useComputedColorScheme('light')
  const box = useRef<HTMLDivElement>(null)
  const drawn = useRef<ECharts>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read from the page, and change with the scheme
  useEffect(() => {
    const element = box.current
    if (element === null) return
    const chart = init(element, themeOf(readLook(element)), { renderer: 'canvas' })
    drawn.current = chart
    const observer = new ResizeObserver(() => chart.resize())
    observer.observe(element)
    return () => {
      observer.disconnect()
      chart.dispose()
    }
  }, [scheme])
  // A new option goes onto the chart that is there, so that a chart can follow numbers that come every second.
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  useEffect(() => {
    if (box.current === null) return
    drawn.current?.setOption({ animation: false, ...option(readLook(box.current)) }, { notMerge: true })
  }, [option, scheme])
  return <div ref={box} style={{ width: '100%', height: '100%' }} />
}
