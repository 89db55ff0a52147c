/** The large chart of one column, alone or with another sample over it, and the table behind it. Pure. */
import type { ColumnStatistics, ColumnType } from '#shared/statistics.ts'
import type { ChartTable } from '../chart.tsx'
import type { BuildOption } from '../chart-canvas.tsx'
import type { DataFormat } from './data-format.ts'
import { type Categories, categories, densities, drawnBins } from './distribution.ts'

export interface Sample {
  readonly name: string
  readonly rows: number
  readonly column: ColumnStatistics
}

export interface ChartWords {
  readonly value: string
  readonly from: string
  readonly to: string
  readonly rows: string
  readonly share: string
  readonly density: string
  /** Of instants. */
  readonly densityPerDay: string
  readonly others: string
}

export interface DistributionChart {
  readonly option: BuildOption
  readonly table: ChartTable
  readonly heightPx: number
  /** The share of what is not drawn, e.g. `12%`, for each sample. */
  readonly rest?: string | undefined
}

/** Values and categories that fit one below the other. */
const shownCategories = 20
const shownValues = 40
const barPx = 20
const dayMs = 86_400_000

/** Undefined where nothing can be drawn: a column without values, or of a type that has no distribution. */
export function distributionChart(
  samples: readonly Sample[],
  words: ChartWords,
  format: DataFormat,
): DistributionChart | undefined {
  const [first, second] = samples
  if (first === undefined) return undefined
  if (first.column.categorical !== undefined) {
    const other = second?.column.categorical === undefined ? undefined : second
    return categoryChart(categories(first.column, first.rows, shownCategories, other), samples, words, format)
  }
  if (first.column.numeric === undefined) return undefined
  const numeric = samples.filter(({ column }) => column.numeric !== undefined)
  const few = numeric.every(({ column }) => (column.numeric?.values?.length ?? Number.POSITIVE_INFINITY) <= shownValues)
  return few && first.column.type !== 'timestamp'
    ? valueChart(numeric, words, format)
    : histogramChart(numeric, words, format)
}

/** Alone, the height of a bin is its number of rows; over another sample it is the density. */
function histogramChart(samples: readonly Sample[], words: ChartWords, format: DataFormat): DistributionChart {
  const alone = samples.length === 1
  const type = samples[0]?.column.type ?? 'number'
  const unit = type === 'timestamp' ? dayMs : 1
  const density = type === 'timestamp' ? words.densityPerDay : words.density
  const statistics = samples.flatMap(({ column }) => column.numeric ?? [])
  const { edges, counts } = drawnBins(statistics, type === 'integer')
  const shapes = samples.map(({ name }, index) => {
    const own = counts[index] ?? []
    const perUnit = densities({ edges: [...edges], counts: [...own] })
    return { name, heights: alone ? own : perUnit.map((density) => density * unit) }
  })
  const yName = alone ? words.rows : density
  return {
    heightPx: 250,
    option: () => ({
      useUTC: true,
      grid: { left: 8, right: 20, top: alone ? 28 : 44, bottom: 26, containLabel: true },
      ...(!alone && { legend: { top: 0, left: 0, icon: 'roundRect', itemWidth: 12, itemHeight: 8 } }),
      tooltip: {
        trigger: 'axis',
        axisPointer: { label: { show: false } },
        valueFormatter: (value: unknown) => (typeof value === 'number' ? format.figure(value, 'number') : ''),
      },
      xAxis: { ...axisOf(type, format), min: 'dataMin', max: 'dataMax' },
      yAxis: {
        type: 'value',
        axisLine: { onZero: false },
        name: yName,
        nameTextStyle: { align: 'left' },
        axisLabel: figures(format, 'number'),
      },
      series: shapes.map(({ name, heights }) => ({
        type: 'line',
        name,
        step: 'end',
        showSymbol: false,
        areaStyle: { opacity: alone ? 0.35 : 0.18 },
        data: edges.map((edge, bin) => [edge, heights[Math.min(bin, heights.length - 1)] ?? 0]),
      })),
    }),
    table: {
      columns: [words.from, words.to, ...shapes.map(({ name }) => (alone ? words.rows : `${density} (${name})`))],
      rows: Array.from({ length: edges.length - 1 }, (_, bin) => [
        format.figure(edges[bin] ?? 0, type),
        format.figure(edges[bin + 1] ?? 0, type),
        ...shapes.map(({ heights }) => format.figure(heights[bin] ?? 0, 'number')),
      ]),
    },
  }
}

const figures = (format: DataFormat, type: ColumnType) => ({ formatter: (value: number) => format.figure(value, type) })

/** Instants have an axis of their own, which puts its ticks at days and months. */
function axisOf(type: ColumnType, format: DataFormat): object {
  if (type === 'timestamp') return { type: 'time', axisLabel: figures(format, type) }
  // The ends of the data lie between round numbers, and stand in the table.
  const ends = { showMinLabel: false, showMaxLabel: false }
  return { type: 'value', scale: true, axisLabel: { ...figures(format, type), ...ends } }
}

