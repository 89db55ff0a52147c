/** Cells for measures whose theory asks for some rows in each (Cochran's rule: five expected). Pure. */

interface Counts {
  readonly current: readonly number[]
  readonly reference: readonly number[]
}

const minExpected = 5

/** Without empty cells; those in which one sample is expected to have fewer than five rows are put together as the last. */
export function joinRare({ current, reference }: Counts): Counts {
  const [currentRows, referenceRows] = [sum(current), sum(reference)]
  const share = Math.min(currentRows, referenceRows) / (currentRows + referenceRows || 1)
  const kept: { current: number[]; reference: number[] } = { current: [], reference: [] }
  const rest = { current: 0, reference: 0 }
  for (const [index, count] of current.entries()) {
    const other = reference[index] ?? 0
    if ((count + other) * share >= minExpected) {
      kept.current.push(count)
      kept.reference.push(other)
    } else {
      rest.current += count
      rest.reference += other
    }
  }
  if (rest.current + rest.reference === 0) return kept
  return { current: [...kept.current, rest.current], reference: [...kept.reference, rest.reference] }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
