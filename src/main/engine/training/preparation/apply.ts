import type { Column, ColumnBatch } from '../../tables/columns.ts'
import type { Encoded } from '../encoded.ts'
import { datePart } from './dates.ts'
import {
  firstVocabularyCode,
  missingCode,
  type Preparation,
  type PreparedFeature,
  type Scaling,
  unseenCode,
} from './preparation.ts'

/** Encodes rows. The batch holds the inputs and, if the preparation has any, the derived columns of its expressions. */
export type Encode = (batch: ColumnBatch) => Encoded

type NumericFeature = Exclude<PreparedFeature, { kind: 'categorical' }>
type CategoricalFeature = Extract<PreparedFeature, { kind: 'categorical' }>

/** Builds the look-ups once, for code that encodes many batches. */
export function compilePreparation(preparation: Preparation): Encode {
  const numeric = preparation.features.filter((feature) => feature.kind !== 'categorical')
  const categorical = preparation.features
    .filter((feature) => feature.kind === 'categorical')
    .map((feature) => ({
      feature,
      codes: new Map(feature.vocabulary.map((value, index) => [value, index + firstVocabularyCode])),
    }))
  const width = numeric.reduce((sum, feature) => sum + featureWidth(feature), 0)
  const cardinalities = categorical.map(({ feature }) => feature.vocabulary.length + firstVocabularyCode)

  return (batch) => {
    const values = new Float32Array(batch.length * width)
    let column = 0
    for (const feature of numeric) {
      encodeNumeric(feature, numbersOf(batch, feature), values, column, width)
      column += featureWidth(feature)
    }
    const codes = categorical.map(({ feature, codes: known }) => encodeCategorical(feature, known, batch))
    return { length: batch.length, numeric: values, width, codes, cardinalities }
  }
}

/** Encodes one batch. */
export function applyPreparation(preparation: Preparation, batch: ColumnBatch): Encoded {
  return compilePreparation(preparation)(batch)
}

function featureWidth(feature: NumericFeature): number {
  return feature.kind === 'cyclic' ? 2 * feature.harmonics : feature.missingIndicator ? 2 : 1
}

function columnOf(batch: ColumnBatch, name: string): Column {
  const column = batch.columns.get(name)
  if (column === undefined) throw new Error(`The batch has no column "${name}".`)
  return column
}

function numbersOf(batch: ColumnBatch, feature: PreparedFeature): Float64Array {
  const column = columnOf(batch, feature.column)
  if (column.kind !== 'numeric') throw new Error(`The column "${feature.column}" is not numeric.`)
  return column.values
}

function encodeNumeric(
  feature: NumericFeature,
  raw: Float64Array,
  values: Float32Array,
  column: number,
  width: number,
): void {
  for (let row = 0, at = column; row < raw.length; row++, at += width) {
    const original = raw[row] ?? Number.NaN
    const missing = !Number.isFinite(original)
    const value = missing || feature.part === undefined ? original : datePart(original, feature.part)
    if (feature.kind === 'numeric') {
      values[at] = scale(feature.scaling, missing ? feature.fill : value)
      if (feature.missingIndicator) values[at + 1] = missing ? 1 : 0
    } else if (!missing) {
      const angle = (2 * Math.PI * value) / feature.period
      for (let harmonic = 0; harmonic < feature.harmonics; harmonic++) {
        values[at + 2 * harmonic] = Math.sin((harmonic + 1) * angle)
        values[at + 2 * harmonic + 1] = Math.cos((harmonic + 1) * angle)
      }
    }
  }
}

/** A uniform variable on [0, 1] has this standard deviation. */
const uniformDeviation = 1 / Math.sqrt(12)

/** The scaled value; exported for the tests of the fit. */
export function scale(scaling: Scaling, value: number): number {
  if (scaling.method === 'quantile') return (shareBelow(scaling.knots, scaling.shares, value) - 0.5) / uniformDeviation
  let kept = value
  if (scaling.low !== null && kept < scaling.low) kept = scaling.low
  if (scaling.high !== null && kept > scaling.high) kept = scaling.high
  return (kept - scaling.center) / scaling.spread
}

function shareBelow(knots: readonly number[], shares: readonly number[], value: number): number {
  let low = 0
  let high = knots.length - 1
  if (value <= (knots[low] ?? 0)) return shares[low] ?? 0
  if (value >= (knots[high] ?? 0)) return shares[high] ?? 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((knots[middle] ?? 0) <= value) low = middle
    else high = middle
  }
  const from = knots[low] ?? 0
  const to = knots[high] ?? 0
  const share = shares[low] ?? 0
  return share + ((value - from) / (to - from)) * ((shares[high] ?? 1) - share)
}

function encodeCategorical(
  feature: CategoricalFeature,
  known: ReadonlyMap<string, number>,
  batch: ColumnBatch,
): Int32Array {
  const column = columnOf(batch, feature.column)
  const codes = new Int32Array(batch.length)
  for (let row = 0; row < codes.length; row++) {
    const text = categoryText(column, row, feature.part)
    codes[row] = text === null ? missingCode : (known.get(text) ?? unseenCode)
  }
  return codes
}

/** The text that names the category of a row; null where missing. */
export function categoryText(column: Column, row: number, part: PreparedFeature['part']): string | null {
  if (column.kind === 'text') return column.values[row] ?? null
  const value = column.values[row] ?? Number.NaN
  if (!Number.isFinite(value)) return null
  return String(part === undefined ? value : datePart(value, part))
}
