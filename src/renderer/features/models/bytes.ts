const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

/** A size as people read it, in the language: `1.5 kB`. */
export function byteText(bytes: number, language: string): string {
  const power = bytes < 1_000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1_000 ** power
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: units[power] ?? 'byte',
    maximumFractionDigits: power > 0 && value < 100 ? 1 : 0,
  }).format(value)
}
