import { useTranslation } from 'react-i18next'
import type { DriftHistory } from '#shared/drift.ts'
import { useDriftWords } from '../../../components/drift/use-drift-words.ts'
import { useFormat } from '../../../lib/format.ts'
import styles from './drift-tab.module.css'
import type { HistoryLine, HistoryPoint } from './history.ts'

interface HistoryChartProps {
  line: HistoryLine
  by: DriftHistory['by']
  selected: string | undefined
}

const width = 280
const height = 118
const plot = { left: 46, right: 8, top: 10, bottom: 22 }
const floor = height - plot.bottom

/** One column from stretch to stretch: a dot each, filled beyond the dashed limit. The stretch looked at is larger. */
export function HistoryChart({ line, by, selected }: HistoryChartProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const words = useDriftWords()
  const { feature, measure = '', limit, points } = line
  const last = points.at(-1)
  const [from, to] = [points[0]?.from ?? '', last?.from ?? '']
  const label =
    feature === undefined
      ? t('drift.weightedChart', { by: t(`drift.byInText.${by}`), from, to, limit: format.short(limit) })
      : t('drift.historyChart', {
          measure: words.measure(measure),
          feature,
          by: t(`drift.byInText.${by}`),
          from,
          to,
          limit: format.short(limit),
        })
  const drifted = points.filter((point) => point.drifted).length
  return (
    <figure className={styles.chart} data-drifted={drifted > 0 || undefined}>
      <figcaption className={styles.chartHead}>
        {feature === undefined ? <strong>{t('drift.weighted')}</strong> : <code className="mono">{feature}</code>}
        <span className="numeric">{words.figure(last?.value ?? null)}</span>
        <span className={styles.measure}>{feature === undefined ? t('drift.fromZero') : words.measure(measure)}</span>
      </figcaption>
      <svg className={styles.picture} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
        <Curve line={line} selected={selected} />
        <text x={plot.left} y={height - 6}>
          {from}
        </text>
        <text x={width - plot.right} y={height - 6} textAnchor="end">
          {to}
        </text>
      </svg>
    </figure>
  )
}

function Curve({ line: { points, limit }, selected }: Omit<HistoryChartProps, 'by'>) {
  const format = useFormat()
  const top = Math.max(limit * 1.15, ...points.map(({ value }) => value ?? 0)) || 1
  const y = (value: number) => floor - (value / top) * (floor - plot.top)
  const step = (width - plot.left - plot.right) / Math.max(points.length - 1, 1)
  const x = (index: number) => (points.length === 1 ? (plot.left + width - plot.right) / 2 : plot.left + index * step)
  return (
    <>
      <path className={styles.axis} d={`M${plot.left} ${plot.top}V${floor}H${width - plot.right}`} />
      <text x={plot.left - 5} y={y(limit) + 3} textAnchor="end">
        {format.short(limit)}
      </text>
      <text x={plot.left - 5} y={floor} textAnchor="end">
        {format.short(0)}
      </text>
      <path className={styles.limitLine} d={`M${plot.left} ${y(limit)}H${width - plot.right}`} />
      <path className={styles.curve} d={pathOf(points, x, y)} />
      {points.map(({ from, value, drifted }, index) =>
        value === null ? null : (
          <circle
            key={from}
            className={styles.dot}
            data-drifted={drifted || undefined}
            data-selected={from === selected || undefined}
            cx={x(index)}
            cy={y(value)}
            r={from === selected ? 4.5 : 2.6}
          >
            <title>{`${from}: ${format.metric(value)}`}</title>
          </circle>
        ),
      )}
    </>
  )
}

/** Broken where a stretch has no value. */
function pathOf(points: readonly HistoryPoint[], x: (index: number) => number, y: (value: number) => number): string {
  return points
    .map(({ value }, index) => {
      if (value === null) return ''
      const begins = index === 0 || points[index - 1]?.value === null
      return `${begins ? 'M' : 'L'}${x(index).toFixed(1)} ${y(value).toFixed(1)}`
    })
    .join('')
}
