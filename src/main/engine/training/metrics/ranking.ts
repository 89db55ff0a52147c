/** Curves over thresholds, computed from rows sorted by score; rows of equal score always count together. */

export interface Point {
  readonly x: number
  readonly y: number
}

/** Counts of both classes among the rows of one score, highest score first. */
interface Tie {
  readonly positives: number
  readonly negatives: number
}

function tiesByFallingScore(scores: Float64Array, labels: ArrayLike<number>): Tie[] {
  const order = Uint32Array.from(scores, (_, index) => index).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0))
  const ties: { positives: number; negatives: number }[] = []
  let previous = Number.NaN
  for (const row of order) {
    const score = scores[row] ?? 0
    let tie = ties.at(-1)
    if (tie === undefined || score !== previous) {
      tie = { positives: 0, negatives: 0 }
      ties.push(tie)
    }
    if (labels[row] === 1) tie.positives += 1
    else tie.negatives += 1
    previous = score
  }
  return ties
}

/**
 * The area under the ROC curve: the probability that a positive row scores above a negative one, ties counting half
 * (Mann-Whitney U; Fawcett 2006). `labels` are 0 and 1. NaN if there is but one class.
 */
export function auc(scores: Float64Array, labels: ArrayLike<number>): number {
  let positives = 0
  let negatives = 0
  let area = 0
  for (const tie of tiesByFallingScore(scores, labels)) {
    area += tie.negatives * (positives + tie.positives / 2)
    positives += tie.positives
    negatives += tie.negatives
  }
  return area / (positives * negatives)
}

/** x false positive rate, y true positive rate, from (0, 0) to (1, 1); at most about `maxPoints`. */
export function rocCurve(scores: Float64Array, labels: ArrayLike<number>, maxPoints = 200): Point[] {
  const counts = cumulative(scores, labels)
  const last = counts.at(-1)
  if (last === undefined || last.positives === 0 || last.negatives === 0) return []
  const points = counts.map(({ positives, negatives }) => ({
    x: negatives / last.negatives,
    y: positives / last.positives,
  }))
  return thinned([{ x: 0, y: 0 }, ...points], maxPoints)
}

/** x recall, y precision, by falling threshold; at most about `maxPoints`. */
export function precisionRecallCurve(scores: Float64Array, labels: ArrayLike<number>, maxPoints = 200): Point[] {
  const counts = cumulative(scores, labels)
  const all = counts.at(-1)?.positives ?? 0
  if (all === 0) return []
  return thinned(
    counts.map(({ positives, negatives }) => ({ x: positives / all, y: positives / (positives + negatives) })),
    maxPoints,
  )
}

function cumulative(scores: Float64Array, labels: ArrayLike<number>): Tie[] {
  let positives = 0
  let negatives = 0
  return tiesByFallingScore(scores, labels).map((tie) => {
    positives += tie.positives
    negatives += tie.negatives
    return { positives, negatives }
  })
}

/** Keeps the first and last point, and others where the curve has moved by at least 1 / maxPoints in x or y. */
function thinned(points: readonly Point[], maxPoints: number): Point[] {
  const step = 2 / maxPoints
  const kept: Point[] = []
  points.forEach((point, index) => {
    const previous = kept.at(-1)
    const far = previous === undefined || Math.abs(point.x - previous.x) + Math.abs(point.y - previous.y) >= step
    if (far || index === points.length - 1) kept.push(point)
  })
  return kept
}
