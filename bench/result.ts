/** What a benchmark says, one for each bar. */
export interface BenchResult {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** What it is measured against, in words. */
  readonly reference: string
  /** The value divided by that of the reference, measured in the same run; null where the bar is an absolute one. */
  readonly ratio: number | null
  readonly bar: string
  readonly holds: boolean
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** The last thing a benchmark file does: its results as one JSON document on stdout, for bench/index.ts. */
export function report(results: readonly BenchResult[]): void {
  process.stdout.write(`${JSON.stringify(results)}\n`)
}
