/** A latency in milliseconds, to what it is known; a dash where nothing was answered. */
export function latencyText(milliseconds: number | null, number: (value: number) => string): string {
  if (milliseconds === null) return '–'
  return `${number(Number(milliseconds.toPrecision(milliseconds < 1_000 ? 2 : 3)))} ms`
}
