import { sparkPoints } from './sparkline.ts'

const width = 64
const height = 14

/** The way of a number in one small line; the numbers themselves stand elsewhere. */
export function Sparkline({ label, values }: { label: string; values: readonly number[] }) {
  const points = sparkPoints(values, width, height)
  const last = points.at(-1)
  return (
    <svg width={width} height={height} role="img" aria-label={label}>
      <polyline points={points.map(({ x, y }) => `${x},${y}`).join(' ')} />
      {last !== undefined && <circle cx={last.x} cy={last.y} r={2} />}
    </svg>
  )
}
