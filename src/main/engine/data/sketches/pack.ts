/** Whole numbers as a short text: variable-length bytes in base64. Pure. */

export function packNumbers(numbers: readonly number[]): string {
  const bytes: number[] = []
  for (const number of numbers) {
    // The sign goes into the lowest bit. Keys and counts pass 32 bits: no shifts.
    let rest = number < 0 ? -2 * number - 1 : 2 * number
    while (rest >= 128) {
      bytes.push((rest % 128) + 128)
      rest = Math.floor(rest / 128)
    }
    bytes.push(rest)
  }
  return Buffer.from(bytes).toString('base64')
}

export function unpackNumbers(text: string): number[] {
  const numbers: number[] = []
  let value = 0
  let factor = 1
  for (const byte of Buffer.from(text, 'base64')) {
    value += (byte % 128) * factor
    factor *= 128
    if (byte >= 128) continue
    numbers.push(value % 2 === 1 ? -(value + 1) / 2 : value / 2)
    value = 0
    factor = 1
  }
  return numbers
}

/** Of ascending numbers the steps alone are kept. */
export function packAscending(numbers: readonly number[]): string {
  return packNumbers(numbers.map((number, index) => number - (numbers[index - 1] ?? 0)))
}

export function unpackAscending(text: string): number[] {
  let sum = 0
  return unpackNumbers(text).map((step) => {
    sum += step
    return sum
  })
}
