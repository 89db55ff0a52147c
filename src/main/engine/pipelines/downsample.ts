interface Point {
  readonly x: number
  readonly y: number
}

/**
 * Thins a curve to at most `limit` (at least 3) of its own points, keeping its first and last one and its shape:
 * Largest-Triangle-Three-Buckets. The inner points are divided into equal buckets; of each, the point stays that spans
 * the largest triangle with the one kept before it and the mean of the bucket after it.
 * Source: S. Steinarsson, Downsampling Time Series for Visual Representation (University of Iceland, 2013), section 4.2.
 */
export function thinCurve<Each extends Point>(points: readonly Each[], limit: number): Each[] {
  if (points.length <= limit) return [...points]
  const [first, last] = [points[0], points.at(-1)]
  if (first === undefined || last === undefined) return []
  const kept = [first]
  const edge = (bucket: number) => 1 + Math.floor((bucket * (points.length - 2)) / (limit - 2))
  let previous = first
  for (let bucket = 0; bucket < limit - 2; bucket++) {
    const here = points.slice(edge(bucket), edge(bucket + 1))
    const after = bucket === limit - 3 ? [last] : points.slice(edge(bucket + 1), edge(bucket + 2))
    previous = widest(previous, here, meanOf(after))
    kept.push(previous)
  }
  return [...kept, last]
}

function widest<Each extends Point>(a: Each, candidates: readonly Each[], c: Point): Each {
  let best = a
  let bestArea = -1
  for (const b of candidates) {
    const area = Math.abs((a.x - c.x) * (b.y - a.y) - (a.x - b.x) * (c.y - a.y))
    if (area > bestArea) [best, bestArea] = [b, area]
  }
  return best
}

function meanOf(points: readonly Point[]): Point {
  const sum = points.reduce((total, { x, y }) => ({ x: total.x + x, y: total.y + y }), { x: 0, y: 0 })
  return { x: sum.x / points.length, y: sum.y / points.length }
}
