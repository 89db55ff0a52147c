import type { Metrics } from '#shared/models.ts'
import { useFormat } from '../lib/format.ts'
import styles from './metric-list.module.css'

interface MetricListProps {
  metrics: Metrics
  /** Only the first so many. */
  limit?: number
}

/** Named numbers in one line. */
export function MetricList({ metrics, limit }: MetricListProps) {
  const format = useFormat()
  const entries = Object.entries(metrics).slice(0, limit)
  if (entries.length === 0) return <span className="muted">–</span>
  return (
    <dl className={styles.list}>
      {entries.map(([name, value]) => (
        <div key={name} className={styles.item}>
          <dt>{name}</dt>
          <dd>{format.metric(value)}</dd>
        </div>
      ))}
    </dl>
  )
}

/** Named numbers, each in a tile. */
export function MetricTiles({ metrics }: { metrics: Metrics }) {
  const format = useFormat()
  return (
    <dl className={styles.tiles}>
      {Object.entries(metrics).map(([name, value]) => (
        <div key={name} className={styles.tile}>
          <dt>{name}</dt>
          <dd>{format.metric(value)}</dd>
        </div>
      ))}
    </dl>
  )
}
