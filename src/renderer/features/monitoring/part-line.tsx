import styles from './monitoring.module.css'

interface PartLineProps {
  label: string
  /** Oldest first; null where nothing was concluded. */
  values: readonly (number | null)[]
  /** Of the axis, which begins at zero. */
  top: number
}

const width = 220
const height = 44
const pad = 3

/** The way of one part over all readings, on the axis that all parts share. */
export function PartLine({ label, values, top }: PartLineProps) {
  const x = (index: number) => pad + (index / Math.max(1, values.length - 1)) * (width - 2 * pad)
  const y = (value: number) => height - pad - (top > 0 ? value / top : 0) * (height - 2 * pad)
  const points = values.flatMap((value, index) => (value === null ? [] : [{ x: x(index), y: y(value) }]))
  const last = points.at(-1)
  return (
    <svg className={styles.partLine} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      <path d={`M0 ${height - 0.5}H${width}`} />
      <polyline points={points.map((point) => `${point.x},${point.y}`).join(' ')} />
      {last !== undefined && <circle cx={last.x} cy={last.y} r={2.4} />}
    </svg>
  )
}
