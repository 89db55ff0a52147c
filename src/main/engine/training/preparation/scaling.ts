import type { NumericOptions } from './options.ts'
import type { Scaling } from './preparation.ts'

/** Fits a scaling on sorted finite values. */
export function fitScaling(
  sorted: Float64Array,
  method: NumericOptions['scale'],
  clip: NumericOptions['clip'],
): Scaling {
  const chosen = method === 'auto' ? (hasLongTails(sorted) ? 'quantile' : 'standard') : method
  const min = sorted[0] ?? 0
  const max = sorted.at(-1) ?? 0
  if (chosen === 'quantile' && max > min) return fitQuantiles(sorted)
  const [low, high] = Array.isArray(clip) ? clip : clip ? widened(min, max) : [null, null]
  if (chosen === 'none') return { method: 'linear', center: 0, spread: 1, low, high }
  if (chosen === 'min-max') return { method: 'linear', center: min, spread: max - min || 1, low, high }
  const { center, spread } = momentsOf(sorted)
  return { method: 'linear', center, spread: spread || 1, low, high }
}

function widened(min: number, max: number): [number, number] {
  const margin = (max - min) / 4
  return [min - margin, max + margin]
}

function momentsOf(values: Float64Array): { center: number; spread: number } {
  if (values.length === 0) return { center: 0, spread: 1 }
  const center = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - center) ** 2, 0) / values.length
  // A constant column has no spread but rounding.
  const spread = Math.sqrt(variance)
  return { center, spread: spread > Math.abs(center) * 1e-12 ? spread : 0 }
}

/** How far the extremes may lie, in deviations, before a few values would dominate a linear scale. */
const longTailDeviations = 5

function hasLongTails(sorted: Float64Array): boolean {
  const { center, spread } = momentsOf(sorted)
  if (spread === 0) return false
  const reach = Math.max((sorted.at(-1) ?? 0) - center, center - (sorted[0] ?? 0)) / spread
  return reach > longTailDeviations
}

const knotCount = 65

/** Knots at evenly spaced shares; equal knots are merged into one at their middle share, so that the map stays a function. */
function fitQuantiles(sorted: Float64Array): Scaling {
  const groups = new Map<number, { first: number; last: number }>()
  for (let index = 0; index < knotCount; index++) {
    const share = index / (knotCount - 1)
    const knot = quantile(sorted, share)
    const group = groups.get(knot)
    if (group === undefined) groups.set(knot, { first: share, last: share })
    else group.last = share
  }
  const knots = [...groups.keys()]
  return { method: 'quantile', knots, shares: [...groups.values()].map(({ first, last }) => (first + last) / 2) }
}

/** The value below which the share of sorted values lies, interpolated linearly (Hyndman and Fan's type 7); 0 for none. */
export function quantile(sorted: Float64Array, share: number): number {
  if (sorted.length === 0) return 0
  const position = share * (sorted.length - 1)
  const below = Math.floor(position)
  const low = sorted[below] ?? 0
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? low
  return low + (position - below) * (high - low)
}