/** A number with few different values: one bar for each. */
function valueChart(samples: readonly Sample[], words: ChartWords, format: DataFormat): DistributionChart {
  const counts = samples.map(
    ({ column }) => new Map(column.numeric?.values?.map((each) => [each.value, each.count]) ?? []),
  )
  const places = [...new Set(counts.flatMap((map) => [...map.keys()]))].sort((a, b) => a - b)
  const type = samples[0]?.column.type ?? 'number'
  const names = places.map((place) => format.figure(place, type))
  const sharesOf = (map: Map<number, number>) => {
    const total = [...map.values()].reduce((sum, count) => sum + count, 0)
    return places.map((place) => (total === 0 ? 0 : (map.get(place) ?? 0) / total))
  }
  const series = samples.map(({ name }, index) => ({ name, shares: sharesOf(counts[index] ?? new Map()) }))
  return {
    heightPx: 250,
    option: () => ({
      grid: { left: 8, right: 20, top: samples.length === 1 ? 28 : 44, bottom: 8, containLabel: true },
      ...(samples.length > 1 && { legend: { top: 0, left: 0, icon: 'roundRect', itemWidth: 12, itemHeight: 8 } }),
      tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, valueFormatter: shareText(format) },
      xAxis: { type: 'category', data: names },
      yAxis: {
        type: 'value',
        name: words.share,
        nameTextStyle: { align: 'left' },
        axisLabel: { formatter: shareText(format) },
      },
      series: series.map(({ name, shares }) => ({ type: 'bar', name, data: shares, barMaxWidth: 26 })),
    }),
    table: {
      columns: [
        words.value,
        ...samples.flatMap(({ name }) => withName([words.rows, words.share], name, samples.length)),
      ],
      rows: places.map((place, row) => [
        names[row] ?? '',
        ...series.flatMap(({ shares }, index) => [
          format.figure(counts[index]?.get(place) ?? 0, 'integer'),
          format.share(shares[row] ?? 0),
        ]),
      ]),
    },
  }
}

const withName = (labels: readonly string[], name: string, samples: number) =>
  samples === 1 ? labels : labels.map((label) => `${label} (${name})`)

const shareText = (format: DataFormat) => (value: unknown) => (typeof value === 'number' ? format.share(value) : '')

/** Smaller is what rounding leaves of nothing. */
const leastRest = 1e-9

interface CategorySeries {
  readonly name: string
  readonly counts: readonly (number | undefined)[]
  readonly shares: readonly number[]
  /** The share of all values that are not shown. */
  readonly left: number
}

/** The most frequent values below each other, longest first. What they leave over is said, because it would dwarf them. */
function categoryChart(
  { shown, rest, otherRest }: Categories,
  samples: readonly Sample[],
  words: ChartWords,
  format: DataFormat,
): DistributionChart | undefined {
  if (shown.length === 0) return undefined
  const [first, second] = samples
  const names = shown.map(({ value }) => value)
  const series: CategorySeries[] = [
    {
      name: first?.name ?? '',
      counts: shown.map(({ count }) => count),
      shares: shown.map(({ share }) => share),
      left: rest,
    },
  ]
  if (second !== undefined && otherRest !== undefined) {
    const counts = shown.map(({ otherCount }) => otherCount)
    const shares = shown.map(({ otherShare }) => otherShare ?? 0)
    series.push({ name: second.name, counts, shares, left: otherRest })
  }
  const both = series.length > 1
  const more = series.some(({ left }) => left > leastRest)
  const restRow = [words.others, ...series.flatMap(({ left }) => ['', format.share(left)])]
  return {
    heightPx: names.length * barPx * (both ? 1.5 : 1) + 60,
    rest: more ? series.map(({ left }) => format.share(left)).join(' / ') : undefined,
    option: () => ({
      grid: { left: 8, right: 24, top: both ? 30 : 6, bottom: 26, containLabel: true },
      ...(both && { legend: { top: 0, left: 0, icon: 'roundRect', itemWidth: 12, itemHeight: 8 } }),
      tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, valueFormatter: shareText(format) },
      xAxis: {
        type: 'value',
        name: words.share,
        nameLocation: 'middle',
        nameGap: 24,
        axisLabel: { formatter: shareText(format) },
      },
      yAxis: { type: 'category', inverse: true, data: names, axisLabel: { width: 130, overflow: 'truncate' } },
      series: series.map(({ name, shares }) => ({ type: 'bar', name, data: shares, barMaxWidth: 14 })),
    }),
    table: {
      columns: [words.value, ...series.flatMap(({ name }) => withName([words.rows, words.share], name, series.length))],
      rows: [
        ...names.map((name, row) => [
          name,
          ...series.flatMap(({ counts, shares }) => [figureOr(counts[row], format), format.share(shares[row] ?? 0)]),
        ]),
        ...(more ? [restRow] : []),
      ],
    },
  }
}

const figureOr = (count: number | undefined, format: DataFormat) =>
  count === undefined ? '' : format.figure(count, 'integer')
