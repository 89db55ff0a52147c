/**
 * Why a model says what it says about one row: Shapley values of its inputs, sampled (Štrumbelj and Kononenko 2014,
 * "Explaining prediction models and individual predictions with feature contributions"). An input's contribution is how
 * much the output changes when its value in a background row, one of the training rows, is replaced by that of the row,
 * averaged over background rows and over the orders in which the inputs are replaced.
 *
 * Each order is used once forwards and once backwards, which halves what is left to chance where inputs interact (Mitchell et al.
 * 2022, "Sampling permutations for Shapley value estimation").
 */
import type { Column, ColumnBatch } from '../tables/columns.ts'
import { createRandom, type Random } from './random.ts'

export interface ExplainRequest {
  /** Holds the rows to explain. */
  readonly rows: ColumnBatch
  /** Holds the same columns of some training rows; at least one row. */
  readonly background: ColumnBatch
  /** The output that is explained, one number per row of the batch; `row` is the row in question. */
  readonly predict: (batch: ColumnBatch, row: number) => Promise<Float64Array>
  /** Orders per row; twice as many paths. */
  readonly permutations: number
  readonly seed: number
  readonly signal?: AbortSignal
}

export interface Contribution {
  readonly input: string
  /** In the unit of the output. */
  readonly value: number
  /** The standard error that sampling leaves. */
  readonly error: number
}

export interface Explanation {
  /** What the model says of the background rows on average; with all contributions it adds up to `output`. */
  readonly base: number
  readonly output: number
  /** In the order of the columns. */
  readonly contributions: readonly Contribution[]
}

/** One explanation for each row. The same seed gives the same numbers. */
export async function explainRows(request: ExplainRequest): Promise<Explanation[]> {
  const explanations: Explanation[] = []
  for (let row = 0; row < request.rows.length; row++) {
    request.signal?.throwIfAborted()
    explanations.push(await explainRow(request, row))
  }
  return explanations
}

/** One way from a background row to the row in question, replacing one input after the other. */
interface Path {
  readonly backgroundRow: number
  /** The places of the inputs in the order of replacement. */
  readonly order: Uint32Array
}

async function explainRow(request: ExplainRequest, row: number): Promise<Explanation> {
  const { rows, background, predict, permutations, seed } = request
  const names = [...rows.columns.keys()]
  const paths = drawPaths(createRandom(seed, row), { inputs: names.length, permutations, rows: background.length })
  const outputs = await predict(walk(rows, row, background, paths), row)
  const length = names.length + 1
  const shares = names.map(() => new Float64Array(paths.length))
  let base = 0
  for (const [index, { order }] of paths.entries()) {
    const start = index * length
    base += outputs[start] ?? 0
    for (const [step, place] of order.entries()) {
      const share = shares[place]
      if (share !== undefined) share[index] = (outputs[start + step + 1] ?? 0) - (outputs[start + step] ?? 0)
    }
  }
  return {
    base: base / paths.length,
    output: outputs[names.length] ?? 0,
    contributions: names.map((input, place) => ({ input, ...meanOf(shares[place] ?? new Float64Array(0)) })),
  }
}

/** Pairs of an order and its reverse from one background row; background rows take turns, so that each counts the same. */
function drawPaths(random: Random, counts: { inputs: number; permutations: number; rows: number }): Path[] {
  const turns = random.permutation(counts.rows)
  return Array.from({ length: counts.permutations }, (_, index) => {
    const order = random.permutation(counts.inputs)
    const backgroundRow = turns[index % turns.length] ?? 0
    return [
      { backgroundRow, order },
      { backgroundRow, order: order.slice().reverse() },
    ]
  }).flat()
}

/** For each path the background row, then one input more of the row in question at each step: inputs + 1 rows a path. */
function walk(rows: ColumnBatch, row: number, background: ColumnBatch, paths: readonly Path[]): ColumnBatch {
  const names = [...rows.columns.keys()]
  const length = names.length + 1
  /** For each path, after how many steps each input is that of the row. */
  const replacedAfter = paths.map(({ order }) => {
    const steps = new Uint32Array(names.length)
    for (const [step, place] of order.entries()) steps[place] = step + 1
    return steps
  })
  const pick = <Value>(place: number, own: Value, other: (backgroundRow: number) => Value): Value[] =>
    paths.flatMap(({ backgroundRow }, index) => {
      const background = other(backgroundRow)
      const after = replacedAfter[index]?.[place] ?? 0
      return Array.from({ length }, (_, step) => (step >= after ? own : background))
    })
  const columns = names.map((name, place): [string, Column] => {
    const mine = rows.columns.get(name)
    const theirs = background.columns.get(name)
    if (mine?.kind === 'numeric' && theirs?.kind === 'numeric') {
      const values = pick(place, mine.values[row] ?? Number.NaN, (other) => theirs.values[other] ?? Number.NaN)
      return [name, { kind: 'numeric', values: Float64Array.from(values) }]
    }
    if (mine?.kind !== 'text' || theirs?.kind !== 'text') throw new Error(`The background rows lack "${name}".`)
    return [
      name,
      { kind: 'text', values: pick(place, mine.values[row] ?? null, (other) => theirs.values[other] ?? null) },
    ]
  })
  return { length: paths.length * length, columns: new Map(columns) }
}

/** The mean over pairs of paths and its standard error: the two paths of a pair depend on each other. */
function meanOf(shares: Float64Array): { value: number; error: number } {
  const pairs = Array.from({ length: shares.length / 2 }, (_, pair) => {
    return ((shares[2 * pair] ?? 0) + (shares[2 * pair + 1] ?? 0)) / 2
  })
  const value = pairs.reduce((sum, share) => sum + share, 0) / pairs.length
  const squares = pairs.reduce((sum, share) => sum + (share - value) ** 2, 0)
  return { value, error: pairs.length < 2 ? 0 : Math.sqrt(squares / (pairs.length - 1) / pairs.length) }
}
