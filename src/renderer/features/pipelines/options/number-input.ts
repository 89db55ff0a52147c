/** Numbers as people type them into a form. Pure. */
import type { NumberForm } from './form-model.ts'

export type NumberProblem = 'notANumber' | 'notAnInteger' | 'outOfLimits'
export type ParsedNumber = { readonly value: number } | { readonly problem: NumberProblem }

/** A decimal comma is understood. */
export function parseNumber(form: NumberForm, text: string): ParsedNumber {
  const value = Number(text.trim().replace(',', '.'))
  if (text.trim() === '' || !Number.isFinite(value)) return { problem: 'notANumber' }
  if (form.integer && !Number.isInteger(value)) return { problem: 'notAnInteger' }
  return isWithin(form, value) ? { value } : { problem: 'outOfLimits' }
}

function isWithin({ min, max, above, below }: NumberForm, value: number): boolean {
  return (
    value >= (min ?? Number.NEGATIVE_INFINITY) &&
    value <= (max ?? Number.POSITIVE_INFINITY) &&
    value > (above ?? Number.NEGATIVE_INFINITY) &&
    value < (below ?? Number.POSITIVE_INFINITY)
  )
}

/** The limits in mathematical signs, such as `1 ≤ x ≤ 64`; empty where there are none. */
export function limitsText({ min, max, above, below }: NumberForm): string {
  const least = min !== undefined ? `${min} ≤ ` : above !== undefined ? `${above} < ` : ''
  const most = max !== undefined ? ` ≤ ${max}` : below !== undefined ? ` < ${below}` : ''
  return least === '' && most === '' ? '' : `${least}x${most}`
}
