import { useTranslation } from 'react-i18next'
import { useFormat } from '../lib/format.ts'
import styles from './line-chart.module.css'

interface Point {
  readonly x: number
  readonly y: number
}
interface LineChartProps {
  title: string
  /** Says in words what the chart shows. */
  label: string
  points: readonly Point[]
  xLabel: string
  yLabel: string
}

const width = 280
const height = 130
const plot = { left: 44, right: 8, top: 8, bottom: 20 }

/** A small curve with the ends of its axes written out, and its numbers in a table behind it. */
export function LineChart({ title, label, points, xLabel, yLabel }: LineChartProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const xs = points.map((point) => point.x)
  const ys = points.map((point) => point.y)
  const [xMin, xMax, yMin, yMax] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  const x = scale(xMin, xMax, plot.left, width - plot.right)
  const y = scale(yMin, yMax, height - plot.bottom, plot.top)
  const last = points.at(-1)
  return (
    <figure className={styles.chart}>
      <figcaption className={styles.head}>
        <span className={styles.name}>{title}</span>
        {last !== undefined && <span className="numeric">{format.metric(last.y)}</span>}
      </figcaption>
      <svg className={styles.picture} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
        <path className={styles.axis} d={`M${plot.left} ${plot.top}V${height - plot.bottom}H${width - plot.right}`} />
        <text x={plot.left - 5} y={plot.top + 6} textAnchor="end">
          {format.metric(yMax)}
        </text>
        <text x={plot.left - 5} y={height - plot.bottom} textAnchor="end">
          {format.metric(yMin)}
        </text>
        <text x={plot.left} y={height - 6}>
          {format.integer(xMin)}
        </text>
        <text x={width - plot.right} y={height - 6} textAnchor="end">
          {format.integer(xMax)}
        </text>
        <polyline className={styles.line} points={points.map((point) => `${x(point.x)},${y(point.y)}`).join(' ')} />
        {last !== undefined && <circle className={styles.last} cx={x(last.x)} cy={y(last.y)} r={2.6} />}
      </svg>
      <details className={styles.numbers}>
        <summary>{t('run.values')}</summary>
        <div className={styles.table}>
          <table aria-label={label}>
            <thead>
              <tr>
                <th scope="col">{xLabel}</th>
                <th scope="col">{yLabel}</th>
              </tr>
            </thead>
            <tbody>
              {points.map((point) => (
                <tr key={point.x}>
                  <td>{format.integer(point.x)}</td>
                  <td>{format.metric(point.y)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  )
}

/** Maps [from, to] onto [start, end]; a range of one value lies in the middle. */
function scale(from: number, to: number, start: number, end: number): (value: number) => number {
  if (from === to) return () => (start + end) / 2
  return (value) => Math.round((start + ((value - from) / (to - from)) * (end - start)) * 10) / 10
}
