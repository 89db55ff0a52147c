/**
 * Isotonic regression: the rising step function that is nearest to weighted points in squares, by pooling neighbours that
 * fall (pool adjacent violators; Barlow et al. 1972), joined by straight lines between the steps.
 */
export interface WeightedPoint {
  readonly x: number
  readonly y: number
  readonly weight: number
}

interface Block {
  readonly from: number
  to: number
  y: number
  weight: number
}

/** @param points in ascending order of x; those without weight count for nothing. NaN for all x without any. */
export function isotonicRegression(points: Iterable<WeightedPoint>): (x: number) => number {
  const blocks: Block[] = []
  for (const { x, y, weight } of points) {
    if (weight <= 0) continue
    let block: Block = { from: x, to: x, y, weight }
    for (let last = blocks.at(-1); last !== undefined && last.y >= block.y; last = blocks.at(-1)) {
      blocks.pop()
      const both = last.weight + block.weight
      block = { from: last.from, to: block.to, y: (last.y * last.weight + block.y * block.weight) / both, weight: both }
    }
    blocks.push(block)
  }
  return (x) => valueAt(blocks, x)
}

function valueAt(blocks: readonly Block[], x: number): number {
  let [low, high] = [0, blocks.length - 1]
  // The last block that begins at or before x.
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((blocks[middle]?.from ?? 0) <= x) low = middle
    else high = middle - 1
  }
  const [block, next] = [blocks[low], blocks[low + 1]]
  if (block === undefined) return Number.NaN
  if (next === undefined || x <= block.to) return block.y
  return block.y + ((x - block.to) / (next.from - block.to)) * (next.y - block.y)
}
