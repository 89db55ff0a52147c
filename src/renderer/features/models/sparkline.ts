/** Points of a small line of the given size, from left to right; values that are all alike run through the middle. */
export function sparkPoints(values: readonly number[], width: number, height: number): { x: number; y: number }[] {
  const min = Math.min(...values)
  const max = Math.max(...values)
  const rounded = (value: number) => Math.round(value * 10) / 10
  return values.map((value, index) => ({
    x: rounded(values.length === 1 ? width : (index / (values.length - 1)) * width),
    y: rounded(max === min ? height / 2 : height - ((value - min) / (max - min)) * height),
  }))
}
