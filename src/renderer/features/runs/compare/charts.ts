/** How the curves and the parallel coordinates of several runs are drawn. */

import type { ChartTable } from '../../../components/chart.tsx'
import type { BuildOption, ChartLook } from '../../../components/chart-canvas.tsx'
import type { CurveGroup, Parallel } from './comparison.ts'

type Name = (runId: string) => string
type Write = (value: number) => string

const dashes = ['solid', 'dashed', 'dotted'] as const

/** Where the colours are used up, the line is broken: so that some twenty runs can be told apart. */
function lineOf(look: ChartLook, index: number) {
  const { series } = look
  const color = series[index % series.length]
  return { color, type: dashes[Math.floor(index / series.length) % dashes.length], width: 1.8 }
}

export interface CurvesRequest {
  readonly group: CurveGroup
  /** All runs, so that each has the same colour in every chart. */
  readonly runIds: readonly string[]
  readonly name: Name
  readonly xName: string
  readonly write: Write
}

export function curvesOption({ group, runIds, name, xName, write }: CurvesRequest): BuildOption {
  return (look) => ({
    legend: { top: 0, type: 'scroll' },
    grid: { left: 56, right: 14, top: 34, bottom: 40 },
    tooltip: { trigger: 'axis', valueFormatter: (value: unknown) => (typeof value === 'number' ? write(value) : '–') },
    xAxis: { type: 'value', name: xName, nameLocation: 'middle', nameGap: 24, minInterval: 1 },
    yAxis: {
      type: 'value',
      name: group.name,
      nameLocation: 'middle',
      nameGap: 42,
      scale: true,
      axisLabel: { formatter: write },
    },
    series: group.series.map(({ runId, points }) => {
      const line = lineOf(look, runIds.indexOf(runId))
      return {
        type: 'line',
        name: name(runId),
        showSymbol: false,
        lineStyle: line,
        itemStyle: { color: line.color },
        data: points.map(({ x, y }) => [x, y]),
      }
    }),
  })
}

export function curvesTable({ group, name, xName, write }: CurvesRequest): ChartTable {
  const xs = [...new Set(group.series.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b)
  const values = group.series.map(({ points }) => new Map(points.map(({ x, y }) => [x, y])))
  return {
    columns: [xName, ...group.series.map(({ runId }) => name(runId))],
    rows: xs.map((x) => [String(x), ...values.map((each) => writeOr(each.get(x), write))]),
  }
}

export function parallelOption(
  { axes, rows }: Parallel,
  runIds: readonly string[],
  name: Name,
  write: Write,
): BuildOption {
  return (look) => ({
    legend: { top: 0, type: 'scroll' },
    parallel: {
      left: 60,
      right: 70,
      top: 66,
      bottom: 24,
      parallelAxisDefault: { nameGap: 16, nameTextStyle: { width: 110, overflow: 'truncate' } },
    },
    parallelAxis: axes.map((axis, dim) => ({
      dim,
      name: axis.name,
      nameLocation: 'end',
      nameRotate: 0,
      ...(axis.categories === undefined
        ? { type: 'value', scale: true, axisLabel: { formatter: write } }
        : { type: 'category', data: axis.categories, axisLabel: { width: 90, overflow: 'truncate' } }),
    })),
    tooltip: { trigger: 'item' },
    series: rows.map((row, index) => {
      const id = runIds[index] ?? ''
      return {
        type: 'parallel',
        name: name(id),
        lineStyle: { ...lineOf(look, index), opacity: 0.9 },
        data: [row.map((value) => value ?? '-')],
      }
    }),
  })
}

export function parallelTable(
  { axes, rows }: Parallel,
  runIds: readonly string[],
  name: Name,
  runTitle: string,
  write: Write,
): ChartTable {
  return {
    columns: [runTitle, ...axes.map((axis) => axis.name)],
    rows: rows.map((row, index) => [
      name(runIds[index] ?? ''),
      ...row.map((value) => (typeof value === 'number' ? write(value) : (value ?? '–'))),
    ]),
  }
}

function writeOr(value: number | undefined, write: Write): string {
  return value === undefined ? '–' : write(value)
}
