import type { ColumnStatistics } from '#shared/statistics.ts'
import { densities, drawnBins } from './distribution.ts'
import styles from './statistics.module.css'

const width = 132
const height = 34
/** As many as are told apart at this size. */
const shownBars = 24
const smallBins = 44

interface SmallDistributionProps {
  column: ColumnStatistics
  other?: ColumnStatistics | undefined
}

/** A histogram as small as a word. The figures stand beside it, so it is hidden from screen readers. */
export function SmallDistribution({ column, other }: SmallDistributionProps) {
  if (column.numeric !== undefined) {
    const samples = [column.numeric, other?.numeric].filter((numeric) => numeric !== undefined)
    const { edges, counts } = drawnBins(samples, column.type === 'integer', smallBins)
    return <Shapes edges={edges} heights={counts.map((each) => densities({ edges: [...edges], counts: [...each] }))} />
  }
  const top = column.categorical?.topValues ?? []
  if (top.length === 0) return null
  return <Bars shares={top.slice(0, shownBars).map(({ count }) => count / (top[0]?.count ?? 1))} />
}

/** Outlines over one axis, as densities, so that both can be compared. */
function Shapes({ edges, heights }: { edges: readonly number[]; heights: readonly (readonly number[])[] }) {
  const min = edges[0] ?? 0
  const span = (edges.at(-1) ?? 1) - min || 1
  const top = Math.max(...heights.flat(), Number.MIN_VALUE)
  return (
    <svg className={styles.small} width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {heights.map((values, series) => (
        <path
          // biome-ignore lint/suspicious/noArrayIndexKey: the first and the second have no other identity
          key={series}
          data-series={series}
          d={outline(edges, values, min, span, top)}
        />
      ))}
    </svg>
  )
}

/** A constant is drawn two units wide: a line would not be seen. */
const narrowest = 2

function outline(edges: readonly number[], values: readonly number[], min: number, span: number, top: number): string {
  const x = (value: number) => ((value - min) / span) * (width - narrowest)
  const y = (value: number) => height - (value / top) * (height - 2)
  const steps = values.map((value, bin) => {
    const from = x(edges[bin] ?? 0)
    const to = Math.max(x(edges[bin + 1] ?? 0), from + narrowest)
    return `L${from.toFixed(1)} ${y(value).toFixed(1)}L${to.toFixed(1)} ${y(value).toFixed(1)}`
  })
  const last = Math.max(x(edges.at(-1) ?? 0), x(edges[0] ?? 0) + narrowest)
  return `M${x(edges[0] ?? 0).toFixed(1)} ${height}${steps.join('')}L${last.toFixed(1)} ${height}Z`
}

/** Of the most frequent values, each as high as its share of the first. */
function Bars({ shares }: { shares: readonly number[] }) {
  const step = width / Math.max(shares.length, 6)
  return (
    <svg className={styles.small} width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {shares.map((share, index) => (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: bars are places in an order
          key={index}
          x={index * step}
          y={height - Math.max(share * (height - 2), 1)}
          width={Math.max(step - 1.5, 1)}
          height={Math.max(share * (height - 2), 1)}
        />
      ))}
    </svg>
  )
}
