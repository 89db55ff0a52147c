/** Spans of time as people write them in files: a number and a unit, e.g. `6h`. */
import { z } from 'zod'

const unitMs = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
} as const

const form = /^(\d{1,6}(?:\.\d{1,3})?)\s*([smhdw])$/

/** Milliseconds; undefined for a text that is not a duration. */
export function durationMs(text: string): number | undefined {
  const [, amount, unit] = form.exec(text.trim()) ?? []
  if (amount === undefined || !isUnit(unit)) return undefined
  return Math.round(Number(amount) * unitMs[unit])
}

/** The shortest text that means the same: `3600000` as `1h`. */
export function durationText(ms: number): string {
  const units = Object.entries(unitMs).toReversed()
  const [unit, size] = units.find(([, candidate]) => ms > 0 && ms % candidate === 0) ?? ['s', unitMs.s]
  return `${ms / size}${unit}`
}

/** A text such as `6h`: more than nothing. */
export const durationSchema = z
  .string()
  .refine((text) => (durationMs(text) ?? 0) > 0, 'must be a number with a unit: 90s, 30m, 6h, 3d or 2w')

function isUnit(unit: string | undefined): unit is keyof typeof unitMs {
  return unit !== undefined && Object.hasOwn(unitMs, unit)
}
