import type { Encoded } from '../encoded.ts'
import { type NetworkShape, tableOffsets, viewWeights } from './network.ts'

export interface UnseenCategories {
  /** Overwrites their table rows by the mean of the seen ones of the same feature, weighted by frequency. */
  fill(all: Float32Array): void
}

/**
 * Codes without a training row, such as "missing" where nothing was, learn nothing: an average row in their place makes
 * such a category neutral, where the random start would make it arbitrary.
 */
export function unseenCategories(shape: NetworkShape, training: Encoded): UnseenCategories {
  const offsets = tableOffsets(shape.cardinalities)
  const features = shape.cardinalities.map((cardinality, feature) => {
    const counts = new Float64Array(cardinality)
    for (const code of training.codes[feature] ?? []) counts[code] = (counts[code] ?? 0) + 1
    return { first: offsets[feature] ?? 0, counts }
  })
  return {
    fill(all) {
      const { wideTables, embeddings } = viewWeights(shape, all)
      for (const { first, counts } of features) {
        fillRows(wideTables, shape.outputs, first, counts, training.length)
        if (embeddings.length > 0) fillRows(embeddings, shape.embeddingWidth, first, counts, training.length)
      }
    },
  }
}

function fillRows(table: Float32Array, width: number, first: number, counts: Float64Array, total: number): void {
  if (!counts.includes(0)) return
  const mean = new Float64Array(width)
  counts.forEach((count, code) => {
    if (count === 0) return
    for (let j = 0; j < width; j++)
      mean[j] = (mean[j] ?? 0) + (count / total) * (table[(first + code) * width + j] ?? 0)
  })
  counts.forEach((count, code) => {
    if (count === 0) table.set(mean, (first + code) * width)
  })
}
